"""The largest member of a family of reals over one integer, and which member is the first of the largest.

A family is kept as it is, never as a sum: Σ_k (x[k] − mean) is 0, its largest member is not. Over several axes families
are nested, the last axis innermost, so that the first winner is the first in row-major order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from .algebra import ONE, ZERO, Atom, Exponent, Expr, Plain, product, substitute, summed
from .atoms import Images, Values, power
from .polynomial import (
    Fresh,
    Guard,
    Naming,
    Poly,
    Unsupported,
    Variable,
    guards_text,
    integer,
    least,
    own_name,
    place,
    poly_text,
    refuse,
    variable,
    zero,
)
from .prover import implied

Facts = frozenset[Guard]


@dataclass(frozen=True, slots=True)
class Family(Plain):
    """The body at every value of the binder where the guards hold."""

    binder: Variable
    guards: frozenset[Guard]
    body: Expr

    @property
    def height(self) -> int:
        return self.body.height + 1

    @property
    def free(self) -> frozenset[Variable]:
        return self.around

    @property
    def around(self) -> frozenset[Variable]:
        """The variables that the family depends on."""
        return self.body.free.union(*(guard.poly.variables for guard in self.guards)) - {self.binder}

    @property
    def places(self) -> tuple[tuple[str, Poly], ...]:
        return self.read

    @property
    def read(self) -> tuple[tuple[str, Poly], ...]:
        """The indices at which its members read tensors, as far as they are alike for all members."""
        return tuple((label, poly) for label, poly in _reads(self.body) if poly.variables <= self.around)

    def text(self, name: Naming) -> str:
        return f"{guards_text(self.guards, name)}{self.body.text(name)}"

    def with_body(self, body: Expr) -> Expr:
        """The same of the family with this body. Raises: Unsupported for a family of which nothing is asked."""
        refuse("a family of which nothing is asked")

    def opened(self, images: Images, values: Values) -> tuple[Variable, frozenset[Guard], Expr]:
        """A fresh binder with the guards and the body for it, variables and atoms inside replaced."""
        fresh = Fresh()
        own = {self.binder: variable(fresh)}
        guards = frozenset(guard.substitute(own).substitute(images) for guard in self.guards)
        return fresh, guards, substitute(substitute(self.body, own, {}), images, values)


@dataclass(frozen=True, slots=True)
class Largest(Family):
    """The largest member; 0 if there is none."""

    def text(self, name: Naming) -> str:
        return f"max({Family.text(self, name)})"

    def with_body(self, body: Expr) -> Expr:
        return _largest(*replace(self, body=body).opened({}, {}))

    def replaced(self, exponent: Exponent, images: Images, values: Values) -> Expr:
        if self in values:
            return power(values[self], exponent)
        return power(_largest(*self.opened(images, values)), exponent)


@dataclass(frozen=True, slots=True)
class First(Family):
    """1 if the member at `at` is the first of the largest, otherwise 0; also 0 where there is no such member."""

    at: Poly

    @property
    def free(self) -> frozenset[Variable]:
        return self.around | self.at.variables

    @property
    def places(self) -> tuple[tuple[str, Poly], ...]:
        return (("first", self.at), *self.read)

    @property
    def cancels(self) -> bool:
        return False

    def text(self, name: Naming) -> str:
        return f"first({Family.text(self, name)},{poly_text(self.at, name)})"

    def with_body(self, body: Expr) -> Expr:
        return _first(*replace(self, body=body).opened({}, {}), self.at)

    def raised(self, exponent: Exponent, others: Mapping[Atom, Exponent]) -> Exponent | Expr:
        """A family has one first: of two factors that say where it is, the second says that both are the same."""
        if exponent < 0:
            refuse("a division by an indicator")
        if not exponent:
            return 0
        given = (each for each in others if isinstance(each, First) and replace(each, at=self.at) == self)
        first = min((each.at for each in given if others[each]), key=lambda at: poly_text(at, place))
        return summed(ONE, (), {zero(self.at - first)}) if first != self.at else 1

    def replaced(self, exponent: Exponent, images: Images, values: Values) -> Expr:
        if self in values:
            return power(values[self], exponent)
        return power(_first(*self.opened(images, values), self.at.substitute(images)), exponent)


def largest(facts: Facts, body: Expr, binder: Fresh, guards: Iterable[Guard]) -> Expr:
    """The largest value of the body over the integers where the guards hold; 0 if there are none."""
    conditions = frozenset(guards)
    outer = exists(facts, binder, conditions)
    body, outside = _pulled(body, binder, outer)
    return summed(_largest(binder, conditions - _free_of(conditions, binder), body), (), outer | outside)


def first(facts: Facts, body: Expr, binder: Fresh, guards: Iterable[Guard], at: Poly) -> Expr:
    """1 if the value of the body at `at` is the first of the largest over the integers where the guards hold, else 0."""
    conditions = frozenset(guards)
    outer = frozenset(guard for guard in conditions if binder not in guard.poly.variables)
    body = _without(body, outer)
    here = frozenset(guard.substitute({binder: at}) for guard in conditions)
    kept = frozenset(guard for guard in here if not implied(facts, guard))
    return summed(_first(binder, conditions - outer, body, at), (), kept)


def exists(facts: Facts, binder: Variable, guards: Iterable[Guard]) -> frozenset[Guard]:
    """What it takes for the guards to hold at some integer, beside the facts: every lower bound is below every upper one."""
    conditions = frozenset(guards)
    lows, highs = _bounds(conditions, binder)
    wanted = _free_of(conditions, binder) | {least(high - low) for low in lows for high in highs}
    return frozenset(guard for guard in wanted if not implied(facts, guard))


def outer(body: Expr, binder: Variable) -> frozenset[Guard]:
    """The guards of a body of one term, outside any sum, that do not depend on the binder."""
    terms = [*body.terms]
    return _free_of(terms[0].guards, binder) if len(terms) == 1 and not terms[0].bound else frozenset()


def _free_of(guards: Iterable[Guard], binder: Variable) -> frozenset[Guard]:
    return frozenset(guard for guard in guards if binder not in guard.poly.variables)


def _bounds(guards: Iterable[Guard], binder: Variable) -> tuple[list[Poly], list[Poly]]:
    """The least and the largest integers that the guards allow. Raises: Unsupported for guards of another form."""
    lows: list[Poly] = []
    highs: list[Poly] = []
    for guard in guards:
        if binder in guard.poly.variables:
            value = guard.poly.solved(binder)
            if value is None or guard.relation != "least":
                refuse("a family over anything but a range")
            (lows if dict(guard.poly.terms)[(binder,)] == 1 else highs).append(value)
    if not lows or not highs:
        refuse("a family without bounds")
    return lows, highs


def _pulled(body: Expr, binder: Variable, known: frozenset[Guard]) -> tuple[Expr, frozenset[Guard]]:
    """max [g] b = [g] max b for g that does not depend on the binder: the body without such guards, and these."""
    outside = outer(body, binder)
    return _without(body, known | outside), outside - known


def _without(body: Expr, known: frozenset[Guard]) -> Expr:
    """The body where these guards are known to hold; guards inside sums are left alone."""
    total = ZERO
    for term, count in body.terms.items():
        total = total + Expr({term if term.bound else replace(term, guards=term.guards - known): count})
    return total


def _reads(body: Expr) -> list[tuple[str, Poly]]:
    """The indices at which an expression reads tensors."""
    return [each for term in body.terms for atom, _ in term.factors for each in atom.places]


def _largest(binder: Variable, guards: frozenset[Guard], body: Expr) -> Expr:
    if not body.terms:
        return ZERO
    at = _pinned(guards, binder)
    if at is not None:
        return summed(substitute(body, {binder: at}, {}), (), (guard.substitute({binder: at}) for guard in guards))
    name, conditions, own, _shift = _named(binder, guards, body)
    return product({Largest(name, conditions, own): 1})


def _first(binder: Variable, guards: frozenset[Guard], body: Expr, at: Poly) -> Expr:
    pinned = _pinned(guards, binder)
    if pinned is not None:
        return summed(ONE, (), {zero(at - pinned), *(guard.substitute({binder: at}) for guard in guards)})
    name, conditions, own, shift = _named(binder, guards, body)
    return product({First(name, conditions, own, at + shift): 1})


def _pinned(guards: Iterable[Guard], binder: Variable) -> Poly | None:
    """The one integer that the guards allow, if there is plainly no other."""
    lows, highs = _bounds(guards, binder)
    return next((low for low in lows if low in highs), None)


def _named(
    binder: Variable, guards: frozenset[Guard], body: Expr
) -> tuple[Variable, frozenset[Guard], Expr, Poly]:
    """The family with a canonical binder, shifted so that the first index made of it alone is it, and by how much.

    The shift keeps the order of the members, which a reflection would not.
    """
    rest = [(label, poly - variable(binder)) for label, poly in _reads(body)]
    rising = [(label, poly_text(poly, own_name), poly) for label, poly in rest if poly.variables <= body.free - {binder}]
    shift = min(rising, key=lambda each: each[:2])[2] if rising else integer(0)
    name = f"#{body.height}.0"
    if body.free.union(*(guard.poly.variables for guard in guards), shift.variables).intersection({name}):
        raise Unsupported("a bound variable that would be captured")
    images = {binder: variable(name) - shift}
    return name, frozenset(guard.substitute(images) for guard in guards), substitute(body, images, {}), shift
