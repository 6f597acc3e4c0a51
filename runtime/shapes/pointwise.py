"""Ops that work entry by entry or along one axis and keep their shape."""

from __future__ import annotations

from typing import Any

from ...ir.graph import Shape
from ..primitive import ShapeMismatch


def same(first: Shape, *others: Shape, **_attributes: Any) -> Shape:
    """All operands have one shape, and so has the result; nothing is broadcast.

    Raises: ShapeMismatch.
    """
    for other in others:
        if other != first:
            raise ShapeMismatch(f"operands have shapes {' and '.join(map(str, (first, *others)))}, but must be equal")
    return first


def along_axis(x: Shape, axis: int | None = None) -> Shape:
    """The operand's shape, for an op that works along one of its axes.

    Raises: ShapeMismatch if there is no such axis.
    """
    if axis is not None and not 0 <= axis < len(x):
        raise ShapeMismatch(f"axis {axis!r} of shape {x}: an axis is 0 to {len(x) - 1}")
    return x
