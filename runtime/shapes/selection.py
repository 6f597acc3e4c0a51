"""Ops that read, add to or replace entries along any one axis."""

from __future__ import annotations

from ...ir.graph import Shape
from ..primitive import ShapeMismatch
from .pointwise import along_axis


def without(x: Shape, axis: int, index: int) -> Shape:
    """The operand's shape without an axis, for an index that is on it.

    Raises: ShapeMismatch.
    """
    along_axis(x, axis)
    _check_within((index,), x[axis])
    return x[:axis] + x[axis + 1 :]


def selected(x: Shape, axis: int, indices: tuple[int, ...]) -> Shape:
    """The operand's shape with as many entries along an axis as there are indices, each of which is on it.

    Raises: ShapeMismatch.
    """
    along_axis(x, axis)
    _check_within(indices, x[axis])
    return (*x[:axis], len(indices), *x[axis + 1 :])


def embedded(table: Shape, indices: tuple[int, ...]) -> Shape:
    """(v,d) -> (k,d) for k indices below v.

    Raises: ShapeMismatch.
    """
    if len(table) != 2:
        raise ShapeMismatch(f"embedding of {table}: (v,d) is needed")
    return selected(table, 0, indices)


def added(x: Shape, v: Shape, axis: int, indices: tuple[int, ...]) -> Shape:
    """The first operand's shape; the second has that of what the indices select of it.

    Raises: ShapeMismatch.
    """
    if v != selected(x, axis, indices):
        raise ShapeMismatch(f"{v} at indices {indices} of axis {axis} of {x}: {selected(x, axis, indices)} is needed")
    return x


def assigned(x: Shape, v: Shape, axis: int, start: int) -> Shape:
    """The first operand's shape; the second fits into it from `start` on along an axis.

    Raises: ShapeMismatch.
    """
    along_axis(x, axis)
    others = [(v[:axis], x[:axis]), (v[axis + 1 :], x[axis + 1 :])]
    if len(v) != len(x) or any(a != b for a, b in others) or not 0 <= start <= x[axis] - v[axis]:
        raise ShapeMismatch(f"{v} from {start} on along axis {axis} of {x} does not lie inside")
    return x


def _check_within(indices: tuple[int, ...], side: int) -> None:
    if any(index not in range(side) for index in indices):
        raise ShapeMismatch(f"indices {indices} of an axis of {side}: each must be 0 or more and smaller than that")
