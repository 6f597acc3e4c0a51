"""What is shown to be > 0 or >= 0: sums and products of such, squares, variances; and in each combination of masks."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

from .algebra import ONE, ZERO, Atom, Exponent, Expr, Term, opened, product, substitute, summed
from .atoms import Apply, Entry, power
from .flags import Flag, Nothing
from .largest import Largest, exists
from .polynomial import Guard, Poly, Variable, integer, is_size, least, variable
from .positivity import Positivity
from .prover import implied
from .sides import Side, to_poly
from .signs import excluded, signs, worlds
from .squares import without_squares

if TYPE_CHECKING:
    from .case import Case

_DEPTH = 4
"""Masks and variances that one question may be split by."""

Group = tuple[frozenset[Variable], frozenset[Guard]]


def is_positive(case: Case, expr: Expr) -> bool:
    """Whether the expression is shown to be > 0 wherever the case holds and the domain's conditions do."""
    return _Bounds(case, case.facts, ()).sign(expr, _DEPTH) == 1


def is_at_least_zero(case: Case, expr: Expr) -> bool:
    """Whether the expression is shown to be >= 0 there."""
    return _Bounds(case, case.facts, ()).sign(expr, _DEPTH) is not None


class _Bounds:
    """Signs where facts hold and the expressions `above` are > 0: 1 for > 0, 0 for >= 0, None for not shown."""

    def __init__(self, case: Case, facts: frozenset[Guard], above: tuple[Expr, ...]) -> None:
        self._case, self._facts, self._above = case, facts, above

    def sign(self, expr: Expr, depth: int) -> int | None:
        """The sign of a sum."""
        found = self._by_groups(expr, depth)
        whole = to_poly(expr) if found is None else None
        if whole is not None:
            return 1 if implied(self._facts, least(whole - integer(1))) else 0 if implied(self._facts, least(whole)) else None
        if found is None:
            rest = without_squares(expr)
            found = None if rest == expr else self._by_groups(rest, depth)
        if found is None and depth:
            found = self._by_worlds(expr, depth)
            found = self._by_variance(expr, depth) if found is None else found
        return found

    def _by_groups(self, expr: Expr, depth: int) -> int | None:
        """Of sums over the same range the summands are added first."""
        if any(expr == known for known in self._above):
            return 1
        groups: dict[Group, Expr] = {}
        for term, count in expr.terms.items():
            plain = Expr({Term(frozenset(), frozenset(), term.factors): count})
            key = (term.bound, term.guards)
            groups[key] = groups.get(key, ZERO) + plain
        found = [self._of_group(key, body, depth) for key, body in groups.items()]
        return _added(found)

    def _of_group(self, group: Group, body: Expr, depth: int) -> int | None:
        bound, guards = group
        if not bound and not guards:
            return _added([self._of_term(term, count, depth) for term, count in body.terms.items()])
        inside = self._within(bound, guards, body, depth)
        origin = {name: integer(0) for name in bound}
        filled = all(implied(self._facts, guard.substitute(origin)) for guard in guards)
        return inside if inside is None or filled else 0

    def _within(self, bound: Iterable[Variable], guards: Iterable[Guard], body: Expr, depth: int) -> int | None:
        """The sign of a body at every value of its bound variables, which are read as free ones of other names."""
        if depth == 0:
            return None
        images: dict[Variable, Poly] = {name: variable(f"%{depth}{name}") for name in bound}
        facts = self._facts.union(guard.substitute(images) for guard in guards)
        return _Bounds(self._case, facts, self._above).sign(substitute(body, images, {}), depth - 1)

    def _of_term(self, term: Term, count: Fraction, depth: int) -> int | None:
        signs_ = [self._of_factor(factor, exponent, depth) for factor, exponent in term.factors]
        if count <= 0 or None in signs_:
            return None
        return min((sign for sign in signs_ if sign is not None), default=1)

    def _of_factor(self, factor: Atom, exponent: Exponent, depth: int) -> int | None:
        own = self._of_atom(factor, depth)
        if own == 1 or exponent % 2 == 1:
            return own
        # An even power, or one of a root.
        return 1 if isinstance(factor, Entry) and factor.tensor in self._case.nonzero else 0

    def _of_atom(self, factor: Atom, depth: int) -> int | None:
        if any(product({factor: 1}) == known for known in self._above):
            return 1
        match factor:
            case Apply("exp", _):
                return 1
            case Apply("base", value):
                return self.sign(value, depth - 1) if depth else None
            case Apply("positive" | "zero", _):
                return 0
            case Side(name):
                return 1 if least(variable(name) - integer(1)) in self._facts else 0 if is_size(name) else None
            case Entry(tensor, _):
                return 1 if tensor in self._case.positive else None
            case Largest(binder, guards, body):
                inside = self._within((binder,), guards, body, depth)
                return inside if inside is None or not exists(self._facts, binder, guards) else 0
            case Flag() | Nothing():
                return 0
        if Positivity(self._facts, self._case.positive).positive_atom(factor):
            return 1
        return 0 if not factor.cancels else None

    def _by_worlds(self, expr: Expr, depth: int) -> int | None:
        """By cases of the sign of one mask's argument."""
        found = signs(expr)
        if not found:
            return None
        value = min(found, key=str)
        known = (*self._above, value) if self._by_groups(value, depth - 1) == 1 else self._above
        cases = [
            _Bounds(self._case, self._facts, (*known, *world.above)).sign(substitute(expr, {}, world.values), depth - 1)
            for world in worlds(value)
            if not excluded(world, known)
        ]
        return None if None in cases else min((sign for sign in cases if sign is not None), default=1)

    def _by_variance(self, expr: Expr, depth: int) -> int | None:
        """Without c Σ (a - mean of a)², for some Σ a² in it, which is never negative.

        Source: derivation: expr = c Σ (a - m)² + rest, for any m, as expressions in normal form.
        """
        for term, count in expr.terms.items():
            square = self._square(term, count, depth)
            if square is not None:
                found = self.sign(expr - square, depth - 1)
                if found is not None:
                    return found
        return None

    def _square(self, term: Term, count: Fraction, depth: int) -> Expr | None:
        if count <= 0 or not term.bound:
            return None
        names, guards, body = opened(term)
        inner = next(iter(body.terms))
        squared: dict[Atom, Exponent] = {a: n for a, n in inner.factors if a.free & names}
        weight: dict[Atom, Exponent] = {a: n for a, n in inner.factors if not a.free & names}
        if len(body.terms) != 1 or not squared or any(n % 2 or not a.cancels for a, n in squared.items()):
            return None
        size, whole = summed(ONE, names, guards), product(weight)
        if len(size.terms) != 1 or any(t.bound or t.guards for t in size.terms) or self.sign(whole, depth - 1) is None:
            return None
        entry = product({a: Fraction(n) / 2 for a, n in squared.items()})
        mean = summed(entry, names, guards) * power(size, -1)
        return (whole * summed((entry - mean) * (entry - mean), names, guards)).scaled(count)


def _added(found: list[int | None]) -> int | None:
    """The sign of a sum; an empty one is 0."""
    if None in found:
        return None
    return max((sign for sign in found if sign is not None), default=0)
