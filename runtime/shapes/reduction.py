"""Ops that sum entries away."""

from __future__ import annotations

from ...ir.graph import Shape
from ..primitive import ShapeMismatch
from .pointwise import along_axis, same


def scalar(*shapes: Shape) -> Shape:
    """All operands have one shape; the result is a scalar.

    Raises: ShapeMismatch.
    """
    same(*shapes)
    return ()


def without_axis(x: Shape, axis: int) -> Shape:
    """The operand's shape without the axis summed over.

    Raises: ShapeMismatch if there is no such axis, or if any side is 0 (contract row 32).
    """
    along_axis(x, axis)
    if 0 in x:
        raise ShapeMismatch(f"a reduction of shape {x} along axis {axis}: every side must be positive")
    return x[:axis] + x[axis + 1 :]


def reduced(x: Shape, axis: int) -> Shape:
    """The operand's shape without an axis; any of them may have no entries.

    Raises: ShapeMismatch.
    """
    along_axis(x, axis)
    return tuple(side for place, side in enumerate(x) if place != axis)


def without_full_axis(x: Shape, axis: int) -> Shape:
    """The operand's shape without an axis that has entries; the other axes may have none.

    Raises: ShapeMismatch.
    """
    along_axis(x, axis)
    if not x[axis]:
        raise ShapeMismatch(f"axis {axis} of shape {x} has no entries, and a sum of nothing has no logarithm")
    return tuple(side for place, side in enumerate(x) if place != axis)
