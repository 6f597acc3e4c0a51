"""Ops that sum entries away."""

from __future__ import annotations

from typing import Any

from ..definition import ShapeMismatch, SymbolicShape, define
from ..formula import total


def _scalar(*_shapes: SymbolicShape) -> SymbolicShape:
    return ()


@define("sum", "(*s)", shape=_scalar, source="session", ir_kinds=("sum",))
def sum_(x: Any) -> Any:
    """y = Σ_i x[i]"""
    return total(lambda *i: x[i], *x.shape)


def _without_axis(x: SymbolicShape, axis: int) -> SymbolicShape:
    if not 0 <= axis < len(x):
        raise ShapeMismatch(f"reduction of {x} along axis {axis!r}: an axis is 0 to {len(x) - 1}")
    if any(isinstance(side, int) and side == 0 for side in x):
        raise ShapeMismatch(f"reduction of {x} along axis {axis}: every side must be positive")
    return x[:axis] + x[axis + 1 :]


def _every_axis(x: SymbolicShape) -> list[dict[str, int]]:
    if any(isinstance(side, int) and side == 0 for side in x):
        return []
    return [{"axis": axis} for axis in range(len(x))]


@define(
    "reduce_sum", "(*s)", shape=_without_axis, attributes=_every_axis, source="session", ir_kinds=("reduce_sum",)
)
def reduce_sum(x: Any, *i: Any, axis: int) -> Any:
    """y[i,j] = Σ_k x[i,k,j], with k at `axis`"""
    return total(lambda k: x[(*i[:axis], k, *i[axis:])], x.size(axis))


@define(
    "reduce_mean", "(*s)", shape=_without_axis, attributes=_every_axis, source="session", ir_kinds=("reduce_mean",)
)
def reduce_mean(x: Any, *i: Any, axis: int) -> Any:
    """y[i,j] = (Σ_k x[i,k,j]) / n, with k at `axis` of length n"""
    return total(lambda k: x[(*i[:axis], k, *i[axis:])], x.size(axis)) / x.size(axis)


@define("mse_loss", "(*s),(*s)", shape=_scalar, source="session", ir_kinds=("mse_loss",))
def mse_loss(prediction: Any, target: Any) -> Any:
    """y = (Σ_i (p[i] − t[i])²) / N, with N = max(number of entries, 1)"""
    squares = total(lambda *i: (prediction[i] - target[i]) ** 2, *prediction.shape)
    count = prediction.count
    return squares if isinstance(count, int) and count == 0 else squares / count
