"""Ops that take a range of an axis, or put zeros around an array."""

from __future__ import annotations

from ...ir.graph import Shape
from ..primitive import ShapeMismatch


def part(x: Shape, axis: int, start: int, length: int, step: int = 1) -> Shape:
    """The operand's shape with a range of an axis that lies inside it.

    Raises: ShapeMismatch.
    """
    if axis not in range(len(x)):
        raise ShapeMismatch(f"a slice along axis {axis!r} of {x}: there is no such axis")
    last = start + step * max(length - 1, 0) - (length == 0)
    if min(start, length, step - 1, x[axis] - 1 - last) < 0:
        raise ShapeMismatch(f"a slice of {length} from {start} on by {step} of {x[axis]} places: it reaches outside")
    sides = list(x)
    sides[axis] = length
    return tuple(sides)


def leading_part(x: Shape, start: int, length: int) -> Shape:
    """As `part`, of the leading axis.

    Raises: ShapeMismatch.
    """
    return part(x, 0, start, length)


def padded(x: Shape, before: tuple[int, ...], after: tuple[int, ...]) -> Shape:
    """The operand's sides with what stands before and after added.

    Raises: ShapeMismatch.
    """
    if len(before) != len(x) or len(after) != len(x):
        raise ShapeMismatch(f"pad of {x} by {before} and {after}: a number for each axis is needed")
    if any(number < 0 for number in before + after):
        raise ShapeMismatch(f"pad of {x} by {before} and {after}: no number may be negative")
    return tuple(x[axis] + before[axis] + after[axis] for axis in range(len(x)))
