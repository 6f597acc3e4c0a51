"""Shape rules of the primitives: what operands are accepted and what shape comes out."""

from __future__ import annotations

import math
from typing import Any

from ..ir.graph import Shape
from .primitive import ShapeMismatch


def same(first: Shape, *others: Shape, **_attributes: Any) -> Shape:
    """All operands have one shape, and so has the result; nothing is broadcast.

    Raises: ShapeMismatch.
    """
    for other in others:
        if other != first:
            raise ShapeMismatch(f"operands have shapes {' and '.join(map(str, (first, *others)))}, but must be equal")
    return first


def scalar(*shapes: Shape) -> Shape:
    """All operands have one shape; the result is a scalar.

    Raises: ShapeMismatch.
    """
    same(*shapes)
    return ()


def matmul(a: Shape, b: Shape) -> Shape:
    """(m,k),(k,n) -> (m,n).

    Raises: ShapeMismatch.
    """
    if len(a) != 2 or len(b) != 2 or a[1] != b[0]:
        raise ShapeMismatch(f"matmul of {a} and {b}: (m,k) and (k,n) are needed")
    return (a[0], b[1])


def linear(w: Shape, b: Shape, x: Shape) -> Shape:
    """(o,i),(o),(*s,i) -> (*s,o).

    Raises: ShapeMismatch.
    """
    if len(w) != 2 or b != w[:1] or not x or x[-1] != w[1]:
        raise ShapeMismatch(f"linear of {w}, {b} and {x}: (o,i), (o) and (*s,i) are needed")
    return (*x[:-1], w[0])


def along_axis(x: Shape, axis: int | None = None) -> Shape:
    """The operand's shape, for an op that works along one of its axes.

    Raises: ShapeMismatch if there is no such axis.
    """
    if axis is not None and not 0 <= axis < len(x):
        raise ShapeMismatch(f"axis {axis!r} of shape {x}: an axis is 0 to {len(x) - 1}")
    return x


def without_axis(x: Shape, axis: int) -> Shape:
    """The operand's shape without the axis summed over.

    Raises: ShapeMismatch if there is no such axis, or if any side is 0 (contract row 32).
    """
    along_axis(x, axis)
    if 0 in x:
        raise ShapeMismatch(f"a reduction of shape {x} along axis {axis}: every side must be positive")
    return x[:axis] + x[axis + 1 :]


def reshaped(x: Shape, shape: Shape) -> Shape:
    """The new shape, which must have as many entries.

    Raises: ShapeMismatch.
    """
    if math.prod(x) != math.prod(shape):
        raise ShapeMismatch(f"reshape of {x} to {shape}: the number of entries must stay the same")
    return shape


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


def stacked(a: Shape, b: Shape) -> Shape:
    """(n,*s),(m,*s) -> (n+m,*s).

    Raises: ShapeMismatch.
    """
    if not a or not b or a[1:] != b[1:]:
        raise ShapeMismatch(f"concat_leading_axis of {a} and {b}: (n,*s) and (m,*s) are needed")
    return (a[0] + b[0], *a[1:])


def gathered_rows(x: Shape, indices: tuple[int, ...]) -> Shape:
    """(r,c) -> (k,c) for k indices.

    Raises: ShapeMismatch.
    """
    if len(x) != 2:
        raise ShapeMismatch(f"gather_rows_ref of {x}: (r,c) is needed")
    return (len(indices), x[1])
