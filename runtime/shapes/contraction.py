"""Products that sum over a shared axis."""

from __future__ import annotations

from ...ir.graph import Shape
from ..primitive import ShapeMismatch


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
