"""The word `largest` of formulas: the largest of a family with the tangent of its winner, the first of several."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from .algebra import ZERO, Expr, substitute, summed
from .case import Case
from .largest import Family, First, first, largest, outer
from .polynomial import Fresh, Guard, Poly, Variable, integer, least, refuse, variable, within, zero
from .prover import implied

Pair = tuple[Expr, Expr]
"""A value and its tangent."""


class Dual(Protocol):
    """A value and its tangent."""

    @property
    def value(self) -> Expr: ...

    @property
    def tangent(self) -> Expr: ...


Index = tuple[Poly, ...]

Span = Sequence[tuple[Poly, ...]]
"""Ranges that an index lies in, each with its start and its end, which is excluded."""


def holds_first(expr: Expr) -> bool:
    """Whether some factor says which member of a family is the first of the largest."""
    factors = {atom for term in expr.terms for atom, _ in term.factors}
    return any(isinstance(each, First) or (isinstance(each, Family) and holds_first(each.body)) for each in factors)


def is_lowest(value: Any) -> bool:
    """Whether it is −∞, of which is known only that every real number is larger."""
    return type(value) is float and value == -math.inf


def largest_over(case: Case, name: str, member: Callable[[Index], Dual], spans: Sequence[Span]) -> Pair:
    """The largest along the first span of the largest along the others."""
    return _over(case, name, member, spans, ())


def _over(case: Case, name: str, member: Callable[[Index], Dual], spans: Sequence[Span], chosen: Index) -> Pair:
    if not spans:
        single = member(chosen)
        return single.value, single.tangent
    index = Fresh()
    inner = _over(case, name, member, spans[1:], (*chosen, variable(index)))
    guards: set[Guard] = set()
    for start, end in spans[0]:
        guards |= {least(variable(index) - start), least(end - variable(index) - integer(1))}
    return _won(case, name, inner, index, guards)


def largest_of(case: Case, name: str, entries: Sequence[Dual]) -> Pair:
    """The largest of some entries: the k-th is the body of a family where its index is k."""
    index = Fresh()
    value, tangent = ZERO, ZERO
    for place, entry in enumerate(entries):
        here = {zero(variable(index) - integer(place))}
        value, tangent = value + summed(entry.value, (), here), tangent + summed(entry.tangent, (), here)
    return _won(case, name, (value, tangent), index, within(index, integer(len(entries))))


def _won(case: Case, name: str, member: Pair, index: Fresh, guards: Iterable[Guard]) -> Pair:
    """The largest member over the integers where the guards hold, with the tangent of the first that is largest.

    Where the value is 0 by a guard of its own, as a largest among nothing is, and the tangent with it, it does not matter
    which one is the first: the guard is taken for one of the family's.
    """
    if case.weight(name) != 0:
        refuse("a tie that does not go to the first of the largest")
    (value, tangent), conditions, binder = member, frozenset(guards), Fresh()
    own: dict[Variable, Poly] = {index: variable(binder)}
    shared = {g for g in outer(value, index) if all(implied(case.facts | term.guards, g) for term in tangent.terms)}
    filled = frozenset(guard.substitute(own) for guard in conditions | shared)
    hit = first(case.facts, substitute(value, own, {}), binder, filled, variable(index))
    return largest(case.facts, value, index, conditions), summed(hit * tangent, [index], conditions)
