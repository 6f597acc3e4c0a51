"""Ops whose entries are hashes of their places."""

from __future__ import annotations

from ...ir.graph import Shape
from ..primitive import ShapeMismatch


def drawn(shape: Shape, seed: int, counter: int) -> Shape:
    """The shape that was asked for.

    Raises: ShapeMismatch.
    """
    if min(seed, counter) < 0:
        raise ShapeMismatch(f"seed {seed} and counter {counter} came, natural numbers are needed")
    return shape


def masked(keep: Shape, shape: Shape, seed: int, counter: int) -> Shape:
    """() -> the shape that was asked for.

    Raises: ShapeMismatch.
    """
    if keep != ():
        raise ShapeMismatch(f"a probability of shape {keep} came, a scalar is needed")
    return drawn(shape, seed, counter)
