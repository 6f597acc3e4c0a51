"""Functions of a real expression by name, and their slopes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType

from .algebra import ONE, Expr
from .atoms import apply, exp, power

Meaning = Callable[[Expr], Expr]


def _tanh(x: Expr) -> Expr:
    """1 − 2 / (e^2x + 1)."""
    return ONE - power(exp(x.scaled(Fraction(2))) + ONE, -1).scaled(Fraction(2))


VALUES: Mapping[str, Meaning] = MappingProxyType(
    {
        "cos": lambda x: apply("cos", x),
        "exp": exp,
        "expm1": lambda x: exp(x) - ONE,
        "log": lambda x: apply("log", x),
        "log1p": lambda x: apply("log", x + ONE),
        "sin": lambda x: apply("sin", x),
        "tanh": _tanh,
    }
)
"""What a function is, in terms of the atoms; of log and log1p the caller has shown that they are defined."""

SLOPES: Mapping[str, Meaning] = MappingProxyType(
    {
        "cos": lambda x: -apply("sin", x),
        "exp": exp,
        "log": lambda x: power(x, -1),
        "sin": lambda x: apply("cos", x),
        "tanh": lambda x: ONE - _tanh(x) * _tanh(x),
    }
)
"""The derivatives of the functions that formulas are written with."""
