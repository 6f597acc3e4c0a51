"""Losses: scalars."""

from __future__ import annotations

from ...ir.graph import Shape
from ..primitive import ShapeMismatch
from .pointwise import positive
from .reduction import scalar


def huber(prediction: Shape, target: Shape, delta: float) -> Shape:
    """(*s),(*s) -> ().

    Raises: ShapeMismatch; AttributeFault unless delta is positive.
    """
    positive("delta", delta)
    return scalar(prediction, target)


def cross_entropy(x: Shape, indices: tuple[int, ...]) -> Shape:
    """(n,c) -> () for n class indices; neither side is 0.

    Raises: ShapeMismatch.
    """
    if len(x) != 2 or 0 in x or len(indices) != x[0]:
        raise ShapeMismatch(f"cross_entropy of {x} with {len(indices)} classes: (n,c) without empty sides and n are needed")
    return ()
