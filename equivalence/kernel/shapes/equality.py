"""Whether an expression is 0 for all sizes, indices and entries of a case. False means 'not shown'."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from .algebra import ONE, UNIT, ZERO, Atom, Expr, Term, opened, substitute, summed
from .atoms import Apply, Entry, Largest, power
from .polynomial import Guard, Poly, Variable, integer, least, polynomial, variable, zero
from .prover import implied

Facts = frozenset[Guard]

_SIGNS = 6
"""Masks whose combinations are explored; with more, nothing is shown."""


def vanishes(expr: Expr, facts: Facts, above: tuple[Expr, ...] = (), depth: int = 0) -> bool:
    """Whether the expression is 0 wherever the facts hold and the expressions `above` are > 0.

    `depth` counts the sums that were opened on the way.
    """
    settled = _settled(expr, facts)
    groups: dict[tuple[frozenset[Variable], Facts], dict[Term, Fraction]] = {}
    for term, count in settled.terms.items():
        groups.setdefault((term.bound, term.guards), {})[replace(term, bound=frozenset(), guards=frozenset())] = count
    if all(not bound and not guards for bound, guards in groups):
        return not settled.terms or _vanishes_plainly(settled, facts, above, depth)
    # A sum is 0 if its summands are: bound variables are read as free ones, under names used nowhere else.
    for (bound, guards), group in groups.items():
        images: dict[Variable, Poly] = {name: variable(f"@{depth}{name}") for name in bound}
        known = facts.union(guard.substitute(images) for guard in guards)
        if not vanishes(substitute(Expr(group), images, {}), known, above, depth + 1):
            return False
    return True


def _settled(expr: Expr, facts: Facts) -> Expr:
    """The expression without guards that the others imply, and without terms whose guards contradict each other."""
    total = ZERO
    for term, count in expr.terms.items():
        names, guards, body = opened(term)
        tight = {zero(guard.poly) for guard in guards if guard.relation == "least" and least(-guard.poly) in guards}
        if tight:  # p >= 0 and -p >= 0 are an equation
            total = total + _settled(summed(body, names, guards.difference(*map(_halves, tight)) | tight), facts).scaled(count)
            continue
        digit = next((each for each in _digits(names, guards) if implied(facts | guards, each)), None)
        if digit is not None:
            total = total + _settled(summed(body, names, guards | {digit}), facts).scaled(count)
            continue
        kept = set(guards)
        for guard in sorted(guards, key=lambda guard: len(guard.poly.terms), reverse=True):
            given = facts | (kept - {guard})
            if implied(given, guard):
                kept.discard(guard)
            elif implied(given, least(-guard.poly - integer(1))) or guard.relation == "zero" and implied(given, least(guard.poly - integer(1))):
                break
        else:
            total = total + summed(body, names, kept).scaled(count)
    return total


def _halves(equation: Guard) -> Facts:
    return frozenset({least(equation.poly), least(-equation.poly)})


def _digits(bound: frozenset[Variable], guards: Facts) -> Iterator[Guard]:
    """Equations that the guards may force: of 0 <= s·a + b < s with 0 <= b < s that a = 0, which gives a bound variable."""
    for guard in guards:
        for side in {v for monomial, _ in guard.poly.terms if len(monomial) > 1 for v in monomial} - bound:
            quotient = _quotient(guard.poly, side)
            if any(quotient.solved(name) is not None for name in bound):
                yield zero(quotient)


def _quotient(poly: Poly, side: Variable) -> Poly:
    """The coefficient of the side."""
    split = [(monomial, monomial.index(side), count) for monomial, count in poly.terms if side in monomial]
    return polynomial({monomial[:k] + monomial[k + 1 :]: count for monomial, k, count in split})


def _vanishes_plainly(expr: Expr, facts: Facts, above: tuple[Expr, ...], depth: int) -> bool:
    """Without sums at the top: clear the denominators, then decide in each combination of signs."""
    factors = {factor for term in expr.terms for factor, _ in term.factors}
    bases = [a for a in factors if isinstance(a, Apply) and a.function == "base"]
    if bases:
        return vanishes(_cleared(expr, min(bases, key=str)), facts, above, depth)
    signs = _signs(expr)
    if not 0 < len(signs) <= _SIGNS:
        return False
    value = min(signs, key=str)
    positive, zero = Apply("positive", value), Apply("zero", value)
    # Each world with what is > 0 in it, and with what may not be excluded for it to exist.
    worlds: list[tuple[dict[Atom, Expr], tuple[Expr, ...], tuple[Expr, ...]]] = [
        ({positive: ONE, zero: ZERO}, (value,), (value,)),
        ({positive: ZERO, zero: ZERO}, (-value,), (-value,)),
        ({positive: ZERO, zero: ONE} | _solution(value), (), (value, -value)),
    ]
    return all(
        vanishes(substitute(expr, {}, world), facts, (*above, *new), depth)
        for world, new, needed in worlds
        if not any(_exclude(known, each) for known in above for each in needed)
    )


def _exclude(one: Expr, other: Expr) -> bool:
    """Whether one > 0 implies other < 0, because they add up, one scaled by some r > 0, to a constant that is <= 0."""
    for term, count in one.terms.items():
        ratio = -other.terms.get(term, Fraction(0)) / count
        if term != UNIT and ratio > 0:
            rest = (other + one.scaled(ratio)).constant
            return rest is not None and rest <= 0
    return False


def _cleared(expr: Expr, base: Apply) -> Expr:
    """The expression times a power of a base, which is never 0: that was shown when it became a divisor."""
    worst = min(dict(term.factors).get(base, 0) for term in expr.terms)
    total = ZERO
    for term, count in expr.terms.items():
        factors = dict(term.factors)
        left = factors.pop(base, 0) - worst
        total = total + Expr({replace(term, factors=frozenset(factors.items())): count}) * power(base.argument, left)
    return total


def _signs(expr: Expr) -> set[Expr]:
    """The arguments of masks that hold no other mask and no bound variable, wherever they stand."""
    found: set[Expr] = set()
    for factor in {factor for term in expr.terms for factor, _ in term.factors}:
        inner = factor.argument if isinstance(factor, Apply) else factor.body if isinstance(factor, Largest) else ZERO
        deeper = _signs(inner)
        found |= deeper
        if isinstance(factor, Apply) and factor.is_sign and not deeper:
            found |= {inner} if not any(str(name).startswith("#") for name in inner.free) else set()
    return found


def _solution(value: Expr) -> dict[Atom, Expr]:
    """An entry that the equation value = 0 gives in terms of the rest."""
    for term, count in value.terms.items():
        factors = dict(term.factors)
        if len(factors) == 1 and not term.bound and not term.guards:
            ((factor, exponent),) = factors.items()
            rest = value - Expr({term: count})
            if isinstance(factor, Entry) and exponent == 1 and substitute(rest, {}, {factor: ZERO}) == rest:
                return {factor: rest.scaled(-1 / count)}
    return {}
