"""Integer polynomials over sizes and indices, Iverson brackets around them, and how they read."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NoReturn


class Unsupported(Exception):
    """Something whose meaning at all sizes the prover does not know; never a verdict."""


def refuse(what: str) -> NoReturn:
    """Raise Unsupported for something a kernel or formula asked for."""
    raise Unsupported(f"{what} has no meaning here at all sizes")


class Fresh:
    """A variable that is like no other, for a sum under construction."""

    __slots__ = ()


class Looped(Fresh):
    """The index of a loop, which runs from 0 to a size."""

    __slots__ = ("size",)

    def __init__(self, size: Poly) -> None:
        self.size = size


Variable = str | Fresh
"""A size or an index by name, a bound variable by its canonical name "#height.place", or a fresh one."""

Monomial = tuple[Variable, ...]
"""A product of variables, in the order of `place`; () is 1."""


def place(variable: Variable) -> str:
    """A total order on the variables that are alive."""
    return variable if isinstance(variable, str) else f"~{id(variable)}"


@dataclass(frozen=True, slots=True)
class Poly:
    """A polynomial with integer coefficients."""

    terms: frozenset[tuple[Monomial, int]]

    def __add__(self, other: Poly) -> Poly:
        total = dict(self.terms)
        for monomial, count in other.terms:
            total[monomial] = total.get(monomial, 0) + count
        return polynomial(total)

    def __mul__(self, other: Poly) -> Poly:
        total: dict[Monomial, int] = {}
        for left, count in self.terms:
            for right, times in other.terms:
                monomial = tuple(sorted(left + right, key=place))
                total[monomial] = total.get(monomial, 0) + count * times
        return polynomial(total)

    def __neg__(self) -> Poly:
        return self * integer(-1)

    def __sub__(self, other: Poly) -> Poly:
        return self + -other

    @property
    def variables(self) -> frozenset[Variable]:
        """The variables that occur."""
        return frozenset(variable for monomial, _ in self.terms for variable in monomial)

    @property
    def constant(self) -> int | None:
        """The value, if it does not depend on any variable."""
        if not self.terms:
            return 0
        return dict(self.terms).get(()) if len(self.terms) == 1 else None

    def value(self, known: Mapping[Variable, int]) -> int:
        """The value where the variables are known. Raises: KeyError for one that is not."""
        total = 0
        for monomial, count in self.terms:
            total += math.prod([known[name] for name in monomial], start=count)
        return total

    def substitute(self, images: Mapping[Variable, Poly]) -> Poly:
        """The polynomial with variables replaced, all at once."""
        if not images or not any(v in images for monomial, _ in self.terms for v in monomial):
            return self
        total: dict[Monomial, int] = {}
        for monomial, count in self.terms:
            images_of = [images[v].terms if v in images else (((v,), 1),) for v in monomial]
            for factors in itertools.product(*images_of):
                joined = tuple(sorted(itertools.chain(*(m for m, _ in factors)), key=place))
                total[joined] = total.get(joined, 0) + math.prod((n for _, n in factors), start=count)
        return polynomial(total)

    def coefficient(self, side: Variable) -> Poly:
        """The coefficient of a variable."""
        split = [(monomial, monomial.index(side), count) for monomial, count in self.terms if side in monomial]
        return polynomial({monomial[:k] + monomial[k + 1 :]: count for monomial, k, count in split})

    def solved(self, unknown: Variable) -> Poly | None:
        """The value of `unknown` where the polynomial is 0, if its coefficient is ±1 and it occurs nowhere else."""
        terms = dict(self.terms)
        count = terms.pop((unknown,), 0)
        rest = polynomial(terms)
        return None if abs(count) != 1 or unknown in rest.variables else rest * integer(-count)

    def divided(self, divisor: Poly) -> Poly | None:
        """The quotient by a number or a single variable, if it is exact."""
        ((factor, count),) = divisor.terms if len(divisor.terms) == 1 else {((), 0)}
        quotient: dict[Monomial, int] = {}
        for monomial, times in self.terms:
            rest = [*monomial]
            if not count or times % count or len(factor) > 1 or not {*factor} <= {*rest}:
                return None
            for name in factor:
                rest.remove(name)
            quotient[tuple(rest)] = times // count
        return polynomial(quotient)


def polynomial(terms: Mapping[Monomial, int]) -> Poly:
    """The polynomial with these coefficients."""
    return Poly(frozenset((monomial, count) for monomial, count in terms.items() if count))


def is_size(name: Variable) -> bool:
    """Whether a variable is one of a claim's own, which are never negative; indices and bound ones have other names."""
    return isinstance(name, str) and name.isidentifier()


