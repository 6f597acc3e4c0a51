"""Products that sum over a shared axis."""

from __future__ import annotations

from ...ir.graph import Shape
from ..primitive import ShapeMismatch


def matmul(a: Shape, b: Shape) -> Shape:
    """(*s,m,k),(*t,k,n) -> (*r,m,n), with *r what *s and *t broadcast to.

    Raises: ShapeMismatch.
    """
    if len(a) < 2 or len(b) < 2 or a[-1] != b[-2]:
        raise ShapeMismatch(f"matmul of {a} and {b}: (*s,m,k) and (*t,k,n) are needed")
    batch: list[int] = []
    for place in range(3, max(len(a), len(b)) + 1):
        met = {shape[-place] for shape in (a, b) if place <= len(shape)} - {1}
        if len(met) > 1:
            raise ShapeMismatch(f"matmul of {a} and {b}: axis {-place} has sides {sorted(met)}, one of them must be 1")
        batch.insert(0, *(met or {1}))
    return (*batch, a[-2], b[-1])


def bmm(a: Shape, b: Shape) -> Shape:
    """(b,m,k),(b,k,n) -> (b,m,n).

    Raises: ShapeMismatch.
    """
    if len(a) != 3 or len(b) != 3 or a[0] != b[0] or a[2] != b[1]:
        raise ShapeMismatch(f"bmm of {a} and {b}: (b,m,k) and (b,k,n) are needed")
    return (a[0], a[1], b[2])


def linear(w: Shape, b: Shape, x: Shape) -> Shape:
    """(o,i),(o),(*s,i) -> (*s,o).

    Raises: ShapeMismatch.
    """
    if len(w) != 2 or b != w[:1] or not x or x[-1] != w[1]:
        raise ShapeMismatch(f"linear of {w}, {b} and {x}: (o,i), (o) and (*s,i) are needed")
    return (*x[:-1], w[0])
