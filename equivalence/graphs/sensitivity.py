"""Real numbers that carry their derivative by every input, and count the roundings that a float run of them does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from flint import arb

from ..kernel.numbers.exact import Exact
from ..kernel.numbers.formats import Format
from ..kernel.numbers.tracked import LIBRARY_ULPS
from ..kernel.scalars.mask import Mask, Truth, Unsupported, ordered
from ..kernel.scalars.term import exact as rational

_LIBRARY = 2 * LIBRARY_ULPS
"""A library function may be off by so many roundings: k units in the last place are at most 2 k relative roundings."""

Input = tuple[str, float]
"""An input, or a constant that the format rounds, by its name and value."""

Slopes = Mapping[Input, Exact]


@ordered
class Sensitive:
    """`slopes` by input; `tiny` if something on the way to it is below the format's normal numbers."""

    __slots__ = ("format", "real", "roundings", "slopes", "tiny")

    def __init__(self, real: Exact, slopes: Slopes, roundings: int, format_: Format, *, tiny: bool) -> None:
        self.real, self.slopes, self.roundings, self.format = real, slopes, roundings, format_
        self.tiny = tiny or is_tiny(real, format_)

    @staticmethod
    def of(value: Any, format_: Format) -> Sensitive:
        """A constant."""
        if isinstance(value, Sensitive):
            return value
        if isinstance(value, Mask):
            return Sensitive.of(value.where(1, 0), format_)
        real = Exact.of(value)
        if format_.holds(rational(value)) or real.value is None:
            return Sensitive(real, {}, 0, format_, tiny=False)
        return Sensitive(real, {("constant", float(value)): Exact.of(1)}, 1, format_, tiny=False)

    @staticmethod
    def input(name: str, value: float, format_: Format) -> Sensitive:
        """An input, which the format holds."""
        return Sensitive(Exact.of(value), {(name, value): Exact.of(1)}, 0, format_, tiny=False)

    def _of(self, other: Any) -> Sensitive:
        return Sensitive.of(other, self.format)

    def _joined(self, other: Sensitive, real: Exact, own: Exact, others: Exact) -> Sensitive:
        """A result of two numbers, with its derivative by each."""
        names = {*self.slopes, *other.slopes}
        none = Exact.of(0)
        slopes = {n: self.slopes.get(n, none) * own + other.slopes.get(n, none) * others for n in names}
        count = self.roundings + other.roundings + 1
        return Sensitive(real, slopes, count, self.format, tiny=self.tiny or other.tiny)

    def _mapped(self, real: Exact, slope: Exact, roundings: int) -> Sensitive:
        """A result of this number alone."""
        slopes = {name: value * slope for name, value in self.slopes.items()}
        return Sensitive(real, slopes, self.roundings + roundings, self.format, tiny=self.tiny)

    def __add__(self, other: Any) -> Sensitive:
        other = self._of(other)
        return self._joined(other, self.real + other.real, Exact.of(1), Exact.of(1))

    __radd__ = __add__

    def __neg__(self) -> Sensitive:
        return self._mapped(-self.real, Exact.of(-1), 0)

    def __sub__(self, other: Any) -> Sensitive:
        return self + -self._of(other)

    def __rsub__(self, other: Any) -> Sensitive:
        return self._of(other) + -self

    def __mul__(self, other: Any) -> Sensitive:
        other = self._of(other)
        return self._joined(other, self.real * other.real, other.real, self.real)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Sensitive:
        other = self._of(other)
        quotient = self.real / other.real
        return self._joined(other, quotient, 1 / other.real, -quotient / other.real)

    def __rtruediv__(self, other: Any) -> Sensitive:
        return self._of(other) / self

    def __pow__(self, exponent: Any) -> Sensitive:
        if exponent != int(exponent):
            scaled: Sensitive = self.apply("log") * exponent
            return scaled.apply("exp")
        return self._mapped(self.real**exponent, self.real ** (exponent - 1) * Exact.of(exponent), _LIBRARY)

    def apply(self, function: str) -> Sensitive:
        """A function, with its derivative. Raises: Unsupported for one that has none here."""
        x, value = self.real, self.real.apply(function)
        match function:
            case "exp":
                slope = value
            case "log":
                slope = 1 / x
            case "log1p":
                slope = 1 / (1 + x)
            case "tanh":
                slope = 1 - value * value
            case "sqrt":
                slope = 1 / (2 * value)
            case "sin":
                slope = x.apply("cos")
            case "cos":
                slope = -x.apply("sin")
            case _:
                raise Unsupported(f"the derivative of {function}")
        return self._mapped(value, slope, _LIBRARY)

    def maximum(self, other: Any) -> Sensitive:
        """The larger of two; at a tie the first."""
        other = self._of(other)
        return self if (self.real - other.real).sign() >= 0 else other

    def compare(self, other: Any, signs: frozenset[int]) -> Mask:
        """Whether the sign of self − other is one of `signs`."""
        return Truth((self.real - self._of(other).real).sign() in signs)


def is_tiny(real: Exact, format_: Format) -> bool:
    """Whether a number is not 0 and certainly below the format's normal numbers."""
    if real.value is None or real.value == 0:
        return False
    return bool(abs(arb(real.value)) < least_normal(format_))


def least_normal(format_: Format) -> float:
    """The least number that the format holds with all its digits."""
    return float(np.finfo(format_.number).tiny)
