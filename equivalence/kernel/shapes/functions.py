"""Functions of a real expression by name, and their slopes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType

from .algebra import ONE, Expr
from .atoms import apply, exp, power
from .constants import PER_ROOT_PI

Meaning = Callable[[Expr], Expr]


def _tanh(x: Expr) -> Expr:
    """1 − 2 / (e^2x + 1)."""
    return ONE - power(exp(x.scaled(Fraction(2))) + ONE, -1).scaled(Fraction(2))


FUNCTIONS: Mapping[str, tuple[Meaning, Meaning]] = MappingProxyType(
    {
        "cos": (lambda x: apply("cos", x), lambda x: -apply("sin", x)),
        # Source: DLMF 7.2.1.
        "erf": (lambda x: apply("erf", x), lambda x: exp(-x * x) * PER_ROOT_PI.scaled(Fraction(2))),
        "exp": (exp, exp),
        "log": (lambda x: apply("log", x), lambda x: power(x, -1)),
        "sin": (lambda x: apply("sin", x), lambda x: apply("cos", x)),
        "tanh": (_tanh, lambda x: ONE - _tanh(x) * _tanh(x)),
    }
)
"""What a function is in terms of the atoms, and its derivative; of log the caller has shown that it is defined."""
