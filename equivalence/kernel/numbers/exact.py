"""Exact numbers: rationals where arithmetic stays rational, else enclosures in balls; and no number at all, as 1/0 is."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from typing import Any

from flint import arb, fmpq

from ..scalars.mask import Mask, Truth, Unsupported, ordered
from ..scalars.term import exact as rational
from .radical import PER_ROOT_PI, Radical

PRECISION = 256
"""Bits that balls carry."""
MOST_BITS = 4096
"""A rational with more bits above or below is enclosed in a ball: along a chain of products they grow without end."""
AGREEMENT = 128
"""Two enclosures agree if they meet and are at most 2^-AGREEMENT wide relative to max(1, their size)."""


FUNCTIONS = ("exp", "expm1", "log", "log1p", "sin", "cos", "tanh", "sqrt", "erf", "erfc", PER_ROOT_PI)


class Undecidable(Exception):
    """Balls that overlap: their order, or their sign, is not told at this precision."""


@lru_cache(maxsize=4096)
def _read(value: float) -> fmpq:
    fraction = rational(value)
    return fmpq(fraction.numerator, fraction.denominator)


@ordered
class Exact:
    """A real number: a rational, a ball that contains it, or undefined (the value of 1/0, dropped by an untaken branch)."""

    __slots__ = ("value",)

    def __init__(self, value: fmpq | arb | None) -> None:
        self.value = value

    @staticmethod
    def of(value: Any) -> Exact:
        """A number from an exact or a machine number, which is read exactly."""
        if isinstance(value, Exact):
            return value
        if isinstance(value, Mask):
            return Exact.of(value.where(1, 0))
        if isinstance(value, Radical):
            root: Exact = value.in_terms_of(Exact.of)
            return root
        if isinstance(value, float):
            return Exact(_read(value))
        fraction = rational(value)
        return Exact(fmpq(fraction.numerator, fraction.denominator))

    def __add__(self, other: Any) -> Exact:
        a, b = self.value, Exact.of(other).value
        return Exact(None if a is None or b is None else _kept_short(a + b))

    __radd__ = __add__

    def __neg__(self) -> Exact:
        return Exact(None if self.value is None else -self.value)

    def __sub__(self, other: Any) -> Exact:
        return self + -Exact.of(other)

    def __rsub__(self, other: Any) -> Exact:
        return Exact.of(other) + -self

    def __mul__(self, other: Any) -> Exact:
        a, b = self.value, Exact.of(other).value
        return Exact(None if a is None or b is None else _kept_short(a * b))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Exact:
        a, b = self.value, Exact.of(other).value
        if a is None or b is None or (isinstance(b, fmpq) and b == 0):
            return Exact(None)
        if isinstance(b, arb) and b.contains(0):
            raise Undecidable("division by a ball around 0")
        return Exact(_kept_short(a / b))

    def __rtruediv__(self, other: Any) -> Exact:
        return Exact.of(other) / self

    def __pow__(self, exponent: Any) -> Exact:
        ratio = rational(exponent)
        if ratio.denominator != 1:
            return (self.apply("log") * ratio).apply("exp")
        count = int(ratio)
        result = Exact.of(1)
        for _ in range(abs(count)):
            result = result * self
        return result if count >= 0 else 1 / result

    def apply(self, function: str) -> Exact:
        """A function as a ball; rational where the result is plainly so, undefined outside the domain."""
        if self.value is None or (function in ("log", "sqrt") and self.sign() < 0):
            return Exact(None)
        if function == "log1p" and (self + 1).sign() <= 0:
            return Exact(None)
        if function == "log" and self.sign() == 0:
            return Exact(None)
        if isinstance(self.value, fmpq) and self.value == (1 if function == "log" else 0):
            return Exact.of(1 if function in ("exp", "cos", "erfc") else 0)
        if function == "sqrt" and isinstance(self.value, fmpq):
            p, q = (math.isqrt(int(part)) for part in (self.value.p, self.value.q))
            if fmpq(p * p, q * q) == self.value:
                return Exact(fmpq(p, q))
        return self._ball(function)

    def _ball(self, function: str) -> Exact:
        if function not in FUNCTIONS:
            raise Unsupported(f"function {function}")
        if function == PER_ROOT_PI:
            return Exact(arb(self.value) / arb.pi().sqrt())
        return Exact(getattr(arb(self.value), function)())

    def sign(self) -> int:
        """−1, 0 or 1. Raises: Undecidable for a ball around 0 and for no number."""
        if self.value is None:
            raise Undecidable("the sign of an undefined number")
        if self.value > 0:
            return 1
        if self.value < 0:
            return -1
        if self.value == 0:
            return 0
        raise Undecidable("the sign of a ball around 0")

    def compare(self, other: Any, signs: frozenset[int]) -> Mask:
        """Whether the sign of self − other is one of `signs`."""
        return Truth((self - other).sign() in signs)

    def maximum(self, other: Any) -> Exact:
        """The larger of two numbers; of overlapping balls, a ball around it."""
        other = Exact.of(other)
        if self.value is None or other.value is None:
            return Exact(None)
        if isinstance(self.value, fmpq) and isinstance(other.value, fmpq):
            return self if self.value >= other.value else other
        return Exact(arb(self.value).max(arb(other.value)))

    def differs(self, other: Exact) -> bool:
        """Whether the two are certainly not the same number; an undefined one differs from every number."""
        if self.value is None or other.value is None:
            return (self.value is None) is not (other.value is None)
        if isinstance(self.value, fmpq) and isinstance(other.value, fmpq):
            return bool(self.value != other.value)
        return not arb(self.value).overlaps(arb(other.value))

    def agrees(self, other: Exact) -> bool:
        """Whether the two are the same rational, or meet in balls so narrow that they count as the same."""
        if self.value is None or other.value is None or self.differs(other):
            return False
        widths = [arb(value).rad() / abs(arb(value)).max(arb(1)) for value in (self.value, other.value)]
        return all(width < arb(2) ** -AGREEMENT for width in widths)

    def _no_float(self) -> Any:
        raise Unsupported("a kernel asked for the machine number of an exact value")

    __float__ = __int__ = __index__ = __bool__ = _no_float

    def __repr__(self) -> str:
        if self.value is None:
            return "undefined"
        if isinstance(self.value, fmpq):
            return str(Fraction(int(self.value.p), int(self.value.q)))
        return str(self.value.str(20, radius=False))


def _kept_short(value: fmpq | arb) -> fmpq | arb:
    return arb(value) if isinstance(value, fmpq) and value.height_bits() > MOST_BITS else value
