"""numpy functions that reduce over axes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ..arrays import Array, reduced
from ..largest import largest
from .operand import real


def _sum(x: Any, axis: Any = None, *, keepdims: bool = False) -> Array:
    return real(x).sum(axis, keepdims=keepdims)


def _max(x: Any, axis: Any = None, *, keepdims: bool = False) -> Array:
    return reduced(real(x), axis, "keep" if keepdims else "drop", largest)


def _min(x: Any, axis: Any = None, *, keepdims: bool = False) -> Array:
    return -_max(-real(x), axis, keepdims=keepdims)


WORDS: Mapping[str, Any] = MappingProxyType({"max": _max, "min": _min, "sum": _sum})
"""Each function under numpy's name for it."""
