"""Ops that centre entries and divide them by the root of their mean square, and what those roots are made of."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..definition import ShapeMismatch, SymbolicShape, define
from ..formula import kink, sqrt, total

EPSILON = 1e-6


def _with_entries(x: SymbolicShape, *_others: SymbolicShape, **_attributes: Any) -> SymbolicShape:
    if any(isinstance(side, int) and side == 0 for side in x):
        raise ShapeMismatch(f"a normalisation of {x}: every side must be positive")
    return x


def _epsilons(x: SymbolicShape, *_others: SymbolicShape) -> list[dict[str, float]]:
    return [{}, {"eps": 0.1}] if len(set(x)) > 1 else [{}]


@define("layer_norm", "(s,d),(d),(d)", shape=_with_entries, attributes=_epsilons, source="session")
def layer_norm(x: Any, gamma: Any, beta: Any, i: Any, j: Any, eps: float = EPSILON) -> Any:
    """y[i,j] = (x[i,j] − μ_i) / √(v_i + ε) γ[j] + β[j], with mean μ_i and population variance v_i of row i"""
    count = x.size(1)
    mean = total(lambda k: x[i, k], count) / count
    variance = total(lambda k: (x[i, k] - mean) ** 2, count) / count
    return (x[i, j] - mean) / sqrt(variance + Fraction(eps)) * gamma[j] + beta[j]


@define(
    "batchnorm_channel_first",
    "(c,h,w),(c),(c)",
    shape=_with_entries,
    attributes=_epsilons,
    source="session",
    examples=[(x, (x[0],), (x[0],)) for x in ((1, 2, 3), (3, 2, 1))],
)
def batchnorm_channel_first(x: Any, gamma: Any, beta: Any, c: Any, i: Any, j: Any, eps: float = EPSILON) -> Any:
    """y[c,i,j] = (x[c,i,j] − μ_c) / √(v_c + ε) γ[c] + β[c], with mean μ_c and population variance v_c of channel c"""
    height, width = x.size(1), x.size(2)
    mean = total(lambda k, l: x[c, k, l], height, width) / (height * width)
    variance = total(lambda k, l: (x[c, k, l] - mean) ** 2, height, width) / (height * width)
    return (x[c, i, j] - mean) / sqrt(variance + Fraction(eps)) * gamma[c] + beta[c]


@define(
    "batch_norm2d_nchw_eval",
    "(n,c,h,w),(c),(c),(c),(c)",
    shape=_with_entries,
    attributes=_epsilons,
    kinks="variance = 0",
    ir_kinds=("batch_norm2d_nchw_eval",),
    examples=[(x, *[(x[1],)] * 4) for x in ((2, 5, 1, 3), (1, 3, 2, 1), (3, 1, 1, 2))],
)
def batch_norm2d_nchw_eval(
    x: Any, gamma: Any, beta: Any, mean: Any, variance: Any, n: Any, c: Any, i: Any, j: Any, eps: float = EPSILON
) -> Any:
    """y[n,c,i,j] = (x[n,c,i,j] − μ[c]) / √(max(v[c], 0) + ε) γ[c] + β[c], with stored statistics μ and v"""
    spread = kink("relu", variance[c], above=variance[c], below=0 * variance[c])
    return (x[n, c, i, j] - mean[c]) / sqrt(spread + Fraction(eps)) * gamma[c] + beta[c]


def _suffix(x: SymbolicShape, axis: int, eps: float = EPSILON) -> SymbolicShape:
    if not 0 <= axis < len(x):
        raise ShapeMismatch(f"layernorm of {x} from axis {axis!r} on: an axis is 0 to {len(x) - 1}")
    return _with_entries(x)


def _axes(x: SymbolicShape) -> list[dict[str, Any]]:
    """Suffixes of one and two axes; longer ones take the same proof a minute each."""
    axes = range(max(0, len(x) - 2), len(x))
    return [{"axis": axis} for axis in axes] + [{"axis": len(x) - 1, "eps": 0.1}] * (len(x) == 2)


@define("layernorm", "(*s)", shape=_suffix, attributes=_axes, ir_kinds=("layernorm",))
def layernorm(x: Any, *i: Any, axis: int, eps: float = EPSILON) -> Any:
    """y[i,j] = (x[i,j] − μ_i) / √(v_i + ε), with mean and population variance over all j, from `axis` on"""
    sides = x.shape[axis:]
    count = 1
    for side in sides:
        count = count * side
    mean = total(lambda *j: x[(*i[:axis], *j)], *sides) / count
    variance = total(lambda *j: (x[(*i[:axis], *j)] - mean) ** 2, *sides) / count
    return (x[i] - mean) / sqrt(variance + Fraction(eps))


@define("rms_norm", "(*s,d),(d)", shape=_with_entries, attributes=_epsilons)
def rms_norm(x: Any, gamma: Any, *index: Any, eps: float = EPSILON) -> Any:
    """y[i,j] = x[i,j] / √((Σ_k x[i,k]²) / n + ε) γ[j]"""
    *i, j = index
    count = x.size(len(i))
    square = total(lambda k: x[(*i, k)] ** 2, count) / count
    return x[(*i, j)] / sqrt(square + Fraction(eps)) * gamma[j]


def _left(x: SymbolicShape, axis: int, correction: int = 0) -> SymbolicShape:
    if not 0 <= axis < len(x):
        raise ShapeMismatch(f"var of {x} along axis {axis!r}: an axis is 0 to {len(x) - 1}")
    _with_entries(x)
    if x[axis] <= correction:
        raise ShapeMismatch(f"the variance along axis {axis} needs more entries than the correction")
    return x[:axis] + x[axis + 1 :]


def _corrections(x: SymbolicShape) -> list[dict[str, int]]:
    offered = [{"axis": axis} | extra for axis in range(len(x)) for extra in ({}, {"correction": 1})]
    return [each for each in offered if x[each["axis"]] > each.get("correction", 0)]


@define("var", "(*s)", shape=_left, attributes=_corrections, integers={"correction": 0})
def var(x: Any, *i: Any, axis: int, correction: int = 0) -> Any:
    """y[i] = (Σ_k (x[i,k] − μ_i)²) / (n − correction), with k at `axis` of length n, and the mean μ_i of the x[i,k]"""
    count = x.size(axis)
    mean = total(lambda k: x[(*i[:axis], k, *i[axis:])], count) / count
    return total(lambda k: (x[(*i[:axis], k, *i[axis:])] - mean) ** 2, count) / (count - correction)
