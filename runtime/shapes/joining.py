"""Ops that join arrays along an axis, or along a new one."""

from __future__ import annotations

from ...ir.graph import Shape
from ..primitive import ShapeMismatch


def vectors(a: Shape, b: Shape) -> Shape:
    """(n),(m) -> (n+m).

    Raises: ShapeMismatch.
    """
    if len(a) != 1 or len(b) != 1:
        raise ShapeMismatch(f"concat_vectors of {a} and {b}: (n) and (m) are needed")
    return (a[0] + b[0],)


def stacked(a: Shape, b: Shape) -> Shape:
    """(n,*s),(m,*s) -> (n+m,*s).

    Raises: ShapeMismatch.
    """
    if not a or not b or a[1:] != b[1:]:
        raise ShapeMismatch(f"concat_leading_axis of {a} and {b}: (n,*s) and (m,*s) are needed")
    return (a[0] + b[0], *a[1:])


def joined(*shapes: Shape, axis: int) -> Shape:
    """The first shape with the sides of all along the axis added up; all other sides are equal.

    Raises: ShapeMismatch.
    """
    _check_count(shapes)
    if axis not in range(len(shapes[0])):
        raise ShapeMismatch(f"concat of {list(shapes)}: there is no axis {axis!r}")
    around = {(shape[:axis], shape[axis + 1 :]) for shape in shapes}
    if len(around) > 1 or len({len(shape) for shape in shapes}) > 1:
        raise ShapeMismatch(f"concat of {list(shapes)}: their sides may differ at axis {axis} alone")
    before, after = around.pop()
    return (*before, sum(shape[axis] for shape in shapes), *after)


def layered(*shapes: Shape, axis: int) -> Shape:
    """The shape of all with a new side at the axis, as long as there are inputs.

    Raises: ShapeMismatch.
    """
    _check_count(shapes)
    if len(set(shapes)) > 1 or axis not in range(len(shapes[0]) + 1):
        raise ShapeMismatch(f"stack of {list(shapes)} at axis {axis!r}: equal shapes and an axis of theirs are needed")
    sides = list(shapes[0])
    sides.insert(axis, len(shapes))
    return tuple(sides)


def _check_count(shapes: tuple[Shape, ...]) -> None:
    if len(shapes) < 2:
        raise ShapeMismatch(f"a join of {list(shapes)}: at least two inputs are needed")
