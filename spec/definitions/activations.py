"""Activation functions beside relu, tanh and sigmoid."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from ..definition import SpecError, SymbolicShape, define
from ..formula import exp, kink, log

_SLOPES = ({"slope": 0.01}, {"slope": 0.25}, {"slope": -0.5})


@define("leaky_relu", "(*s)", attributes=lambda x: list(_SLOPES), kinks="x = 0")
def leaky_relu(x: Any, *i: Any, slope: float) -> Any:
    """y[i] = x[i] where x[i] > 0, slope x[i] elsewhere"""
    return kink("leaky_relu", x[i], above=x[i], below=x[i] * Fraction(slope))


@define("elu", "(*s)", attributes=lambda x: [{"alpha": 1.0}, {"alpha": 0.5}, {"alpha": -1.25}], kinks="x = 0")
def elu(x: Any, *i: Any, alpha: float) -> Any:
    """y[i] = x[i] where x[i] > 0, alpha (e^x[i] − 1) elsewhere"""
    return kink("elu", x[i], above=x[i], below=(exp(x[i]) - 1) * Fraction(alpha))


@define("silu", "(*s)")
def silu(x: Any, *i: Any) -> Any:
    """y[i] = x[i] / (1 + e^−x[i])"""
    return x[i] / (1 + exp(-x[i]))


@define("softplus", "(*s)", source="session")
def softplus(x: Any, *i: Any) -> Any:
    """y[i] = log(1 + e^x[i])"""
    return log(1 + exp(x[i]))


def _above_zero(x: SymbolicShape, eps: float = 1e-6) -> SymbolicShape:
    if not (math.isfinite(eps) and eps > 0):
        raise SpecError(f"safe_log with eps {eps!r}: eps must be positive, so that the logarithm is defined")
    return x


@define("safe_log", "(*s)", shape=_above_zero, attributes=lambda x: [{}, {"eps": 0.5}, {"eps": 0.01}], source="session")
def safe_log(x: Any, *i: Any, eps: float = 1e-6) -> Any:
    """y[i] = log(log(1 + e^x[i]) + eps), with eps read as the exact value of its binary64"""
    return log(log(1 + exp(x[i])) + Fraction(eps))
