"""Activation functions beside relu, tanh and sigmoid."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from ..definition import SpecError, SymbolicShape, define
from ..formula import erf, exp, kink, log, sqrt, tanh

_SLOPES = ({"slope": 0.01}, {"slope": -0.5})


@define("leaky_relu", "(*s)", attributes=lambda x: list(_SLOPES), kinks="x = 0")
def leaky_relu(x: Any, *i: Any, slope: float) -> Any:
    """y[i] = x[i] where x[i] > 0, slope x[i] elsewhere"""
    return kink("leaky_relu", x[i], above=x[i], below=x[i] * Fraction(slope))


@define("elu", "(*s)", attributes=lambda x: [{"alpha": 1.0}, {"alpha": 0.5}], kinks="x = 0")
def elu(x: Any, *i: Any, alpha: float) -> Any:
    """y[i] = x[i] where x[i] > 0, alpha (e^x[i] − 1) elsewhere"""
    return kink("elu", x[i], above=x[i], below=(exp(x[i]) - 1) * Fraction(alpha))


@define("silu", "(*s)")
def silu(x: Any, *i: Any) -> Any:
    """y[i] = x[i] / (1 + e^−x[i])"""
    return x[i] / (1 + exp(-x[i]))


_ROOT_OF_TWO_OVER_PI = Fraction(0.7978845608028654)


@define("gelu", "(*s)", readings=("sqrt(2/pi) is read as the binary64 nearest to it, 0.7978845608028654",))
def gelu(x: Any, *i: Any) -> Any:
    """y[i] = x[i] (1 + tanh(c (x[i] + 0.044715 x[i]³))) / 2, c = √(2/π); both numbers read as their binary64"""
    bent = x[i] + Fraction(0.044715) * x[i] * x[i] * x[i]
    return x[i] * (1 + tanh(_ROOT_OF_TWO_OVER_PI * bent)) / 2


@define("erf", "(*s)", readings=("a kernel's 1.1283791670955126 is read as 2/sqrt(pi)",))
def erf_(x: Any, *i: Any) -> Any:
    """y[i] = erf x[i] = 2/√π ∫ e^(−t²) dt from 0 to x[i]"""
    return erf(x[i])


@define("gelu_erf", "(*s)", readings=("a kernel's 0.7071067811865476 is read as sqrt(1/2), and 0.3989422804014327 as 1/sqrt(2 pi)",))
def gelu_erf(x: Any, *i: Any) -> Any:
    """y[i] = x[i] (1 + erf(x[i] / √2)) / 2"""
    return x[i] * (1 + erf(x[i] * sqrt(Fraction(1, 2)))) / 2


@define("softplus", "(*s)", source="session")
def softplus(x: Any, *i: Any) -> Any:
    """y[i] = log(1 + e^x[i])"""
    return log(1 + exp(x[i]))


def _above_zero(x: SymbolicShape, eps: float = 1e-6) -> SymbolicShape:
    if not (math.isfinite(eps) and eps > 0):
        raise SpecError(f"safe_log with eps {eps!r}: eps must be positive, so that the logarithm is defined")
    return x


@define("safe_log", "(*s)", shape=_above_zero, attributes=lambda x: [{}, {"eps": 0.5}], source="session")
def safe_log(x: Any, *i: Any, eps: float = 1e-6) -> Any:
    """y[i] = log(log(1 + e^x[i]) + eps), with eps read as the exact value of its binary64"""
    return log(log(1 + exp(x[i])) + Fraction(eps))
