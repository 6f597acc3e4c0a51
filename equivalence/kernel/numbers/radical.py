"""Square roots of rationals and of π: what is rational in them, and constants where a machine number would be another one."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, ctx, fmpq

from ....ir.constant import Constant
from ..scalars.mask import Unsupported

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
    """factor · √radicand / √π^roots, a constant that a kernel made; other scalars take it up, and rationals scale it."""

    factor: Fraction
    radicand: Fraction
    roots: int

    def in_terms_of(self, lift: Callable[[Fraction], Any]) -> Any:
        """The number as a scalar of another kind, made of its rational numbers and their function sqrt."""
        outside, inside = lift(self.factor), lift(self.radicand)
        for _ in range(self.roots):
            outside = outside * lift(Fraction(1)).apply(PER_ROOT_PI)
        return outside if self.radicand == 1 else outside * inside.apply("sqrt")

    def __mul__(self, other: Any) -> Any:
        return Radical(self.factor * other, self.radicand, self.roots) if isinstance(other, int | Fraction) else NotImplemented

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        return self * (Fraction(1) / other) if isinstance(other, int | Fraction) else NotImplemented

    def __rtruediv__(self, other: Any) -> Any:
        if self.roots or not isinstance(other, int | Fraction):
            return NotImplemented
        if other == 0:
            return Fraction(0)
        return Radical(other / self.factor / self.radicand, self.radicand, 0)


def read(constant: Constant) -> Radical:
    """The real number that a constant of a kernel stands for.

    Raises: Unsupported if its binary64 is not the one nearest to that number.
    """
    found = Radical(constant.factor, constant.radicand, constant.roots)
    if not (found.radicand > 0 and found.roots >= 0 and _is_nearest(constant.nearest, found)):
        raise Unsupported(f"a constant that is said to be {found}, to which {constant.nearest!r} is not the nearest binary64")
    return found


def _is_nearest(number: float, real: Radical) -> bool:
    with ctx.workprec(256):
        factor, radicand = (fmpq(each.numerator, each.denominator) for each in (real.factor, real.radicand))
        exact = arb(factor) * arb(radicand).sqrt() / arb.pi().sqrt() ** real.roots
        return bool(2 * abs(exact - arb(number)) < arb(math.ulp(number)))


PER_ROOT_PI = "per_root_pi"
"""The name of the function x / √π. Provers know nothing of it: what they show holds with any number for 1/√π."""
