"""The fragment in which finitely many sizes decide all, and the sizes that do.

An expression lies in it if (a) every index is a bare variable of a sort σ, the size of the axis it reads; (b) guards are
ranges of a sort and equalities within one; (c) coefficients are Laurent polynomials in the sizes; (d) whatever is no
polynomial is an unknown of its own: a function of an argument is known by how the argument is written, and a quotient
is divided out only where no sum binds it.

Then permuting the values of a sort maps the expression to itself, so the coefficient of a monomial depends on which of
its index values are equal and is a polynomial in the sizes. If V variables of a sort occur in a term at most, and its
size to degrees that differ by e at most, once quotients are cleared, a monomial occurs at the e + 1 sizes from V on and its
coefficient vanishes there only if it vanishes at all: what is 0 at all sizes up to V + e is 0.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NoReturn

from .algebra import Expr, Term
from .atom import Atom, Exponent
from .atoms import Apply, Entry
from .polynomial import Guard, Poly, Variable, integer, least, variable, zero
from .sides import Side

_ARGUMENTS = 4
"""Indices of one function's argument whose orders are tried."""

Sorts = Mapping[Variable, Variable]
"""The size below which each index stays."""


class Outside(Exception):
    """What lies outside the fragment, and why."""


def outside(why: str) -> NoReturn:
    """Raise Outside."""
    raise Outside(why)


@dataclass(frozen=True)
class Unknown:
    """A tensor or a function of an argument, at indices; `orders` are the orders of them that make no difference."""

    name: str
    places: tuple[Variable | None, ...]
    orders: tuple[tuple[int, ...], ...] = ()
    vanishing: tuple[tuple[int, Unknown], ...] = ()
    """Of the indicator of an entry or of a difference of two that is 0: that entry or these, with their signs."""


@dataclass(frozen=True)
class Summand:
    """count · Π size^exponent · Σ_bound [equal] Π unknown^exponent / Π divisor^exponent."""

    count: Fraction
    bound: tuple[tuple[Variable, Variable], ...]
    equal: tuple[tuple[Variable, Variable], ...]
    sizes: tuple[tuple[Variable, int], ...]
    factors: tuple[tuple[Unknown, int], ...]
    divisors: tuple[tuple[tuple[Summand, ...], int], ...]


@dataclass(frozen=True)
class Reader:
    """Reads expressions of one case: the sides of each tensor by its name."""

    sides: Mapping[str, Sequence[Poly]]

    def summands(self, expr: Expr, free: Sorts | None, sorts: Sorts) -> tuple[Summand, ...]:
        """The expression; `sorts` are the indices that stand for something here, `free` those that no sum binds.

        Where `free` is None, as within the argument of a function, no quotient is divided out.
        """
        return tuple(self._summand(term, count, free, sorts) for term, count in expr.terms.items())

    def _summand(self, term: Term, count: Fraction, free: Sorts | None, outer: Sorts) -> Summand:
        bound = {name: _size_of(name, term.guards) for name in term.bound}
        sorts = {**outer, **bound}
        sizes: Counter[Variable] = Counter()
        factors: list[tuple[Unknown, int]] = []
        divisors: list[tuple[tuple[Summand, ...], int]] = []
        for atom, exponent in term.factors:
            power = _whole(exponent)
            match atom:
                case Side(name) if name not in sorts:
                    sizes[name] += power
                case Apply("base", argument) if free is not None and argument.free & sorts.keys() <= free.keys():
                    inside = self.summands(argument, free, sorts)
                    if any(part.divisors for part in inside):
                        outside("a quotient within a quotient")
                    divisors.append((inside, -power))
                case _:
                    factors.append((self._unknown(atom, sorts), power))
        equal = tuple(pair for guard in term.guards for pair in _equality(guard, sorts))
        named = sorted(bound.items(), key=str)
        return Summand(count, tuple(named), equal, tuple(sizes.items()), tuple(factors), tuple(divisors))

    def _unknown(self, atom: Atom, sorts: Sorts) -> Unknown:
        match atom:
            case Entry(tensor, index):
                pairs = zip(index, self.sides[tensor], strict=True)
                return Unknown(tensor, tuple(_bare(poly, side, sorts) for poly, side in pairs))
            case Apply(function, argument):
                return self._applied(function, argument, sorts)
        outside(f"a factor of kind {type(atom).__name__}")

    def _applied(self, function: str, argument: Expr, sorts: Sorts) -> Unknown:
        """A family known by how its argument is written, in the order of its indices that reads first."""
        free = sorted(argument.free & sorts.keys(), key=str)
        if len(free) > _ARGUMENTS:
            outside("a function of too many indices")
        inside = self.summands(argument, None, sorts)
        read: dict[str, list[tuple[int, ...]]] = {}
        for order in itertools.permutations(range(len(free))):
            names = {free[place]: f"?{k}" for k, place in enumerate(order)}
            read.setdefault(_written(inside, names), []).append(order)
        first = min(read)
        solved = _solved(inside) if function == "zero" else ()
        return Unknown(f"{function}({first})", tuple(free), tuple(read[first]), solved)


