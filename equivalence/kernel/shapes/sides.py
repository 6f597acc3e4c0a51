"""Integers that are not known, as real numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from .algebra import ZERO, Exponent, Expr, Plain, product
from .atoms import Images, Values, power, rational
from .polynomial import Naming, Poly, Variable, integer, variable


@dataclass(frozen=True, slots=True)
class Side(Plain):
    """The value of an integer variable, as a real number."""

    variable: Variable

    @property
    def free(self) -> frozenset[Variable]:
        return frozenset({self.variable})

    def text(self, name: Naming) -> str:
        return name(self.variable)

    def replaced(self, exponent: Exponent, images: Images, _values: Values) -> Expr:
        image = images.get(self.variable)
        return product({self: exponent}) if image is None else power(from_poly(image), exponent)


def from_poly(poly: Poly) -> Expr:
    """An integer polynomial as a real expression."""
    total = ZERO
    for monomial, count in poly.terms:
        total = total + reduce(Expr.__mul__, (product({Side(v): 1}) for v in monomial), rational(count))
    return total


def to_poly(expr: Expr) -> Poly | None:
    """The integer polynomial that an expression is, if it is one."""
    total = integer(0)
    for term, count in expr.terms.items():
        if term.bound or term.guards or count.denominator != 1:
            return None
        monomial = integer(int(count))
        for atom, exponent in term.factors:
            if not isinstance(atom, Side) or exponent != int(exponent) or exponent < 1:
                return None
            for _ in range(int(exponent)):
                monomial = monomial * variable(atom.variable)
        total = total + monomial
    return total
