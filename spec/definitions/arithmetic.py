"""Ops of plain arithmetic, entry by entry: extremes, negatives, powers, sine and cosine."""

from __future__ import annotations

from typing import Any

from ..definition import define
from ..formula import Condition, cos, kink, nonzero, sin


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
