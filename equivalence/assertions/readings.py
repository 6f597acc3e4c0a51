"""Which real numbers the machine numbers in somebody's rule stand for.

`0.5 * (1 + erf(x / np.sqrt(2)))` holds the binary64 nearest to √2, and its derivative as people write it the one nearest to
√(2π): taken as they are, the rule would be wrong in its seventeenth digit. So where a rule is not proved with its constants
as they are, each is read as the simple number of which it is a rounding, and the proof says which was read as what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from ..kernel.numbers.radical import PER_ROOT_PI, square_root
from ..kernel.scalars.term import Pool, Term

_PLAIN = 2**20
"""Numerators and denominators below this are what was meant."""

_ROUNDING = Fraction(1, 2**52)
"""How far a number may be from the rational that it was rounded from, relatively: one rounding, or a product's two."""

_ROUNDINGS = Fraction(1, 2**49)
"""The same for roots and powers of π, which people compute by several roundings: `1 / np.sqrt(2 * np.pi)`."""

_PI = Fraction("3.141592653589793238462643383279502884197169399375105820974944")

_MOST_DENOMINATOR = 1000


@dataclass(frozen=True, slots=True)
class Reading:
    """factor √radicand π^(half / 2)."""

    factor: Fraction
    radicand: Fraction = Fraction(1)
    half: int = 0

    def term(self, pool: Pool) -> Term:
        """The number as a term."""
        made: Term = pool.number(self.factor)
        if self.radicand != 1:
            made = made * pool.number(self.radicand).apply("sqrt")
        per_root_pi = pool.number(Fraction(1)).apply(PER_ROOT_PI)
        for _ in range(abs(self.half)):
            made = made * per_root_pi if self.half < 0 else made / per_root_pi
        return made

    def reciprocal(self) -> Reading:
        """One over it."""
        return Reading(1 / self.factor, 1 / self.radicand, -self.half)

    def __str__(self) -> str:
        words = [] if self.factor == 1 else [str(self.factor)]
        words += [] if self.radicand == 1 else [f"√({self.radicand})"]
        words += [] if not self.half else [f"π^({self.half}/2)"]
        return " ".join(words) or "1"


def readings(constants: Iterable[Fraction]) -> Mapping[Fraction, Reading]:
    """Of each constant that is a rounding of something simple, or of a multiple of a power or product of smaller ones, of what."""
    found: dict[Fraction, Reading] = {}
    bases: list[Fraction] = []
    for constant in sorted(constants):
        size = abs(constant)
        if max(size.numerator, size.denominator) < _PLAIN:
            continue
        simple = _simple(size) or _of_another(size, bases)
        if simple is None:
            bases.append(size)
        else:
            sign = 1 if constant > 0 else -1
            found[constant] = Reading(sign * simple.factor, simple.radicand, simple.half)
    return found


def _simple(size: Fraction) -> Reading | None:
    decimal = Fraction(f"{float(size):.12g}")
    for candidate in (decimal, size.limit_denominator(_MOST_DENOMINATOR)):
        if _is_rounded(candidate, size):
            return Reading(candidate)
    for half in (0, -1, 1, -2, 2):
        square = size * size / _PI**half
        radicand = square.limit_denominator(_MOST_DENOMINATOR)
        irrational = half != 0 or radicand > 0 and square_root(radicand)[1] != ()
        if irrational and radicand.numerator < _PLAIN and _is_near(radicand, square):
            return Reading(Fraction(1), radicand, half)
    return None


def _of_another(size: Fraction, bases: Sequence[Fraction]) -> Reading | None:
    powers = [base**power for base in bases for power in (1, -1, 2, -2, 3, -3)]
    products = [first * second for first, second in combinations(bases, 2)]
    for other in (*powers, *products):
        factor = (size / other).limit_denominator(100)
        meant = _is_rounded if other in bases else _is_near
        if factor and factor.numerator <= 100 and meant(factor * other, size):
            return Reading(factor * other)
    return None


def _is_rounded(candidate: Fraction, size: Fraction) -> bool:
    """A number that binary64 holds was not rounded: what is close to it is another number."""
    return Fraction(float(candidate)) != candidate and abs(candidate - size) <= size * _ROUNDING


def _is_near(candidate: Fraction, size: Fraction) -> bool:
    return abs(candidate - size) <= size * _ROUNDINGS
