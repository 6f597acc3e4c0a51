"""The value of an expression at given sizes, indices and entries, enclosed by ball arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any

import flint

from .algebra import Atom, Exponent, Expr
from .atoms import Apply, Entry
from .constants import PerRootPi
from .flags import Flag, Nothing
from .largest import First, Largest
from .naturals import Hot
from .polynomial import Guard, Unsupported, Variable, place
from .sides import Side
from .totals import Root

Environment = Mapping[Variable, int]


@dataclass(frozen=True)
class Point:
    """Sizes by name, and tensors by name as arrays of exact balls."""

    sizes: Mapping[Variable, int]
    tensors: Mapping[str, Any]


Met = dict[tuple[Any, ...], Any]
"""Powers of atoms at values of their variables."""


def holds(guard: Guard, known: Environment) -> bool:
    """Whether a guard holds."""
    value = guard.poly.value(known)
    return value == 0 if guard.relation == "zero" else value >= 0


def value(expr: Expr, point: Point, known: Environment, met: Met | None = None) -> Any:
    """A ball that holds the expression's value; `met` keeps what was worked out at this point.

    Raises: Unsupported where a sign or a range is not decided.
    """
    return flint.arb(_value(expr, point, known, {} if met is None else met))


def _value(expr: Expr, point: Point, known: Environment, met: Met) -> Any:
    """As value; a rational number while arithmetic stays rational, so that a sign is decided at a kink too."""
    total = flint.fmpq(0)
    for term, count in expr.terms.items():
        for inside in _assignments(term.bound, term.guards, known):
            part = flint.fmpq(count.numerator, count.denominator)
            for atom, exponent in term.factors:
                part = part * _power(atom, exponent, point, inside, met)
            total = total + part
    return total


def _power(atom: Atom, exponent: Exponent, point: Point, known: Environment, met: Met) -> Any:
    """The power of an atom's value, which is worked out once for the values of its variables."""
    key = (atom, exponent, *(known[name] for name in sorted(atom.free, key=place)))
    if key not in met:
        met[key] = _worked_out(atom, exponent, point, known, met)
    return met[key]


def _worked_out(atom: Atom, exponent: Exponent, point: Point, known: Environment, met: Met) -> Any:
    match atom:
        case Apply("exp", argument):
            ratio = Fraction(exponent)
            return flint.arb(_value(argument, point, known, met) * flint.fmpq(ratio.numerator, ratio.denominator)).exp()
        case Entry(tensor, index):
            found = _entry(point.tensors[tensor], [poly.value(known) for poly in index])
        case Hot(naturals, position, number):
            entry = _entry(point.tensors[naturals], [position.value(known)])
            found = flint.fmpq(int(entry == number.value(known)))
        case Flag(matrix, _, row, column):
            found = flint.fmpq(int(_entry(point.tensors[matrix], [row.value(known), column.value(known)]) > 0))
        case Nothing(matrix, _, row):
            place = row.value(known)
            found = flint.fmpq(int(not any(entry > 0 for entry in point.tensors[matrix][place])))
        case PerRootPi():
            found = 1 / flint.arb.pi().sqrt()
        case Side(name):
            found = flint.fmpq(known[name])
        case Apply(function, argument):
            found = _applied(function, _value(argument, point, known, met))
        case Root(argument):
            inner = _value(argument, point, known, met)
            positive = _applied("positive", inner)
            return flint.arb(inner).sqrt() ** int(exponent) if positive == 1 else positive
        case Largest(binder, guards, body):
            found = _members(binder, guards, body, point, known, met)
            found = reduce(_larger, found.values()) if found else flint.fmpq(0)
        case First(binder, guards, body, at):
            found = flint.fmpq(_is_first(at.value(known), _members(binder, guards, body, point, known, met)))
        case _:
            raise Unsupported(f"the value of {atom}")
    count = Fraction(exponent)
    return found ** count.numerator if count.denominator == 1 else flint.arb(found).sqrt() ** int(2 * count)


def _members(
    binder: Variable, guards: frozenset[Guard], body: Expr, point: Point, known: Environment, met: Met
) -> dict[int, Any]:
    """The members of a family by place, in order."""
    places = sorted(each[binder] for each in _assignments(frozenset({binder}), guards, known))
    return {number: _value(body, point, {**known, binder: number}, met) for number in places}


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


def _assignments(bound: frozenset[Variable], guards: Iterable[Guard], known: Environment) -> Iterator[Environment]:
    """The values of the bound variables at which the guards hold, found one variable at a time."""
    left: list[Guard] = []
    for guard in guards:
        if not guard.poly.variables <= known.keys():
            left.append(guard)
        elif not holds(guard, known):
            return
    if not bound:
        yield known
        return
    for name in bound:
        lower: list[int] = []
        upper: list[int] = []
        for guard in left:
            if guard.poly.variables <= {name, *known} and not any(m.count(name) > 1 for m, _ in guard.poly.terms):
                rest = guard.poly.value({**known, name: 0})
                slope = guard.poly.value({**known, name: 1}) - rest
                if slope > 0 or slope < 0 and guard.relation == "zero":
                    lower.append(-(rest // slope) if slope > 0 else -(-rest // -slope))
                if slope < 0 or slope > 0 and guard.relation == "zero":
                    upper.append(rest // -slope)
        if lower and upper:
            for number in range(max(lower), min(upper) + 1):
                yield from _assignments(bound - {name}, left, {**known, name: number})
            return
    raise Unsupported("a sum whose range is not known")
