"""Ops that exchange axes."""

from __future__ import annotations

from ...ir.graph import Shape
from ..primitive import ShapeMismatch


def permuted(x: Shape, axes: tuple[int, ...]) -> Shape:
    """The operand's sides in the order of the axes.

    Raises: ShapeMismatch.
    """
    if len(axes) != len(x) or set(axes) != set(range(len(x))):
        raise ShapeMismatch(f"permute of {x} by {axes}: the axes 0 to {len(x) - 1} are needed, each once")
    return tuple(map(x.__getitem__, axes))


def rotated(x: Shape, axes: tuple[int, ...]) -> Shape:
    """(a,b,c) in another order.

    Raises: ShapeMismatch.
    """
    if len(x) != 3:
        raise ShapeMismatch(f"a transposition of three axes of {x}: (a,b,c) is needed")
    return permuted(x, axes)


def swapped(x: Shape, depth: int) -> Shape:
    """The operand's sides with those at `depth` and after it exchanged, if there are both.

    Raises: ShapeMismatch.
    """
    if depth < 0:
        raise ShapeMismatch(f"swap_adjacent_at_depth of {x}: depth {depth} is negative")
    sides = list(x)
    if depth + 1 < len(sides):
        sides[depth], sides[depth + 1] = sides[depth + 1], sides[depth]
    return tuple(sides)
