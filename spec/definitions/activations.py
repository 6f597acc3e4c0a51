"""Activation functions beside relu, tanh and sigmoid."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..definition import define
from ..formula import kink

_SLOPES = ({"slope": 0.01}, {"slope": 0.25}, {"slope": -0.5})


@define("leaky_relu", "(*s)", attributes=lambda x: list(_SLOPES), kinks="x = 0")
def leaky_relu(x: Any, *i: Any, slope: float) -> Any:
    """y[i] = x[i] where x[i] > 0, slope x[i] elsewhere"""
    return kink("leaky_relu", x[i], above=x[i], below=x[i] * Fraction(slope))