def sizes_are_enough(poly: Poly) -> bool:
    """Whether a polynomial is never negative because a claim's own sizes are not."""
    return all(count > 0 for _, count in poly.terms) and all(map(is_size, poly.variables))


def integer(value: int) -> Poly:
    """A constant."""
    return Poly(frozenset({((), value)} if value else ()))


def variable(name: Variable) -> Poly:
    """A variable."""
    return Poly(frozenset({((name,), 1)}))


Relation = Literal["least", "zero"]


@dataclass(frozen=True, slots=True)
class Guard:
    """The Iverson bracket [poly >= 0] ("least") or [poly = 0] ("zero")."""

    relation: Relation
    poly: Poly

    def substitute(self, images: Mapping[Variable, Poly]) -> Guard:
        """The guard with variables replaced."""
        return Guard(self.relation, self.poly.substitute(images))

    def signed(self, name: Naming) -> Guard:
        """The guard; of the two that say p = 0, with p or with -p, the one that reads first."""
        either = (self.poly, -self.poly) if self.relation == "zero" else (self.poly,)
        return Guard(self.relation, min(either, key=lambda poly: poly_text(poly, name)))

    @property
    def truth(self) -> bool | None:
        """Whether it holds, if that does not depend on any variable."""
        value = self.poly.constant
        if value is None:
            terms = dict(self.poly.terms)
            rest = terms.pop((), 0)
            # An equation whose sides differ by a remainder, as even and odd numbers do, never holds.
            return False if self.relation == "zero" and rest % math.gcd(*terms.values()) else None
        return value == 0 if self.relation == "zero" else value >= 0


def least(poly: Poly) -> Guard:
    """[poly >= 0]."""
    return Guard("least", poly)


def zero(poly: Poly) -> Guard:
    """[poly = 0]."""
    return Guard("zero", poly)


def within(index: Variable, size: Poly) -> frozenset[Guard]:
    """[0 <= index < size]."""
    return frozenset({least(variable(index)), least(size - variable(index) - integer(1))})


def indices(sides: Sequence[Poly]) -> tuple[tuple[Poly, ...], tuple[Fresh, ...], frozenset[Guard]]:
    """An arbitrary index of a shape: fresh variables and their ranges, and 0 where the side is 1."""
    fresh = [None if side == integer(1) else Fresh() for side in sides]
    ranges = [within(name, side) for name, side in zip(fresh, sides, strict=True) if name is not None]
    index = tuple(integer(0) if name is None else variable(name) for name in fresh)
    return index, tuple(name for name in fresh if name is not None), frozenset[Guard]().union(*ranges)


def loop_ranges(poly: Poly) -> frozenset[Guard]:
    """The ranges of the loop indices that occur, and of those that these depend on."""
    looped = [name for name in poly.variables if isinstance(name, Looped)]
    return frozenset().union(*(within(name, name.size) | loop_ranges(name.size) for name in looped))


Naming = Callable[[Variable], str]


def own_name(name: Variable) -> str:
    """A variable's own name; fresh ones have none."""
    return name if isinstance(name, str) else "~"


def poly_text(poly: Poly, name: Naming) -> str:
    """A polynomial in words, its variables named so."""
    return "+".join(sorted(f"{count}{''.join(sorted(map(name, monomial)))}" for monomial, count in poly.terms))


def guards_text(guards: Iterable[Guard], name: Naming) -> str:
    """Guards in words, their variables named so."""
    signs = {"least": ">=0", "zero": "=0"}
    return "".join(sorted(f"[{poly_text(guard.signed(name).poly, name)}{signs[guard.relation]}]" for guard in guards))
