"""numpy functions that give, take or exchange axes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ..arrays import Array, transposed
from ..axes import axes_of, axis_of
from ..floors import Floored
from ..polynomial import integer, refuse, zero
from ..rows import Integers
from .operand import real


def expand_dims(x: Any, axis: Any) -> Array:
    """The array with new axes of side 1 at these places."""
    array = real(x)
    rank = array.ndim + (len(axis) if isinstance(axis, tuple | list) else 1)
    new = axes_of(tuple(axis) if isinstance(axis, list) else axis, rank)
    old = [k for k in range(rank) if k not in new]
    own = dict(zip(old, array.sides, strict=True))
    sides = tuple(own.get(k, integer(1)) for k in range(rank))
    return Array(array.case, sides, lambda index: array.entry(tuple(index[k] for k in old)))


def _squeezed(x: Any, axis: Any = None) -> Array:
    """The array without these axes, or without all axes, of side 1."""
    array = real(x)
    asked = range(array.ndim) if axis is None else axes_of(axis, array.ndim)
    gone = [k for k in asked if array.case.decide(zero(array.sides[k] - integer(1)))]
    if axis is not None and gone != asked:
        refuse("a squeeze of an axis whose side is not 1")
    kept = [k for k in range(array.ndim) if k not in gone]

    def entry(index: Any) -> Any:
        places = dict(zip(kept, index, strict=True))
        return array.entry(tuple(places.get(k, integer(0)) for k in range(array.ndim)))

    return Array(array.case, tuple(array.sides[k] for k in kept), entry)


def _transposed(x: Any, axes: Any = None) -> Array:
    array = real(x)
    order = range(array.ndim)[::-1] if axes is None else [*axes]
    if not all(type(k) is int and -array.ndim <= k < array.ndim for k in order):
        refuse(f"a transposition by {axes!r}")
    return transposed(array, [k % array.ndim for k in order])


def _swapped(x: Any, axis1: Any, axis2: Any) -> Array | Floored:
    array = x if isinstance(x, Floored) else real(x)
    one, other = axis_of(axis1, array.ndim), axis_of(axis2, array.ndim)
    order = list(range(array.ndim))
    order[one], order[other] = other, one
    if isinstance(array, Floored):  # a swap is its own inverse, so places are found by the order of the sides
        return array.part(tuple(array.sides[k] for k in order), lambda index: tuple(index[k] for k in order))
    return transposed(array, order)


def _moved(x: Any, source: Any, destination: Any) -> Array:
    array = real(x)
    pairs = [[*axis] if isinstance(axis, tuple | list) else [axis] for axis in (source, destination)]
    origins, targets = ([axis_of(axis, array.ndim) for axis in axes] for axes in pairs)
    if len(origins) != len(targets) or len(set(origins)) != len(origins) or len(set(targets)) != len(targets):
        refuse(f"a move of axes {source!r} to {destination!r}")
    order = [k for k in range(array.ndim) if k not in origins]
    for target, origin in sorted(zip(targets, origins, strict=True)):
        order.insert(target, origin)
    return transposed(array, order)


WORDS: Mapping[str, Any] = MappingProxyType(
    {
        "expand_dims": lambda x, axis: x.with_axis(axis) if isinstance(x, Integers) else expand_dims(x, axis),
        "moveaxis": _moved, "squeeze": _squeezed, "swapaxes": _swapped,
        "transpose": _transposed,
    }
)  # fmt: skip
"""Each function under numpy's name for it."""
