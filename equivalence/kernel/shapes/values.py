"""The value of an expression at given sizes, indices and entries, enclosed by ball arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, reduce
from typing import Any

import flint

from .algebra import Atom, Exponent, Expr
from .atoms import Apply, Entry
from .constants import PerRootPi
from .flags import Flag, Nothing
from .largest import First, Largest
from .naturals import Hot
from .polynomial import Guard, Unsupported, Variable
from .ranges import Bracket, Environment, Ranges
from .sides import Side
from .totals import Root


@dataclass(frozen=True)
class Point:
    """Sizes by name, and tensors by name as arrays of exact balls."""

    sizes: Mapping[Variable, int]
    tensors: Mapping[str, Any]


Met = dict[tuple[Any, ...], Any]
"""Powers of atoms at values of their variables."""


def holds(guard: Guard, known: Environment) -> bool:
    """Whether a guard holds."""
    return Bracket(guard).holds(known)


def value(expr: Expr, point: Point, known: Environment, met: Met | None = None) -> Any:
    """A ball that holds the expression's value; `met` keeps what was worked out at this point.

    Raises: Unsupported where a sign or a range is not decided.
    """
    return flint.arb(_ready(expr).value(point, known, {} if met is None else met))


@lru_cache(maxsize=256)
def _ready(expr: Expr) -> _Sum:
    """An expression made ready to be evaluated often; equal atoms in it are one factor."""
    factors: dict[tuple[Atom, Exponent], _Factor] = {}

    def sum_of(expr: Expr) -> _Sum:
        return _Sum([
            (flint.fmpq(count.numerator, count.denominator), Ranges(term.bound, term.guards), [*map(factor_of, term.factors)])
            for term, count in expr.terms.items()
        ])

    def factor_of(power: tuple[Atom, Exponent]) -> _Factor:
        if power not in factors:
            factors[power] = _Factor(*power, sum_of)
        return factors[power]

    return sum_of(expr)


@dataclass(frozen=True)
class _Sum:
    """Terms, each as its coefficient, its ranges and its factors."""

    terms: list[tuple[flint.fmpq, Ranges, list[_Factor]]]

    def value(self, point: Point, known: Environment, met: Met) -> Any:
        """The value; a rational number while arithmetic stays rational, so that a sign is decided at a kink too."""
        total = flint.fmpq(0)
        for count, ranges, factors in self.terms:
            for inside in ranges.assignments(known):
                part = count
                for factor in factors:
                    part = part * factor.value(point, inside, met)
                total = total + part
        return total


class _Factor:
    """The power of an atom, worked out once for the values of its variables."""

    def __init__(self, atom: Atom, exponent: Exponent, ready: Callable[[Expr], _Sum]) -> None:
        self._atom = atom
        self._exponent = exponent
        self._names = tuple(atom.free)
        match atom:
            case Apply(_, inside) | Root(inside):
                self._inside = ready(inside)
            case Largest(binder, guards, body) | First(binder, guards, body):
                self._inside, self._places = ready(body), Ranges(frozenset({binder}), guards)

    def value(self, point: Point, known: Environment, met: Met) -> Any:
        """The power's value."""
        key = (self, *[known[name] for name in self._names])
        found = met.get(key)
        if found is None:
            found = met[key] = self._worked_out(point, known, met)
        return found

    def _worked_out(self, point: Point, known: Environment, met: Met) -> Any:
        match self._atom:
            case Apply("exp"):
                ratio = Fraction(self._exponent)
                inner = self._inside.value(point, known, met)
                return flint.arb(inner * flint.fmpq(ratio.numerator, ratio.denominator)).exp()
            case Entry(tensor, index):
                found = _entry(point.tensors[tensor], [poly.value(known) for poly in index])
            case Hot(naturals, position, natural):
                entry = _entry(point.tensors[naturals], [position.value(known)])
                found = flint.fmpq(int(entry == natural.value(known)))
            case Flag(matrix, _, row, column):
                found = flint.fmpq(int(_entry(point.tensors[matrix], [row.value(known), column.value(known)]) > 0))
            case Nothing(matrix, _, row):
                found = flint.fmpq(int(not any(entry > 0 for entry in point.tensors[matrix][row.value(known)])))
            case PerRootPi():
                found = 1 / flint.arb.pi().sqrt()
            case Side(name):
                found = flint.fmpq(known[name])
            case Apply(function):
                found = _applied(function, self._inside.value(point, known, met))
            case Root():
                inner = self._inside.value(point, known, met)
                positive = _applied("positive", inner)
                return flint.arb(inner).sqrt() ** int(self._exponent) if positive == 1 else positive
            case Largest(binder):
                members = self._members(binder, point, known, met)
                found = reduce(_larger, members.values()) if members else flint.fmpq(0)
            case First(binder, _, _, at):
                found = flint.fmpq(_is_first(at.value(known), self._members(binder, point, known, met)))
            case _:
                raise Unsupported(f"the value of {self._atom}")
        count = Fraction(self._exponent)
        return found**count.numerator if count.denominator == 1 else flint.arb(found).sqrt() ** int(2 * count)

    def _members(self, binder: Variable, point: Point, known: Environment, met: Met) -> dict[int, Any]:
        """The members of a family by place, in order."""
        places = sorted(each[binder] for each in self._places.assignments(known))
        return {each: self._inside.value(point, {**known, binder: each}, met) for each in places}


def _is_first(at: int, members: Mapping[int, Any]) -> int:
    """1 if a member is larger than all before it and none after it is larger, otherwise 0."""
    if at not in members:
        return 0
    gaps = {place: members[at] - member for place, member in members.items()}
    beats = (_applied("positive", gap) or (place >= at and _applied("zero", gap)) for place, gap in gaps.items())
    return int(all(beats))


def _entry(tensor: Any, index: list[int]) -> Any:
    if not all(0 <= i < side for i, side in zip(index, tensor.shape, strict=True)):
        raise Unsupported(f"the entry {index} of shape {tensor.shape}")
    entry = tensor[tuple(index)]
    if not entry.is_exact():
        return entry
    mantissa, exponent = entry.mid().man_exp()
    return flint.fmpq(mantissa) * flint.fmpq(2) ** int(exponent)


def _larger(a: Any, b: Any) -> Any:
    return max(a, b) if isinstance(a, flint.fmpq) and isinstance(b, flint.fmpq) else flint.arb(a).max(flint.arb(b))


def _applied(function: str, x: Any) -> Any:
    if function in ("positive", "zero"):
        if isinstance(x, flint.arb) and x.contains(0) and not x.is_zero():
            raise Unsupported("a sign that is not decided")
        return flint.fmpq(int(x > 0 if function == "positive" else x == 0))
    return x if function == "base" else getattr(flint.arb(x), function)()

