"""Square roots of rationals: what is rational in them, and exact constants where a machine number would be another one."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

_SMALL = tuple(n for n in range(2, 1000) if all(n % k for k in range(2, math.isqrt(n) + 1)))
"""The primes that are taken out of an integer one by one."""


def square_root(value: Fraction) -> tuple[Fraction, tuple[int, ...]]:
    """r and distinct integers k with √value = r Π √k, for a value > 0; without any k the root is rational.

    Equal values have equal parts. The last k may hold several primes, none of them small.
    Source: derivation: √(p/q) = √(p q) / q, and √(s² k) = s √k for s > 0.
    """
    rest, outside, inside = value.numerator * value.denominator, 1, []
    for prime in _SMALL:
        count = 0
        while rest % prime == 0:
            rest, count = rest // prime, count + 1
        outside *= prime ** (count // 2)
        if count % 2:
            inside.append(prime)
    whole = math.isqrt(rest)
    if whole * whole == rest:
        outside *= whole
    else:
        inside.append(rest)
    return Fraction(outside, value.denominator), tuple(inside)


@dataclass(frozen=True, slots=True, eq=False)
class Radical:
    """factor · √radicand, a constant that a kernel made; other scalars take it up, and rationals scale it."""

    factor: Fraction
    radicand: Fraction

    def in_terms_of(self, lift: Callable[[Fraction], Any]) -> Any:
        """The number as a scalar of another kind, made of its rational numbers and their function sqrt."""
        return lift(self.factor) * lift(self.radicand).apply("sqrt")

    def __mul__(self, other: Any) -> Any:
        return Radical(self.factor * other, self.radicand) if isinstance(other, int | Fraction) else NotImplemented

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        return self * (Fraction(1) / other) if isinstance(other, int | Fraction) else NotImplemented

    def __rtruediv__(self, other: Any) -> Any:
        if isinstance(other, int | Fraction) and other == 0:
            return Fraction(0)
        return Radical(other / self.factor / self.radicand, self.radicand) if isinstance(other, int | Fraction) else NotImplemented
