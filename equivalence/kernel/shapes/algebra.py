"""Real expressions as ℚ-combinations of Σ_bound [guards] Π atom^exponent, kept in one normal form.

Bound variables range over all integers and every range is an ordinary guard, so that a Kronecker delta, a range, a slice
and a pad are the same thing. A bound variable that a guard equates with something is eliminated at once.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial

from .atom import Atom, Exponent, Plain
from .binding import bare, counted, eliminated, order
from .polynomial import Fresh, Guard, Naming, Poly, Unsupported, Variable, guards_text, own_name, variable

__all__ = [
    "ONE", "UNIT", "ZERO", "Atom", "Exponent", "Expr", "Plain", "Term", "opened", "product", "substitute", "summed",
]  # fmt: skip

_TERMS = 1000
"""Products of terms at which a multiplication gives up."""

@dataclass(frozen=True)
class Term:
    """Σ_bound [guards] Π atom^exponent."""

    bound: frozenset[Variable]
    guards: frozenset[Guard]
    factors: frozenset[tuple[Atom, Exponent]]

    @cached_property
    def height(self) -> int:
        """How deep sums are nested in it, itself included."""
        return max((atom.height for atom, _ in self.factors), default=0) + bool(self.bound)

    @cached_property
    def free(self) -> frozenset[Variable]:
        """The variables that are not bound in it."""
        inside = [atom.free for atom, _ in self.factors] + [guard.poly.variables for guard in self.guards]
        return frozenset().union(*inside) - self.bound

    def text(self, name: Naming) -> str:
        """The term in words, its variables named so."""
        factors = sorted(f"{atom.text(name)}^{exponent}" for atom, exponent in self.factors)
        sums = "".join(f"Σ{bound}" for bound in sorted(map(name, self.bound)))
        return f"{sums}{guards_text(self.guards, name)}{'·'.join(factors)}"


class Expr:
    """A finite sum of terms with rational coefficients."""

    __slots__ = ("_free", "_hash", "terms")

    def __init__(self, terms: Mapping[Term, Fraction]) -> None:
        self.terms = {term: count for term, count in terms.items() if count}
        self._hash: int | None = None
        self._free: frozenset[Variable] | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expr) and self.terms == other.terms

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self.terms.items()))
        return self._hash

    def __add__(self, other: Expr) -> Expr:
        total = dict(self.terms)
        for term, count in other.terms.items():
            total[term] = total.get(term, Fraction(0)) + count
        return Expr(total)

    def __neg__(self) -> Expr:
        return self.scaled(Fraction(-1))

    def __sub__(self, other: Expr) -> Expr:
        return self + -other

    def __mul__(self, other: Expr) -> Expr:
        if len(self.terms) * len(other.terms) > _TERMS:
            raise Unsupported("a product of too many terms")
        total = ZERO
        for (left, count), (right, times) in itertools.product(self.terms.items(), other.terms.items()):
            total = total + _joined(left, right).scaled(count * times)
        return total

    def scaled(self, count: Fraction) -> Expr:
        """The expression times a rational."""
        return self if count == 1 else Expr({term: count * times for term, times in self.terms.items()})

    @property
    def constant(self) -> Fraction | None:
        """The value, if the expression is a rational number."""
        return self.terms.get(UNIT, None if self.terms else Fraction(0)) if len(self.terms) < 2 else None

    @property
    def height(self) -> int:
        """How deep sums are nested in it."""
        return max((term.height for term in self.terms), default=0)

    @property
    def free(self) -> frozenset[Variable]:
        """The variables that are not bound in it."""
        if self._free is None:
            self._free = frozenset().union(*(term.free for term in self.terms))
        return self._free

    def beside(self, factors: Iterable[Atom]) -> Expr:
        """The expression where none of the factors is 0: a·F(a) is a·F(1) for an a that is 0 or 1."""
        inside = {atom for term in self.terms for atom, _ in term.factors}
        found = {atom: known for factor in factors for atom in inside if (known := factor.settles(atom)) is not None}
        return substitute(self, {}, found) if found else self

    def __repr__(self) -> str:
        return self.text(own_name)

    def text(self, name: Naming) -> str:
        """The expression in words, its variables named so."""
        return " + ".join(sorted(f"{count}·{term.text(name)}" for term, count in self.terms.items())) or "0"


UNIT = Term(frozenset(), frozenset(), frozenset())
ZERO = Expr({})
ONE = Expr({UNIT: Fraction(1)})


def summed(body: Expr, bound: Iterable[Variable], guards: Iterable[Guard] = ()) -> Expr:
    """Σ_bound [guards] body; the bound variables must be fresh."""
    total, names, conditions = ZERO, frozenset(bound), frozenset(guards)
    for term, count in body.terms.items():
        if not term.bound:
            part = _gathered(names, conditions | term.guards, term.factors)
        else:
            more, inside, rest = opened(term)
            part = summed(rest, names | more, conditions | inside)
        total = total + part.scaled(count)
    return total


def opened(term: Term) -> tuple[frozenset[Variable], frozenset[Guard], Expr]:
    """The term's bound variables, renamed to fresh ones so that nothing can be captured, its guards and its body."""
    names: dict[Variable, Variable] = {name: Fresh() for name in term.bound}
    images = {name: variable(fresh) for name, fresh in names.items()}
    guards = frozenset(guard.substitute(images) for guard in term.guards)
    return frozenset(names.values()), guards, _product(term.factors, images, {})


