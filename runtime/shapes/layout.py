"""Ops that move, repeat or join entries."""

from __future__ import annotations

import math

from ...ir.graph import Shape
from ..primitive import ShapeMismatch


def reshaped(x: Shape, shape: Shape) -> Shape:
    """The new shape, which must have as many entries.

    Raises: ShapeMismatch.
    """
    if math.prod(x) != math.prod(shape):
        raise ShapeMismatch(f"reshape of {x} to {shape}: the number of entries must stay the same")
    return shape


def flat(x: Shape) -> Shape:
    """(*s) -> (number of entries)."""
    count = 1
    for side in x:
        count *= side
    return (count,)


def transposed(x: Shape) -> Shape:
    """(m,n) -> (n,m).

    Raises: ShapeMismatch.
    """
    if len(x) != 2:
        raise ShapeMismatch(f"transpose2d of {x}: (m,n) is needed")
    return (x[1], x[0])


def broadcast(x: Shape, shape: Shape, axes: tuple[int, ...] | None = None) -> Shape:
    """The target shape, in which input axis k lies at `axes[k]`; the trailing axes unless given.

    Raises: ShapeMismatch.
    """
    axes = trailing(x, shape) if axes is None else axes
    if len(axes) != len(x) or sorted(set(axes)) != sorted(axes) or any(p not in range(len(shape)) for p in axes):
        raise ShapeMismatch(f"broadcast_to of {x} to {shape}: axes {axes} are not distinct axes of the target")
    if any(side not in (1, shape[place]) for side, place in zip(x, axes, strict=True)):
        raise ShapeMismatch(f"broadcast_to of {x} to {shape} at axes {axes}: each side must be 1 or the target's")
    return shape


def trailing(x: Shape, shape: Shape) -> tuple[int, ...]:
    """The axis map that aligns the last axes, as numpy does."""
    return tuple(range(len(shape) - len(x), len(shape)))
