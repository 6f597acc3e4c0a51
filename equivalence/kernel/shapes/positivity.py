"""Which expressions are above 0 by the look of their terms; False means 'not shown'."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .algebra import ONE, Atom, Expr, Term
from .atoms import Apply, Entry
from .flags import INDICATORS, Flag, Nothing
from .polynomial import Guard, Poly, Variable, integer, least, variable, within
from .prover import implied
from .sides import Side


@dataclass(frozen=True)
class Positivity:
    """What is above 0 where these guards hold and every entry of these tensors is positive."""

    facts: frozenset[Guard]
    tensors: frozenset[str]

    def positive(self, expr: Expr) -> bool:
        """Whether no term is below 0, and one term is above 0 or several never vanish together."""
        if not all(count > 0 and self._is_product(term, spare=INDICATORS) for term, count in expr.terms.items()):
            return False
        above = (self._filled(term) for term in expr.terms if self._is_product(term, spare=()))
        return any(above) or any(self._covers(term, expr) for term in expr.terms)

    def positive_atom(self, atom: Atom) -> bool:
        """Whether an atom is above 0."""
        match atom:
            case Apply("exp", _):
                return True
            case Side(name):
                return least(variable(name) - integer(1)) in self.facts
            case Entry(tensor, _):
                return tensor in self.tensors
            case Apply("base", value):
                return self.positive(value)
            case Apply("log", value):
                return self.positive(value - ONE)
        return False

    def _is_product(self, term: Term, spare: tuple[type, ...]) -> bool:
        """Whether all factors are above 0, those of some kinds left out."""
        return all(isinstance(atom, spare) or self.positive_atom(atom) for atom, _ in term.factors)

    def _without(self, term: Term, indicator: Atom) -> bool:
        """Whether all factors but this indicator are above 0."""
        return self._is_product(replace(term, factors=term.factors - {(indicator, 1)}), spare=())

    def _filled(self, term: Term) -> bool:
        """Whether no sum is empty: 0 is an index of it, or no lower bound of an index is above an upper one."""
        origin = {name: integer(0) for name in term.bound}
        if all(implied(self.facts, guard.substitute(origin)) for guard in term.guards):
            return True
        guards: Sequence[Guard] | None = [*term.guards]
        for name in term.bound:
            guards = None if guards is None else possible(name, guards)
        return guards is not None and all(implied(self.facts, guard) for guard in guards)

    def _covers(self, rest: Term, expr: Expr) -> bool:
        """Of [nothing in row i] Q and of [i,j] P for every column j, with P and Q above 0, one does not vanish."""
        for nothing, _ in rest.factors:
            if not isinstance(nothing, Nothing) or not nothing.free.isdisjoint(rest.bound):
                continue
            columns = {column for term in expr.terms for column in self._columns(term, nothing)}
            count = nothing.columns.constant
            every = None in columns or (count is not None and columns.issuperset(map(integer, range(count))))
            if every and self._filled(rest) and self._without(rest, nothing):
                return True
        return False

    def _columns(self, term: Term, nothing: Nothing) -> Iterator[Poly | None]:
        """The column of the row for which a term is above 0 where the entry is 1; None if it is a sum over all of them."""
        for flag, _ in term.factors:
            if not isinstance(flag, Flag) or flag.nothing != nothing:
                continue
            if not nothing.free.isdisjoint(term.bound) or not self._without(term, flag):
                continue
            if not term.bound and not term.guards:
                yield flag.column
            elif [flag.column] == [variable(name) for name in term.bound]:
                facts = self.facts.union(*(within(name, flag.columns) for name in term.bound))
                if all(implied(facts, guard) for guard in term.guards):
                    yield None


def possible(name: Variable, guards: Sequence[Guard]) -> Sequence[Guard] | None:
    """Guards without a variable, under which it can be chosen so that all hold; None if its coefficient is not ±1."""
    lower, upper, rest = list[Poly](), list[Poly](), list[Guard]()
    for guard in guards:
        bound = guard.poly.solved(name)
        if name not in guard.poly.variables:
            rest.append(guard)
        elif bound is None:
            return None
        else:
            rises = dict(guard.poly.terms)[(name,)] == 1
            lower += [bound] if rises or guard.relation == "zero" else []
            upper += [bound] if not rises or guard.relation == "zero" else []
    return [*rest, *(least(high - low) for low in lower for high in upper)]
