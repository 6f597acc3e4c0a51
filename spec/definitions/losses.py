"""Losses beside the mean squared error."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from ..definition import ShapeMismatch, SpecError, SymbolicShape, define
from ..formula import exp, kink, length, log, total, where


def _scalar(prediction: SymbolicShape, target: SymbolicShape, delta: float) -> SymbolicShape:
    if not delta > 0 or delta - delta != 0:
        raise SpecError(f"huber with delta {delta!r}: delta must be positive")
    return ()


@define("huber", "(*s),(*s)", shape=_scalar, attributes=lambda p, t: [{"delta": 1.0}, {"delta": 0.6}])
def huber(prediction: Any, target: Any, delta: float) -> Any:
    """y = (Σ_i h(p[i] − t[i])) / N, h(d) = d²/2 where |d| <= delta, delta (|d| − delta/2) elsewhere, N = max(entries, 1)"""
    bend = Fraction(delta)

    def h(d: Any) -> Any:
        lowered = kink("huber", d + bend, above=d * d / 2, below=-bend * (d + bend / 2))
        return kink("huber", d - bend, above=bend * (d - bend / 2), below=lowered)

    losses = total(lambda *i: h(prediction[i] - target[i]), *prediction.shape)
    count = prediction.count
    return losses if isinstance(count, int) and count == 0 else losses / count


def _mean_over_rows(x: SymbolicShape, indices: Any) -> SymbolicShape:
    if length(indices) != x[0]:
        raise ShapeMismatch(f"cross_entropy of {x} with {length(indices)} classes: one class for each row is needed")
    if any(isinstance(side, int) and side == 0 for side in x):
        raise ShapeMismatch(f"cross_entropy of {x}: every side must be positive")
    return ()


def _classes(x: SymbolicShape) -> Iterator[dict[str, tuple[int, ...]]]:
    for stride, offset in ((1, 0), (0, 0), (2, 1)):
        yield {"indices": tuple((row * stride + offset) % (x[1] + 1) for row in range(x[0]))}


@define("cross_entropy", "(n,c)", shape=_mean_over_rows, attributes=_classes)
def cross_entropy(x: Any, indices: Any) -> Any:
    """y = (Σ_t log Σ_k e^x[t,k] − x[t,indices[t]]) / n, where a row whose class is no column counts 0"""

    def loss(t: Any, j: Any) -> Any:
        return log(total(lambda k: exp(x[t, k]), x.size(1))) - x[t, j]

    picked = total(lambda t, j: where(indices[t] == j, lambda: loss(t, j), lambda: 0 * x[t, j]), *x.shape)
    return picked / x.size(0)
