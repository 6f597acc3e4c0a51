"""Products that sum over a shared index."""

from __future__ import annotations

from typing import Any

from ..definition import SymbolicShape, define
from ..formula import total


def _matmul_shape(a: SymbolicShape, b: SymbolicShape) -> SymbolicShape:
    return (a[0], b[1])


@define("matmul", "(m,k),(k,n)", shape=_matmul_shape, source="session", ir_kinds=("matmul",))
def matmul(a: Any, b: Any, i: Any, j: Any) -> Any:
    """y[i,j] = Σ_k a[i,k] b[k,j]"""
    return total(lambda k: a[i, k] * b[k, j], a.size(1))


def _linear_shape(w: SymbolicShape, b: SymbolicShape, x: SymbolicShape) -> SymbolicShape:
    return (*x[:-1], w[0])


@define("linear", "(o,i),(o),(*s,i)", shape=_linear_shape, source="session", ir_kinds=("linear",))
def linear(w: Any, b: Any, x: Any, *index: Any) -> Any:
    """y[…,o] = Σ_i w[o,i] x[…,i] + b[o]"""
    *batch, o = index
    return total(lambda i: w[o, i] * x[(*batch, i)], w.size(1)) + b[o]
