"""Ops whose entry at an index reads their inputs at that index alone."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..definition import define
from ..formula import Condition, exp, kink, log, nonzero, positive, stop, tanh


@define("add", "(*s),(*s)", source="session", ir_kinds=("add",))
def add(a: Any, b: Any, *i: Any) -> Any:
    """y[i] = a[i] + b[i]"""
    return a[i] + b[i]


@define("sub", "(*s),(*s)", source="session", ir_kinds=("sub",))
def sub(a: Any, b: Any, *i: Any) -> Any:
    """y[i] = a[i] − b[i]"""
    return a[i] - b[i]


@define("mul", "(*s),(*s)", source="session", ir_kinds=("mul_elem",))
def mul(a: Any, b: Any, *i: Any) -> Any:
    """y[i] = a[i] b[i]"""
    return a[i] * b[i]


@define("scale", "(*s)", attributes=lambda x: [{"c": 0.1}, {"c": -2.5}, {"c": 0.0}], source="session")
def scale(x: Any, *i: Any, c: float) -> Any:
    """y[i] = x[i] c, with c read as the exact value of its binary64"""
    return x[i] * Fraction(c)


def _divisor(a: Any, b: Any, *i: Any) -> tuple[Condition]:
    return (nonzero(b[i]),)


@define("div", "(*s),(*s)", domain=_divisor, domain_text="b ≠ 0")
def div(a: Any, b: Any, *i: Any) -> Any:
    """y[i] = a[i] / b[i]"""
    return a[i] / b[i]


@define("abs", "(*s)", kinks="x = 0", source="session", ir_kinds=("abs",))
def abs_(x: Any, *i: Any) -> Any:
    """y[i] = |x[i]|"""
    return kink("abs", x[i], above=x[i], below=-x[i])


@define("relu", "(*s)", kinks="x = 0", source="session", ir_kinds=("relu",))
def relu(x: Any, *i: Any) -> Any:
    """y[i] = max(x[i], 0)"""
    return kink("relu", x[i], above=x[i], below=0 * x[i])


def _bounds(_x: Any) -> list[dict[str, float]]:
    return [{"lo": -1.0, "hi": 1.0}, {"lo": 0.1, "hi": 0.7}, {"lo": 0.5, "hi": 0.5}, {"lo": 1.0, "hi": -1.0}]


@define("clamp", "(*s)", attributes=_bounds, kinks="x = lo, x = hi", source="session")
def clamp(x: Any, *i: Any, lo: float, hi: float) -> Any:
    """y[i] = min(hi, max(lo, x[i]))"""
    low, high = 0 * x[i] + Fraction(lo), 0 * x[i] + Fraction(hi)
    if lo > hi:
        return high
    lowered = kink("clamp at hi", high - x[i], above=x[i], below=high)
    return kink("clamp at lo", x[i] - low, above=lowered, below=low)


@define("max", "(*s),(*s)", kinks="a = b", source="session", ir_kinds=("max_elem",))
def max_(a: Any, b: Any, *i: Any) -> Any:
    """y[i] = max(a[i], b[i])"""
    return kink("max", a[i] - b[i], above=a[i], below=b[i])


@define("exp", "(*s)", source="session", ir_kinds=("exp",))
def exp_(x: Any, *i: Any) -> Any:
    """y[i] = e^x[i]"""
    return exp(x[i])


def _argument(x: Any, *i: Any) -> tuple[Condition]:
    return (positive(x[i]),)


@define("log", "(*s)", domain=_argument, domain_text="x > 0", source="session", ir_kinds=("log",))
def log_(x: Any, *i: Any) -> Any:
    """y[i] = log x[i]"""
    return log(x[i])


@define("tanh", "(*s)", source="session", ir_kinds=("tanh",))
def tanh_(x: Any, *i: Any) -> Any:
    """y[i] = tanh x[i]"""
    return tanh(x[i])


@define("sigmoid", "(*s)", source="session", ir_kinds=("sigmoid",))
def sigmoid(x: Any, *i: Any) -> Any:
    """y[i] = 1 / (1 + e^−x[i])"""
    return 1 / (1 + exp(-x[i]))


@define("detach", "(*s)", source="session", ir_kinds=("detach",))
def detach(x: Any, *i: Any) -> Any:
    """y[i] = x[i], held constant"""
    return stop(x[i])
