"""numpy functions that read entries by index."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ..arrays import Array
from ..axes import axis_of
from ..formula import polys, whole
from ..rows import Counting, Integers
from .operand import real


def _taken(x: Any, indices: Any, *, axis: Any) -> Array:
    """Along one axis: what stands at an integer or at naturals, each known to be in range."""
    array = real(x)
    place = axis_of(axis, array.ndim)
    if isinstance(indices, Integers):
        return indices.taken(array, place)
    return array[(*[slice(None)] * place, whole(array.case, *polys([indices])), ...)]


WORDS: Mapping[str, Any] = MappingProxyType({"arange": Counting, "take": _taken})
"""Each function under numpy's name for it."""