def _solved(inside: Sequence[Summand]) -> tuple[tuple[int, Unknown], ...]:
    """The entry that is 0, or the two of different tensors that are equal, where an argument vanishes; else nothing."""
    plain = [part for part in inside if not (part.bound or part.equal or part.sizes or part.divisors)]
    single = [(part.count, *part.factors[0]) for part in plain if len(part.factors) == 1]
    if len(single) != len(inside) or any(power != 1 or unknown.orders for _, unknown, power in single):
        return ()
    counts = [count for count, _, _ in single]
    if len(single) == 1 or (len(single) == 2 and not sum(counts) and single[0][1].name != single[1][1].name):
        return tuple(sorted(((1 if count > 0 else -1, unknown) for count, unknown, _ in single), key=str))
    return ()


def _written(summands: Iterable[Summand], names: Mapping[Variable, str]) -> str:
    """The summands in words, with other names for some indices."""

    def said(name: Variable | None) -> str:
        return names.get(name, str(name)) if name is not None else "0"

    def unknown(factor: Unknown, power: int) -> str:
        orders = factor.orders or (tuple(range(len(factor.places))),)
        return f"{factor.name}[{min(','.join(said(factor.places[k]) for k in order) for order in orders)}]^{power}"

    def summand(part: Summand) -> str:
        bound = sorted(f"{said(name)}<{size}" for name, size in part.bound)
        equal = sorted("=".join(sorted(map(said, pair))) for pair in part.equal)
        sizes = sorted(f"{size}^{power}" for size, power in part.sizes)
        factors = sorted(unknown(*factor) for factor in part.factors)
        return f"{part.count}|{bound}|{equal}|{sizes}|{factors}"

    return " + ".join(sorted(map(summand, summands)))


def _whole(exponent: Exponent) -> int:
    return int(exponent) if exponent == int(exponent) else outside("an exponent that is no integer")


def _bare(poly: Poly, side: Poly, sorts: Sorts) -> Variable | None:
    """The index variable of the axis; nothing where the axis has one place."""
    if side == integer(1) and poly == integer(0):
        return None
    for name, size in sorts.items():
        if poly == variable(name) and side == variable(size):
            return name
    outside("an index that is no bare variable of its axis")


def _size_of(name: Variable, guards: Iterable[Guard]) -> Variable:
    """The size that guards give to a bound variable: 0 <= name < size."""
    guards = frozenset(guards)
    for size in frozenset().union(*(guard.poly.variables for guard in guards)) - {name}:
        if {least(variable(name)), _below(name, size)} <= guards:
            return size
    outside("a sum whose range is not the size of an axis")


def _below(name: Variable, size: Variable) -> Guard:
    return least(variable(size) - variable(name) - integer(1))


def _equality(guard: Guard, sorts: Sorts) -> tuple[tuple[Variable, Variable], ...]:
    """The two indices of one sort that a guard equates; nothing for the range of an index."""
    for name in guard.poly.variables & sorts.keys():
        if guard in (least(variable(name)), _below(name, sorts[name])):
            return ()
        for other in guard.poly.variables & sorts.keys() - {name}:
            difference = variable(name) - variable(other)
            if guard in (zero(difference), zero(-difference)) and sorts[name] == sorts[other]:
                return ((name, other),)
    outside("a guard that is no range and no equality of indices of one axis")
