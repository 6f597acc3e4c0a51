"""Quadratic expressions of finitely many entries as sums of squares, and what is left of them."""

from __future__ import annotations

from fractions import Fraction

from .algebra import ZERO, Atom, Expr, Term, product


def without_squares(expr: Expr) -> Expr:
    """The expression less c (a + l)², for one atom a after the other that stands in it as c a² + 2 c l a, with c > 0.

    What is left is never larger. Source: derivation: completing the square.
    """
    for _ in range(len(expr.terms)):
        found = next((atom for term, count in expr.terms.items() if count > 0 and (atom := _squared(term)) is not None), None)
        if found is None:
            return expr
        count = expr.terms[Term(frozenset(), frozenset(), frozenset({(found, 2)}))]
        linear = ZERO
        for term, times in expr.terms.items():
            factors = dict(term.factors)
            if factors.get(found) == 1 and not term.bound:
                del factors[found]
                linear = linear + product(factors, term.guards).scaled(times / (2 * count))
        root = product({found: 1}) + linear
        less = expr - (root * root).scaled(Fraction(count))
        if any(found in dict(term.factors) for term in less.terms):
            return expr
        expr = less
    return expr


def _squared(term: Term) -> Atom | None:
    """The atom that the term is the square of."""
    factors = dict(term.factors)
    if term.bound or term.guards or [2] != [*factors.values()]:
        return None
    return next(iter(factors))