def substitute(expr: Expr, images: Mapping[Variable, Poly], values: Mapping[Atom, Expr]) -> Expr:
    """The expression with variables and atoms replaced, all at once and without capture."""
    if not values and expr.free.isdisjoint(images):
        return expr
    total = ZERO
    for term, count in expr.terms.items():
        names, guards, body = opened(term) if term.bound else (term.bound, term.guards, ZERO)
        inside = substitute(body, images, values) if names else _product(term.factors, images, values)
        total = total + summed(inside, names, (guard.substitute(images) for guard in guards)).scaled(count)
    return total


def product(factors: Mapping[Atom, Exponent], guards: frozenset[Guard] = frozenset()) -> Expr:
    """[guards] Π atom^exponent."""
    kept: dict[Atom, Exponent] = {}
    expanded = ONE
    for factor, exponent in factors.items():
        power = factor.raised(exponent, factors)
        if isinstance(power, Expr):
            expanded = expanded * power
        elif power:
            kept[factor] = power
    plain = Expr({Term(frozenset(), guards, frozenset(kept.items())): Fraction(1)})
    return plain if expanded is ONE else plain * expanded


def _joined(left: Term, right: Term) -> Expr:
    if left.bound or right.bound:
        (names, guards, body), (more, conditions, other) = opened(left), opened(right)
        return summed(body * other, names | more, guards | conditions)
    factors = dict(left.factors)
    for factor, exponent in right.factors:
        factors[factor] = factors.get(factor, 0) + exponent
    return product(factors, left.guards | right.guards)


def _product(
    factors: Iterable[tuple[Atom, Exponent]], images: Mapping[Variable, Poly], values: Mapping[Atom, Expr]
) -> Expr:
    merged: dict[Atom, Exponent] = {}
    others = ONE
    for power in (atom.replaced(exponent, images, values) for atom, exponent in factors):
        match [*power.terms.items()]:
            case [(Term(bound=bound, guards=guards) as term, 1)] if not bound and not guards:
                for factor, exponent in term.factors:
                    merged[factor] = merged.get(factor, 0) + exponent
            case _:
                others = others * power
    return product(merged) if others is ONE else product(merged) * others


def _gathered(bound: frozenset[Variable], guards: frozenset[Guard], factors: Iterable[tuple[Atom, Exponent]]) -> Expr:
    """The normal form of one term, its bound variables fresh."""
    factors = frozenset(factors)
    places = [place for atom, _ in factors for place in atom.places]
    images: dict[Variable, Poly] = {}
    while True:
        if any(guard.truth is False for guard in guards):
            return ZERO
        guards = frozenset(guard.signed(own_name) for guard in guards if guard.truth is None)
        step = eliminated(bound, guards, places) or bare(bound, places)
        if not step:
            break
        bound = bound.difference(name for name, image in step.items() if name not in image.variables)
        guards = frozenset(guard.substitute(step) for guard in guards)
        places = [(label, poly.substitute(step)) for label, poly in places]
        images = {**step, **{name: image.substitute(step) for name, image in images.items()}}
    if images:
        return summed(_product(factors, images, {}), bound, guards)
    term = Term(bound, guards, factors)
    used = frozenset[Variable]().union(*(atom.free for atom, _ in factors))
    count = counted(bound, guards, used)
    if count is not None:
        from .sides import from_poly  # it is made of this module

        name, length, rest = count
        return from_poly(length) * _gathered(bound - {name}, rest, factors)
    return _named(term) if bound else Expr({term: Fraction(1)})


def _named(term: Term) -> Expr:
    """The term with canonical names for its fresh bound variables, above every name inside it."""
    parts = [(atom.free, atom.text, str(exponent)) for atom, exponent in term.factors]
    parts += [(guard.poly.variables, partial(guards_text, [guard]), "") for guard in term.guards]
    names = {name: f"#{term.height - 1}.{k}" for k, name in enumerate(order(term.bound, parts))}
    if term.free.intersection(names.values()):
        raise Unsupported("a bound variable that would be captured")
    images = {name: variable(own) for name, own in names.items()}
    guards = frozenset(guard.substitute(images).signed(own_name) for guard in term.guards)
    body = _product(term.factors, images, {})
    return Expr({Term(frozenset(names.values()), guards | part.guards, part.factors): count for part, count in body.terms.items()})
