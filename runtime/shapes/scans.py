"""Ops that run along an axis, or reduce it and may be of nothing."""

from __future__ import annotations

from ...ir.graph import Shape
from .pointwise import along_axis


def along(x: Shape, axis: int) -> Shape:
    """The operand's shape, for an op that must be told its axis.

    Raises: ShapeMismatch if there is no such axis.
    """
    return along_axis(x, axis)


def reduced(x: Shape, axis: int | None = None) -> Shape:
    """The operand's shape without an axis, or a scalar's.

    Raises: ShapeMismatch if there is no such axis.
    """
    if axis is None:
        return ()
    along_axis(x, axis)
    return (*x[:axis], *x[axis + 1 :])
