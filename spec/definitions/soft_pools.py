"""Pools that take a smooth maximum of each window."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ..definition import ShapeMismatch, SymbolicShape, define
from ..formula import exp, log, total
from ..windows import inside
from .averages import INTEGERS, INTEGERS_2D, SHAPES, pooled, pooled2d, windows, windows2d

Sizes = tuple[Any, ...]


def _checked(beta: float) -> None:
    if beta == 0 or not math.isfinite(beta):
        raise ShapeMismatch(f"a smooth maximum with beta {beta!r}: it must be finite and not 0")


def _softly(
    x: SymbolicShape, kernel: Sizes, stride: Sizes, padding: Sizes, beta: float
) -> SymbolicShape:
    _checked(beta)
    return pooled(x, kernel, stride, padding)


_BETAS = (1.0, -0.5)


def _sharpnesses(x: SymbolicShape) -> list[dict[str, Any]]:
    return [{**each, "beta": _BETAS[turn % 2]} for turn, each in enumerate(windows(x))]


@define(
    "smooth_max_pool", "(c,*n)", shape=_softly, attributes=_sharpnesses, source="session", integers=INTEGERS,
    examples=SHAPES,
)  # fmt: skip
def smooth_max_pool(
    x: Any, c: Any, *q: Any, kernel: Sizes, stride: Sizes, padding: Sizes, beta: float
) -> Any:
    """y[c,q] = (log Σ_κ e^(β x[c,q·s+κ−p])) / β over the cells of x in the window"""
    weights = total(lambda *kappa: _weight(x, c, q, kappa, stride, padding, beta), *kernel)
    return log(weights) / Fraction(beta)


def _weight(
    x: Any, c: Any, q: Sequence[Any], kappa: Sequence[Any], stride: Sizes, padding: Sizes, beta: float
) -> Any:
    places = [i * s + k - p for i, s, k, p in zip(q, stride, kappa, padding, strict=True)]
    return inside(places, x.shape[1:], lambda: exp(x[(c, *places)] * Fraction(beta)))


def _softly2d(x: SymbolicShape, kH: Any, kW: Any, stride: Any, beta: float) -> SymbolicShape:
    _checked(beta)
    return pooled2d(x, kH, kW, stride)


def _sharpnesses2d(x: SymbolicShape) -> list[dict[str, Any]]:
    return [{**each, "beta": _BETAS[turn % 2]} for turn, each in enumerate(windows2d(x))]


@define(
    "smooth_max_pool2d", "(c,h,w)", shape=_softly2d, attributes=_sharpnesses2d, source="session",
    integers=INTEGERS_2D,
)  # fmt: skip
def smooth_max_pool2d(x: Any, c: Any, i: Any, j: Any, kH: Any, kW: Any, stride: Any, beta: float) -> Any:
    """y[c,i,j] = (log Σ_{k<kH,l<kW} e^(β x[c,i·s+k,j·s+l])) / β"""
    return smooth_max_pool(
        x, c, i, j, kernel=(kH, kW), stride=(stride, stride), padding=(0, 0), beta=beta
    )
