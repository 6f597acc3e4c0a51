"""numpy functions that make arrays, or lay the entries of one out anew."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ..arrays import Array, aligned, sides_of
from ..known import Known, Word
from ..polynomial import integer, refuse
from ..rows import INTP, add_at
from ..zeros import Zeros
from .operand import real


def _broadcast_to(x: Any, shape: Any) -> Array:
    array = real(x)
    sides = sides_of(array.case, shape)
    new = len(sides) - array.ndim
    if new < 0 or not all(
        own == integer(1) or array.case.same(own, side) for own, side in zip(array.sides, sides[new:], strict=True)
    ):
        refuse("broadcast_to a shape that is not known to fit")
    return Array(array.case, sides, lambda index: aligned(array, index))


def _reshape(x: Any, shape: Any) -> Array:
    return real(x).reshape(shape)


def _ravel(x: Any) -> Array:
    array = real(x)
    return array.reshape((array.size,))


def _zeros_like(x: Any, *, shape: Any = None) -> Array:
    array = real(x)
    return Zeros(array.case, sides_of(array.case, array.shape if shape is None else shape))


def _ones_like(x: Any, *, shape: Any = None) -> Array:
    return _zeros_like(x, shape=shape) + 1


WORDS: Mapping[str, Any] = MappingProxyType(
    {
        "add": Known({"at": Word(add_at)}), "broadcast_to": _broadcast_to, "intp": INTP,
        "ones_like": _ones_like, "ravel": _ravel, "reshape": _reshape, "zeros_like": _zeros_like,
    }
)  # fmt: skip
"""Each function under numpy's name for it."""
