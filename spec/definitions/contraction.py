"""Products that sum over a shared index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..definition import ShapeMismatch, SymbolicShape, define
from ..formula import total


def _matmul_shape(a: SymbolicShape, b: SymbolicShape) -> SymbolicShape:
    return (*_batch(a, b), a[-2], b[-1])


def _batch(a: SymbolicShape, b: SymbolicShape) -> SymbolicShape:
    """The leading sides of a product, aligned at their ends, in which a side of 1 is repeated."""
    rank = max(len(a), len(b)) - 2
    own, other = ((1,) * (rank + 2 - len(shape)) + shape[:-2] for shape in (a, b))
    return tuple(_wider(side, against, a, b) for side, against in zip(own, other, strict=True))


def _wider(side: Any, other: Any, a: SymbolicShape, b: SymbolicShape) -> Any:
    if side == other or other == 1:
        return side
    if side == 1:
        return other
    raise ShapeMismatch(f"matmul of {a} and {b}: leading sides {side} and {other} must be equal, or one of them 1")


@define("matmul", "(*s,m,k),(*t,k,n)", shape=_matmul_shape, source="session", ir_kinds=("matmul",))
def matmul(a: Any, b: Any, *index: Any) -> Any:
    """y[…,i,j] = Σ_k a[…,i,k] b[…,k,j], where a leading side of 1 is read at 0"""
    *batch, i, j = index
    wide = _batch(a.shape, b.shape)
    of_a, of_b = ([*_own(x.shape[:-2], wide, batch)] for x in (a, b))
    return total(lambda k: a[(*of_a, i, k)] * b[(*of_b, k, j)], a.size(len(of_a) + 1))


def _own(sides: SymbolicShape, wide: SymbolicShape, batch: Sequence[Any]) -> Iterator[Any]:
    """The last places of a batch index, 0 where a side is repeated."""
    start = len(wide) - len(sides)
    for side, broad, place in zip(sides, wide[start:], batch[start:], strict=True):
        yield place if side == broad else 0


def _bmm_shape(a: SymbolicShape, b: SymbolicShape) -> SymbolicShape:
    return (a[0], a[1], b[2])


@define("bmm", "(b,m,k),(b,k,n)", shape=_bmm_shape, source="session", ir_kinds=("matmul",))
def bmm(a: Any, b: Any, t: Any, i: Any, j: Any) -> Any:
    """y[t,i,j] = Σ_k a[t,i,k] b[t,k,j]"""
    return total(lambda k: a[t, i, k] * b[t, k, j], a.size(2))


def _linear_shape(w: SymbolicShape, b: SymbolicShape, x: SymbolicShape) -> SymbolicShape:
    return (*x[:-1], w[0])


@define("linear", "(o,i),(o),(*s,i)", shape=_linear_shape, source="session", ir_kinds=("linear",))
def linear(w: Any, b: Any, x: Any, *index: Any) -> Any:
    """y[…,o] = Σ_i w[o,i] x[…,i] + b[o]"""
    *batch, o = index
    return total(lambda i: w[o, i] * x[(*batch, i)], w.size(1)) + b[o]
