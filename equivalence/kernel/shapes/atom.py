"""Atoms: the factors that expressions are products and sums of, and what each must answer."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from .polynomial import Naming, Poly, Variable

if TYPE_CHECKING:  # expressions are made of atoms, and an atom's power may be an expression
    from .algebra import Expr

Exponent = int | Fraction


class Atom(Protocol):
    """A factor: something that is not itself a product or a sum; equal atoms are equal functions of their variables."""

    @property
    def free(self) -> frozenset[Variable]:
        """The variables that are not bound in it."""

    @property
    def height(self) -> int:
        """How deep sums are nested in it."""

    @property
    def places(self) -> tuple[tuple[str, Poly], ...]:
        """The indices at which it reads a tensor, each with a label for where."""

    @property
    def cancels(self) -> bool:
        """Whether its power 0 is 1."""

    def text(self, name: Naming) -> str:
        """The atom in words, its variables named so."""

    def raised(self, exponent: Exponent, others: Mapping[Atom, Exponent]) -> Exponent | Expr:
        """The exponent that it keeps among the other factors of a product, or what its power is instead."""

    def settles(self, other: Atom) -> Expr | None:
        """What another atom is wherever this one is not 0, if this one says so."""

    def replaced(self, exponent: Exponent, images: Mapping[Variable, Poly], values: Mapping[Atom, Expr]) -> Expr:
        """Its power with variables and atoms inside replaced."""


class Plain:
    """What most atoms are: no sum in them, no tensor read, and a power of themselves."""

    __slots__ = ()

    @property
    def height(self) -> int:
        return 0

    @property
    def places(self) -> tuple[tuple[str, Poly], ...]:
        return ()

    @property
    def cancels(self) -> bool:
        return True

    def raised(self, exponent: Exponent, _others: Mapping[Atom, Exponent]) -> Exponent | Expr:
        return exponent

    def settles(self, _other: Atom) -> Expr | None:
        return None
