"""An equation of sums taken apart: what shares no variable is shown to vanish by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from ..scalars.term import Term


def parts(left: Term, right: Term) -> Sequence[tuple[Term, Term]]:
    """Equations t = 0 in disjoint variables whose left sides add up to left - right.

    If all of them hold then so does left = right; the converse is not claimed.
    """
    pool = left.pool
    groups: list[tuple[frozenset[int], list[Term]]] = []
    for count, term in (*_summands(left, Fraction(1)), *_summands(right, Fraction(-1))):
        met, own = _variables(term), [pool.binary("mul", pool.number(count), term)]
        apart = [group for group in groups if met.isdisjoint(group[0])]
        for variables, terms in groups:
            if not met.isdisjoint(variables):
                met, own = met | variables, [*terms, *own]
        groups = [*apart, (met, own)]
    return [(_sum(terms), pool.number(Fraction(0))) for _variables, terms in groups]


def _summands(term: Term, count: Fraction) -> Iterator[tuple[Fraction, Term]]:
    """Terms with rational factors that add up to the term times the factor."""
    stack = [(count, term)]
    while stack:
        factor, top = stack.pop()
        numbers = [place for place, argument in enumerate(top.arguments) if argument.kind == "number"]
        if top.kind == "add":
            stack.extend((factor, argument) for argument in top.arguments)
        elif top.kind == "mul" and len(top.arguments) == 2 and numbers:
            constant, other = top.arguments[numbers[0]], top.arguments[1 - numbers[0]]
            stack.append((factor * constant.data, other))
        elif not top.is_number(0):
            yield factor, top


def _variables(term: Term) -> frozenset[int]:
    """The variables that occur, by serial number; a term without any stands with all others of its kind."""
    met, stack, found = set(), [term], set()
    while stack:
        top = stack.pop()
        if top.serial not in met:
            met.add(top.serial)
            stack.extend(top.arguments)
            if top.kind == "variable":
                found.add(top.serial)
    return frozenset(found or {-1})


def _sum(terms: Sequence[Term]) -> Term:
    first, *rest = terms
    for term in rest:
        first = first.pool.binary("add", first, term)
    return first
