"""√max(u, 0) and its reciprocal as atoms that have a value everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from .algebra import ZERO, Atom, Exponent, Expr, Plain, product, substitute
from .atoms import Images, Values, leading, positive, power, rational
from .polynomial import Naming, Variable, refuse


@dataclass(frozen=True, slots=True)
class Root(Plain):
    """Its power k is √u^k where u > 0 and 0 elsewhere, for every integer k: so its power 0 is [u > 0]."""

    argument: Expr

    @property
    def height(self) -> int:
        return self.argument.height

    @property
    def free(self) -> frozenset[Variable]:
        return self.argument.free

    @property
    def cancels(self) -> bool:
        return False

    def text(self, name: Naming) -> str:
        return f"root({self.argument.text(name)})"

    def raised(self, exponent: Exponent, _others: Mapping[Atom, Exponent]) -> Exponent | Expr:
        if exponent in (1, -1):
            return exponent
        count = Fraction(exponent)
        if count.denominator != 1:
            refuse("a root of a root that may be 0")
        if count == 0:
            return positive(self.argument)
        if count > 1:
            rest = positive(self.argument) if count % 2 == 0 else product({self: 1})
            return power(self.argument, count // 2) * rest
        return exponent

    def replaced(self, exponent: Exponent, images: Images, values: Values) -> Expr:
        if self in values:
            return power(values[self], exponent) if values[self] != ZERO else ZERO
        return rooted(substitute(self.argument, images, values), Fraction(exponent))


def rooted(u: Expr, exponent: Fraction) -> Expr:
    """The power of √max(u, 0), 0 where u is not positive."""
    if u.constant is not None:
        return power(u, exponent / 2) if u.constant > 0 else ZERO
    count = abs(u.terms[leading(u)])
    return product({Root(u.scaled(1 / count)): exponent}) * power(rational(count), exponent / 2)
