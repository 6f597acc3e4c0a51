"""Floating-point formats, as far as a bound on rounding needs to know them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Format:
    """A binary format: a result r is off by at most `unit` |r| + `least` / 2 if its size is at most `largest`."""

    number: type[np.floating[Any]]
    unit: float
    least: float
    largest: float

    def __hash__(self) -> int:
        return hash(self.number)

    @property
    def name(self) -> str:
        """As numpy calls it."""
        return self.number.__name__

    @property
    def reach(self) -> int:
        """The exponent of 2 that leaves room for small sums below the largest number, and for factors above the least."""
        return math.frexp(self.largest)[1] - 8

    @property
    def normal(self) -> float:
        """The least positive number that is held in full precision."""
        return float(np.finfo(self.number).tiny)

    def holds(self, value: Fraction) -> bool:
        """Whether the number is one of the format's own."""
        return abs(value) <= Fraction(self.largest) and Fraction(float(self.number(float(value)))) == value

    def ulp(self, value: float) -> float:
        """The unit in the last place of a number that is not beyond the largest."""
        return float(np.spacing(self.number(abs(value))))


FLOAT64 = Format(np.float64, 2.0**-53, 2.0**-1074, float(np.finfo(np.float64).max))
# A kernel may compute in binary64 and have its result rounded again: that is off by a little more than half an ulp.
FLOAT32 = Format(np.float32, 2.0**-24 * (1 + 2.0**-28), 2.0**-149, float(np.finfo(np.float32).max))
