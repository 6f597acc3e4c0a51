"""Whether an expression is 0 for all sizes, indices and entries of a case. False means 'not shown'."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from .algebra import ZERO, Expr, Term, opened, substitute, summed
from .atoms import Apply, power
from .polynomial import Guard, Poly, Variable, guards_text, integer, least, place, polynomial, variable, zero
from .prover import implied
from .signs import MOST_SIGNS, excluded, signs, worlds

Facts = frozenset[Guard]

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
        digit = next((each for each in _digits(names, guards, facts) if implied(facts | guards, each)), None)
        if digit is not None:
            total = total + _settled(summed(body, names, guards | {digit}), facts).scaled(count)
            continue
        guards = _without_remainders(guards, facts)
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


def _digits(bound: frozenset[Variable], guards: Facts, facts: Facts) -> Iterator[Guard]:
    """Equations that the guards may force, each of which gives a bound variable.

    Of 0 <= s·a + b < s with 0 <= b < s that a = 0; of an index below a side that an equation of sizes makes 1 that it is 0.
    """
    if any(fact.relation == "zero" for fact in facts):
        yield from (zero(variable(name)) for name in bound)
    for guard in guards:
        for side in {v for monomial, _ in guard.poly.terms if len(monomial) > 1 for v in monomial} - bound:
            quotient = _quotient(guard.poly, side)
            if any(quotient.solved(name) is not None for name in bound):
                yield zero(quotient)


def _without_remainders(guards: Facts, facts: Facts) -> Facts:
    """The guards with s·a + b >= 0 read as a >= 0 where the others say that 0 <= b < s."""
    products = [guard for guard in guards if any(len(monomial) > 1 for monomial, _ in guard.poly.terms)]
    for guard in sorted(products, key=lambda guard: guards_text([guard], place)):
        for side in sorted({v for m, _ in guard.poly.terms if len(m) > 1 for v in m}, key=place):
            given, size = facts | (guards - {guard}), variable(side)
            if guard.relation == "least" and implied(facts, least(size - integer(1))):
                for quotient in (_quotient(guard.poly, side), _quotient(guard.poly, side) - integer(1)):
                    rest = guard.poly - size * quotient
                    if implied(given, least(rest)) and implied(given, least(size - integer(1) - rest)):
                        return _without_remainders(guards - {guard} | {least(quotient)}, facts)
    return guards


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
    found = signs(expr)
    if not 0 < len(found) <= MOST_SIGNS:
        return False
    return all(
        vanishes(substitute(expr, {}, world.values), facts, (*above, *world.above), depth)
        for world in worlds(min(found, key=str))
        if not excluded(world, above)
    )


def _cleared(expr: Expr, base: Apply) -> Expr:
    """The expression times a power of a base, which is never 0: that was shown when it became a divisor."""
    worst = min(dict(term.factors).get(base, 0) for term in expr.terms)
    total = ZERO
    for term, count in expr.terms.items():
        factors = dict(term.factors)
        left = factors.pop(base, 0) - worst
        total = total + Expr({replace(term, factors=frozenset(factors.items())): count}) * power(base.argument, left)
    return total
