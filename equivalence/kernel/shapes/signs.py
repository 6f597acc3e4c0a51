"""Masks: where they stand, and the worlds that a sign splits an expression into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from .algebra import ONE, UNIT, ZERO, Atom, Expr, substitute
from .atoms import Apply, Entry, exp, leading, power
from .largest import Family
from .totals import Root

MOST_SIGNS = 6
"""Masks whose combinations are explored; with more, nothing is shown."""


@dataclass(frozen=True)
class World:
    """What atoms are where an expression has one sign, what is > 0 there, and what must not be excluded for it to exist."""

    values: Mapping[Atom, Expr]
    above: tuple[Expr, ...]
    needed: tuple[Expr, ...]


def signs(expr: Expr) -> set[Expr]:
    """The arguments of masks and roots that hold no other one and no bound variable, wherever they stand."""
    found: set[Expr] = set()
    for factor in {factor for term in expr.terms for factor, _ in term.factors}:
        inner = factor.argument if isinstance(factor, Apply | Root) else factor.body if isinstance(factor, Family) else ZERO
        deeper = signs(inner)
        found |= deeper
        if not deeper and (isinstance(factor, Root) or isinstance(factor, Apply) and factor.is_sign):
            bound = any(str(name).startswith("#") for name in inner.free)
            found |= set() if bound else {inner if inner.terms[leading(inner)] > 0 else -inner}
    return found


def worlds(value: Expr) -> tuple[World, World, World]:
    """Where the expression is > 0, < 0 and 0."""
    atoms: tuple[Atom, ...] = (Apply("positive", value), Apply("zero", value), Root(value), Root(-value))

    def where(*values: Expr) -> dict[Atom, Expr]:
        return dict(zip(atoms, values, strict=True))

    half = Fraction(1, 2)
    return (
        World(where(ONE, ZERO, power(value, half), ZERO), (value,), (value,)),
        World(where(ZERO, ZERO, ZERO, power(-value, half)), (-value,), (-value,)),
        World(where(ZERO, ONE, ZERO, ZERO) | _solution(value), (), (value, -value)),
    )


def excluded(world: World, above: tuple[Expr, ...]) -> bool:
    """Whether a world contradicts what is > 0."""
    return any(_exclude(known, each) for known in above for each in world.needed)


def _exclude(one: Expr, other: Expr) -> bool:
    """Whether one > 0 implies other < 0, because they add up, one scaled by some r > 0, to a constant that is <= 0."""
    for term, count in one.terms.items():
        ratio = -other.terms.get(term, Fraction(0)) / count
        if term != UNIT and ratio > 0:
            rest = (other + one.scaled(ratio)).constant
            return rest is not None and rest <= 0
    return False


def _solution(value: Expr) -> dict[Atom, Expr]:
    """An entry, or the exponential of a term, that the equation value = 0 gives in terms of the rest."""
    for term, count in value.terms.items():
        factors = dict(term.factors)
        if len(factors) == 1 and not term.bound and not term.guards:
            ((factor, exponent),) = factors.items()
            rest = value - Expr({term: count})
            if isinstance(factor, Entry) and exponent == 1 and substitute(rest, {}, {factor: ZERO}) == rest:
                return {factor: rest.scaled(-1 / count)}
    for term, count in value.terms.items():
        if term != UNIT:
            rest = value - Expr({term: count})
            return {Apply("exp", Expr({term: Fraction(1)})): exp(rest.scaled(-1 / count))}
    return {}
