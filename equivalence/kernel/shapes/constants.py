"""Constants that no rational is: 1/√π, of which nothing is known but its value, and what a kernel's constants stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ....ir.constant import Constant
from ..numbers.radical import Radical, read
from ..scalars.mask import Unsupported as Misread
from .algebra import Atom, Exponent, Expr, Plain, product
from .atoms import power, rational
from .polynomial import Naming, Poly, Variable, refuse


@dataclass(frozen=True, slots=True)
class PerRootPi(Plain):
    """1/√π. Whatever is shown of an expression that holds it is true of any number in its place."""

    @property
    def free(self) -> frozenset[Variable]:
        return frozenset()

    def text(self, _name: Naming) -> str:
        return "1/sqrt(pi)"

    def replaced(self, exponent: Exponent, _images: Mapping[Variable, Poly], values: Mapping[Atom, Expr]) -> Expr:
        return power(values[self], exponent) if self in values else product({self: exponent})


PER_ROOT_PI = product({PerRootPi(): 1})


def meant(made: Constant) -> Radical:
    """What a constant of a kernel stands for. Raises: Unsupported if its float is not the nearest to that."""
    try:
        return read(made)
    except Misread as misread:
        refuse(str(misread))


def constant(made: Constant) -> Expr:
    """The same as an expression."""
    real = meant(made)
    root = power(rational(real.radicand), Fraction(1, 2))
    return (root * power(PER_ROOT_PI, real.roots)).scaled(real.factor)
