"""A prover for Iverson brackets: Fourier–Motzkin on integer rows, whose monomials count as independent unknowns."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .polynomial import Guard, Monomial, Poly, Variable, integer, least, place, polynomial


class _Row(NamedTuple):
    """Σ coefficient · monomial + constant >= 0, the monomials taken for independent integers."""

    terms: frozenset[tuple[Monomial, int]]
    constant: int


_ROWS = 300
"""Rows at which the elimination gives up; giving up means 'not shown', never 'shown'."""


def implied(facts: Iterable[Guard], goal: Guard) -> bool:
    """Whether the facts imply the goal, as far as Fourier–Motzkin on integer rows can show; False means unknown."""
    if goal.truth is not None:
        return goal.truth
    facts = tuple(facts)
    below = least(-goal.poly - integer(1))
    if not _contradictory((*facts, below)):
        return False
    return goal.relation == "least" or _contradictory((*facts, least(goal.poly - integer(1))))


def _contradictory(guards: Iterable[Guard]) -> bool:
    rows: set[_Row] = set()
    for guard in guards:
        rows.add(_row(guard.poly))
        if guard.relation == "zero":
            rows.add(_row(-guard.poly))
    rows |= _products(rows)
    while not any(not row.terms and row.constant < 0 for row in rows):
        signs = Counter((monomial, count > 0) for row in rows for monomial, count in row.terms)
        if not signs or len(rows) > _ROWS:
            return False
        # Each pair of a bound from above and one from below becomes a row, and all of them go.
        rows = _eliminated(rows, min(signs, key=lambda s: (signs[s] - 1) * (signs[s[0], not s[1]] - 1))[0])
    return True


def _products(rows: set[_Row]) -> set[_Row]:
    """Products that occur: of variables known to be at least 1, each at least a multiple of every part of it, and of such
    variables with a row on what stands beside them.
    """
    lowest: dict[Variable, int] = {}
    for row in rows:
        for monomial, count in row.terms if len(row.terms) == 1 and row.constant < 0 else ():
            if len(monomial) == count == 1:
                lowest[monomial[0]] = max(-row.constant, lowest.get(monomial[0], 1))
    found: set[_Row] = set()
    for monomial in _monomials(rows):
        sizes = [v for v in monomial if v in lowest]
        for cofactor in _parts(sizes):
            rest = _without(monomial, cofactor)
            if not lowest.keys() >= set(rest):
                found |= {_times(row, cofactor) for row in rows if rest in dict(row.terms)}
    for monomial in _monomials(rows | found):
        if lowest.keys() >= set(monomial):
            for cofactor in {(), *_parts(monomial)} - {monomial}:
                times = math.prod(lowest[v] for v in _without(monomial, cofactor))
                found.add(_row(polynomial({monomial: 1, cofactor: -times})))
    return found


def _monomials(rows: set[_Row]) -> set[Monomial]:
    """The products of more than one variable that occur."""
    return {monomial for row in rows for monomial, _ in row.terms if len(monomial) > 1}


def _parts(variables: Sequence[Variable]) -> set[Monomial]:
    """The products of some of the variables, at least one."""
    return {each for count in range(1, len(variables) + 1) for each in itertools.combinations(variables, count)}


def _without(monomial: Monomial, cofactor: Monomial) -> Monomial:
    return tuple((Counter(monomial) - Counter(cofactor)).elements())


def _times(row: _Row, cofactor: Monomial) -> _Row:
    terms = {tuple(sorted(monomial + cofactor, key=place)): count for monomial, count in row.terms}
    return _row(polynomial(terms | {cofactor: row.constant}))


def _row(poly: Poly) -> _Row:
    terms = dict(poly.terms)
    constant = terms.pop((), 0)
    common = math.gcd(*terms.values()) or 1
    return _Row(frozenset((monomial, count // common) for monomial, count in terms.items()), constant // common)


def _eliminated(rows: set[_Row], monomial: Monomial) -> set[_Row]:
    signed = [(dict(row.terms).get(monomial, 0), row) for row in rows]
    result = {row for count, row in signed if count == 0}
    for up, low in ((p, q) for p in signed if p[0] > 0 for q in signed if q[0] < 0):
        total: dict[Monomial, int] = {(): -low[0] * up[1].constant + up[0] * low[1].constant}
        for times, row in ((-low[0], up[1]), (up[0], low[1])):
            for other, count in row.terms:
                total[other] = total.get(other, 0) + times * count
        result.add(_row(polynomial(total)))
    return result
