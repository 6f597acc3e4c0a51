"""Indicators of Boolean matrices of any content: that an entry is 1, and that a row has no such entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .algebra import ONE, ZERO, Atom, Exponent, Expr, Plain, product
from .atoms import Images, Values, power
from .polynomial import Naming, Poly, Unsupported, Variable, poly_text


@dataclass(frozen=True, slots=True)
class Flag(Plain):
    """The entry of a Boolean matrix as 0 or 1."""

    matrix: str
    columns: Poly
    row: Poly
    column: Poly

    @property
    def free(self) -> frozenset[Variable]:
        return self.row.variables | self.column.variables | self.columns.variables

    @property
    def places(self) -> tuple[tuple[str, Poly], ...]:
        return ((f"{self.matrix} 0", self.row), (f"{self.matrix} 1", self.column))

    def text(self, name: Naming) -> str:
        return f"{self.matrix}[{poly_text(self.row, name)},{poly_text(self.column, name)}]"

    def raised(self, exponent: Exponent, others: Mapping[Atom, Exponent]) -> Exponent | Expr:
        """A row that holds nothing has no entry 1."""
        return _indicated(exponent, others.get(self.nothing, 0))

    @property
    def nothing(self) -> Nothing:
        """What excludes it."""
        return Nothing(self.matrix, self.columns, self.row)

    def settles(self, other: Atom) -> Expr | None:
        if other == self:
            return ONE
        return ZERO if other == self.nothing else None

    def replaced(self, exponent: Exponent, images: Images, values: Values) -> Expr:
        if self in values:
            return power(values[self], exponent)
        sides = (side.substitute(images) for side in (self.columns, self.row, self.column))
        return product({Flag(self.matrix, *sides): exponent})


@dataclass(frozen=True, slots=True)
class Nothing(Plain):
    """1 where no entry of a row of a Boolean matrix holds, otherwise 0."""

    matrix: str
    columns: Poly
    row: Poly

    @property
    def free(self) -> frozenset[Variable]:
        return self.row.variables | self.columns.variables

    @property
    def places(self) -> tuple[tuple[str, Poly], ...]:
        return ((f"{self.matrix} 0", self.row),)

    def text(self, name: Naming) -> str:
        return f"nothing({self.matrix}[{poly_text(self.row, name)}])"

    def raised(self, exponent: Exponent, _others: Mapping[Atom, Exponent]) -> Exponent | Expr:
        return _indicated(exponent, 0)

    def settles(self, other: Atom) -> Expr | None:
        if other == self:
            return ONE
        return ZERO if isinstance(other, Flag) and other.nothing == self else None

    def replaced(self, exponent: Exponent, images: Images, values: Values) -> Expr:
        if self in values:
            return power(values[self], exponent)
        return product({Nothing(self.matrix, self.columns.substitute(images), self.row.substitute(images)): exponent})


def _indicated(exponent: Exponent, excluded: Exponent) -> Exponent | Expr:
    if exponent < 0:
        raise Unsupported("a division by a Boolean")
    return 0 if not exponent else ZERO if excluded else 1


INDICATORS = (Flag, Nothing)
"""Atoms that are 0 or 1."""
