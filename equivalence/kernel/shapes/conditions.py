"""What an expression is beside indicators: a·F(a) is a·F(1) for an a that is 0 or 1."""

from __future__ import annotations

from collections.abc import Iterable

from .algebra import Atom, Expr, substitute


def settled_by(argument: Expr, factors: Iterable[Atom]) -> Expr:
    """The argument where none of the factors is 0."""
    inside = {atom for term in argument.terms for atom, _ in term.factors}
    found = {atom: known for factor in factors for atom in inside if (known := factor.settles(atom)) is not None}
    return substitute(argument, {}, found) if found else argument
