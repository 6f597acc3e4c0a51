"""One case of a claim: what is known in it of sizes and entries, and how it splits where that is not enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from .algebra import Atom, Exponent, Expr, substitute
from .atoms import Entry
from .bounds import is_at_least_zero, is_positive
from .polynomial import (
    Guard,
    Poly,
    Unsupported,
    Variable,
    integer,
    least,
    loop_ranges,
    refuse,
    variable,
    zero,
)
from .positivity import Positivity
from .prover import implied
from .quotients import Quotients
from .signs import MOST_SIGNS, signs, worlds


@dataclass(frozen=True, slots=True)
class Below:
    """What may hold of a list of naturals: that each is smaller than a size."""

    naturals: str
    size: Poly


class Fork(Exception):
    """A question about sizes, or about a list of naturals, that the case leaves open; both answers are explored."""

    def __init__(self, guard: Guard | Below) -> None:
        super().__init__("a branch on sizes")
        self.guard = guard


class Divide(Exception):
    """A quotient of sizes, rounded down, that the case has no name for yet."""

    def __init__(self, dividend: Poly, divisor: Poly) -> None:
        super().__init__("a quotient of sizes")
        self.dividend, self.divisor = dividend, divisor


@dataclass(frozen=True)
class Case:
    """Sizes are at least 1; some are replaced by polynomials of others; guards hold; polynomials differ from 0.

    `positive` and `nonzero` name the inputs whose every entry is; `weights` is the convention at kinks. `quotients` are
    dividends and divisors with the name of their quotient rounded down, `divisions` the same as
    they were first asked for. `spoken` sizes may be written into messages.
    What `below` says of lists of naturals holds, what `beyond` says does not.
    Where sizes are numbers, sums are written out unless they are `unwritten`, which keeps long formulas short.
    While a formula is evaluated, `of_indices` holds the quotients of its indices. `ranges` are those of the index at which an
    entry is asked for. `at_numbers` the sizes are numbers and nothing is proved: what has no value is seen from its values.
    """

    images: tuple[tuple[Variable, Poly], ...]
    facts: frozenset[Guard]
    weights: Mapping[str, Any]
    differing: frozenset[Poly] = frozenset()
    positive: frozenset[str] = frozenset()
    nonzero: frozenset[str] = frozenset()
    quotients: tuple[tuple[Poly, Poly, Variable], ...] = ()
    divisions: tuple[tuple[Poly, Poly, Variable], ...] = ()
    spoken: bool = False
    unwritten: bool = False
    below: frozenset[Below] = frozenset()
    beyond: frozenset[Below] = frozenset()
    of_indices: Quotients | None = field(default=None, compare=False)
    ranges: frozenset[Guard] = frozenset()
    at_numbers: bool = False

    def weight(self, kink: str) -> Fraction:
        """The weight of the branch above at a kink. Raises: Unsupported for a convention that says it otherwise."""
        weight = self.weights[kink]
        if type(weight) is not Fraction:
            refuse(f"a kink {kink!r} of which a convention says {weight}")
        return weight

    def knows(self, poly: Poly) -> bool:
        """Whether all its variables are sizes."""
        return poly.variables <= {v for fact in self.facts for v in fact.poly.variables}

    def shows(self, guard: Guard) -> bool:
        """Whether the guard is known to hold, in every round of the loops whose indices occur in it."""
        return implied(self.facts | loop_ranges(guard.poly), guard)

    def decide(self, guard: Guard) -> bool:
        """Whether the guard holds in this case, and in every round of a loop.

        Raises: Fork if it holds for some sizes of the case and perhaps not for others.
        """
        if self.shows(guard):
            return True
        least_above, least_below = least(guard.poly - integer(1)), least(-guard.poly - integer(1))
        if self.shows(least_below) or (guard.relation == "zero" and self.shows(least_above)):
            return False
        if not self.knows(guard.poly):
            raise Unsupported("a branch on an index")
        if guard.relation == "zero" and self.differing & {guard.poly, -guard.poly}:
            return False
        raise Fork(guard)

    def at(self, index: Sequence[Poly], sides: Sequence[Poly]) -> Case:
        """The case at an index of these sides: an entry need have a value only there."""
        inside = {least(place) for place in index}
        inside |= {least(side - place - integer(1)) for place, side in zip(index, sides, strict=True)}
        return replace(self, ranges=self.ranges | inside)

    def bounds(self, naturals: str, size: Poly) -> bool:
        """Whether each of a list of naturals is known to be smaller than a size."""
        known = (each.size for each in self.below if each.naturals == naturals)
        return any(implied(self.facts, least(size - limit)) for limit in known)

    def decide_below(self, asked: Below) -> bool:
        """Whether each of a list of naturals is smaller than a size.

        Raises: Fork if this case says nothing of it.
        """
        if self.bounds(asked.naturals, asked.size):
            return True
        if asked not in self.beyond:
            raise Fork(asked)
        return False

    def same(self, left: Poly, right: Poly) -> bool:
        """Whether two sides are known to be equal."""
        return left == right or implied(self.facts, zero(left - right))

    def split(self, guard: Guard | Below) -> tuple[Case, Case]:
        """The case where the guard holds and the case where it does not."""
        if isinstance(guard, Below):
            return replace(self, below=self.below | {guard}), replace(self, beyond=self.beyond | {guard})
        if guard.relation == "least":
            other = least(-guard.poly - integer(1))
            return replace(self, facts=self.facts | {guard}), replace(self, facts=self.facts | {other})
        for name in sorted(map(str, guard.poly.variables)):
            image = guard.poly.solved(name)
            if image is not None:
                return self._substituted({name: image}), replace(self, differing=self.differing | {guard.poly})
        return replace(self, facts=self.facts | {guard}), replace(self, differing=self.differing | {guard.poly})

    def quotient(self, dividend: Poly, divisor: Poly) -> Poly:
        """dividend // divisor, for a divisor that is a size.

        Raises: Divide if it has no name in this case; Fork if the divisor may be smaller than 1.
        """
        if not self.knows(divisor) or not self.decide(least(divisor - integer(1))):
            raise Unsupported("a quotient by something that is no size, or that is not positive")
        if not self.knows(dividend):
            if self.of_indices is None:
                raise Unsupported("a quotient of an index outside a formula")
            return self.of_indices.of(dividend, divisor)
        exact = dividend.divided(divisor)
        if exact is not None:
            return exact
        if dividend.constant is not None and divisor.constant is not None:
            return integer(dividend.constant // divisor.constant)
        for top, bottom, name in self.quotients:
            if (top, bottom) == (dividend, divisor):
                return variable(name)
        raise Divide(dividend, divisor)

    def divided(self, dividend: Poly, divisor: Poly) -> Case:
        """The case with a name q for dividend // divisor: 0 <= dividend - q divisor < divisor."""
        name = f"quotient {len(self.quotients)}"
        q = variable(name)
        rest = dividend - q * divisor
        facts = {least(rest), least(divisor - integer(1) - rest)}
        # What follows for q itself is not linear, so the prover would not find it.
        bounds = {least(q - integer(k)) for k in (0, 1) if implied(self.facts, least(dividend - integer(k) * divisor))}
        own = (dividend, divisor, name)
        quotients, divisions = (*self.quotients, own), (*self.divisions, own)
        return replace(self, facts=self.facts | facts | bounds, quotients=quotients, divisions=divisions)

    def known(self, sizes: Mapping[Variable, int]) -> dict[Variable, int]:
        """The sizes with the values of the quotients at them."""
        found = dict(sizes)
        for top, bottom, name in self.divisions:
            found[name] = top.value(found) // bottom.value(found)
        return found

    def _substituted(self, images: dict[Variable, Poly]) -> Case:
        facts = frozenset(fact.substitute(images) for fact in self.facts)
        return replace(
            self,
            images=tuple((name, poly.substitute(images)) for name, poly in self.images),
            facts=facts.union(*(_not_none(facts, name) for _, _, name in self.quotients)),
            differing=frozenset(poly.substitute(images) for poly in self.differing),
            below=frozenset(replace(each, size=each.size.substitute(images)) for each in self.below),
            beyond=frozenset(replace(each, size=each.size.substitute(images)) for each in self.beyond),
            quotients=tuple((top.substitute(images), bottom.substitute(images), q) for top, bottom, q in self.quotients),
        )

    def require_nonzero(self, divisor: Expr) -> None:
        """Accept a divisor that is never 0. Raises: Unsupported, naming the condition, if that is not shown."""
        if self.at_numbers:
            return
        products = [t for t in divisor.terms if not t.bound and not t.guards and all(map(self._never_zero, t.factors))]
        single = len(products) == len(divisor.terms) == 1
        if not single and not self._positive_everywhere(divisor) and not is_positive(self, -divisor):
            raise Unsupported(f"the condition {divisor} ≠ 0 is not implied by the domain")

    def require_positive(self, argument: Expr) -> None:
        """Accept an argument that is always > 0. Raises: Unsupported, naming the condition, if that is not shown."""
        if not (self.at_numbers or self._positive_everywhere(argument)):
            raise Unsupported(f"the condition {argument} > 0 is not implied by the domain")

    def require_at_least_zero(self, argument: Expr) -> None:
        """Accept an argument that is always >= 0. Raises: Unsupported, naming the condition, if that is not shown."""
        if not self._positive_everywhere(argument) and not is_at_least_zero(self, argument):
            raise Unsupported(f"the condition {argument} >= 0 is not implied by the domain")

    def _never_zero(self, power: tuple[Atom, Exponent]) -> bool:
        factor, _ = power
        return (isinstance(factor, Entry) and factor.tensor in self.nonzero) or self._positivity.positive_atom(factor)

    def _positive_everywhere(self, expr: Expr) -> bool:
        """By inspection, or in each world that the sign of a mask's argument leads to."""
        found = signs(expr)
        if not 0 < len(found) <= MOST_SIGNS:
            return self._positivity.positive(expr) or is_positive(self, expr)
        split = worlds(min(found, key=str))
        shown = all(self._positive_everywhere(substitute(expr, {}, world.values)) for world in split)
        return shown or is_positive(self, expr)

    @property
    def _positivity(self) -> Positivity:
        return Positivity(self.facts | self.ranges, self.positive)



def _not_none(facts: frozenset[Guard], quotient: Variable) -> frozenset[Guard]:
    """That a quotient is at least 1, if it is at least 0 and a fact is false where it is 0; it need not be linear in it."""
    none = {quotient: integer(0)}
    positive = least(variable(quotient)) in facts and any(fact.substitute(none).truth is False for fact in facts)
    return frozenset({least(variable(quotient) - integer(1))} if positive else ())
