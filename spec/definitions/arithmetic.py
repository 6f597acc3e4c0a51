"""Ops of plain arithmetic, entry by entry: extremes, negatives, powers, sine and cosine, choices."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..definition import SpecError, SymbolicShape, define
from ..formula import Condition, choose, cos, exp, kink, log, nonzero, positive, sin, stop


@define("min", "(*s),(*s)", kinks="a = b", source="session", ir_kinds=("min_elem",))
def min_(a: Any, b: Any, *i: Any) -> Any:
    """y[i] = min(a[i], b[i])"""
    return kink("min", b[i] - a[i], above=a[i], below=b[i])


@define("neg", "(*s)")
def neg(x: Any, *i: Any) -> Any:
    """y[i] = −x[i]"""
    return -x[i]


@define("square", "(*s)")
def square(x: Any, *i: Any) -> Any:
    """y[i] = x[i]²"""
    return x[i] ** 2


def _divisor(x: Any, *i: Any) -> tuple[Condition]:
    return (nonzero(x[i]),)


@define("inv", "(*s)", domain=_divisor, domain_text="x ≠ 0", ir_kinds=("inv",))
def inv(x: Any, *i: Any) -> Any:
    """y[i] = 1 / x[i]"""
    return 1 / x[i]


@define("sin", "(*s)", ir_kinds=("sin",))
def sin_(x: Any, *i: Any) -> Any:
    """y[i] = sin x[i]"""
    return sin(x[i])


@define("cos", "(*s)", ir_kinds=("cos",))
def cos_(x: Any, *i: Any) -> Any:
    """y[i] = cos x[i]"""
    return cos(x[i])


@define("where", "(*s),(*s),(*s)")
def where(mask: Any, a: Any, b: Any, *i: Any) -> Any:
    """y[i] = a[i] where mask[i] ≠ 0, b[i] where mask[i] = 0; the mask is held constant"""
    return choose(mask[i], a[i], b[i])


def _masked(x: SymbolicShape, mask: SymbolicShape, keep: float) -> SymbolicShape:
    if not keep > 0 or keep - keep != 0:
        raise SpecError(f"dropout with keep {keep!r}: the part that is kept must be positive")
    return x


@define("dropout", "(*s),(*s)", shape=_masked, attributes=lambda x, mask: [{"keep": 0.5}, {"keep": 0.8}])
def dropout(x: Any, mask: Any, *i: Any, keep: float) -> Any:
    """y[i] = x[i] mask[i] / keep; the mask is held constant"""
    return x[i] * stop(mask[i]) / Fraction(keep)


_EXPONENTS = (3, 0, 1.0, -2, 0.3, -1.25)


def _constant_power(x: SymbolicShape, exponent: float) -> SymbolicShape:
    if exponent - exponent != 0:
        raise SpecError(f"pow with exponent {exponent!r}: a finite exponent is needed")
    return x


def _power_domain(x: Any, *i: Any, exponent: float) -> tuple[Condition, ...]:
    if Fraction(exponent).denominator != 1:
        return (positive(x[i]),)
    return (nonzero(x[i]),) if exponent < 0 else ()


@define(
    "pow", "(*s)", shape=_constant_power, attributes=lambda x: [{"exponent": each} for each in _EXPONENTS],
    domain=_power_domain, domain_text="x ≠ 0 for a negative exponent, x > 0 for one that is no integer",
)  # fmt: skip
def pow_(x: Any, *i: Any, exponent: float) -> Any:
    """y[i] = x[i]^exponent, with the exponent read as the exact value of its binary64; 0^0 = 1"""
    ratio = Fraction(exponent)
    if ratio.denominator != 1:
        return exp(log(x[i]) * ratio)
    if ratio == 0:
        return 1 + 0 * x[i]
    return x[i] ** int(ratio) if ratio > 0 else 1 / x[i] ** int(-ratio)
