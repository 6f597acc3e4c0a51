"""Whether an expression is 0 for all sizes, indices and entries of a case. False means 'not shown'."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from .algebra import ZERO, Expr, Term, substitute
from .atoms import Apply, power
from .polynomial import Guard, Poly, Variable, variable
from .settling import settled
from .signs import MOST_SIGNS, excluded, signs, worlds

Facts = frozenset[Guard]

def vanishes(expr: Expr, facts: Facts, above: tuple[Expr, ...] = (), depth: int = 0) -> bool:
    """Whether the expression is 0 wherever the facts hold and the expressions `above` are > 0.

    `depth` counts the sums that were opened on the way.
    """
    plain = settled(expr, facts)
    groups: dict[tuple[frozenset[Variable], Facts], dict[Term, Fraction]] = {}
    for term, count in plain.terms.items():
        groups.setdefault((term.bound, term.guards), {})[replace(term, bound=frozenset(), guards=frozenset())] = count
    if all(not bound and not guards for bound, guards in groups):
        return not plain.terms or _vanishes_plainly(plain, facts, above, depth)
    # A sum is 0 if its summands are: bound variables are read as free ones, under names used nowhere else.
    for (bound, guards), group in groups.items():
        images: dict[Variable, Poly] = {name: variable(f"@{depth}{name}") for name in bound}
        known = facts.union(guard.substitute(images) for guard in guards)
        if not vanishes(substitute(Expr(group), images, {}), known, above, depth + 1):
            return False
    return True


def _vanishes_plainly(expr: Expr, facts: Facts, above: tuple[Expr, ...], depth: int) -> bool:
    """Without sums at the top: clear the denominators, then decide in each combination of signs."""
    bases = {a for t in expr.terms for a, n in t.factors if n < 0 and isinstance(a, Apply) and a.function == "base"}
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
