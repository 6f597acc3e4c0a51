"""What the spec's formulas compute with: unknown integers, and reals that carry their tangent.

So a derivative is an evaluation: of ẏ[o] at ẋ, and of x̄[i] = Σ_o ȳ[o] ẏ[o] at ẋ[j] = [j = i].
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NoReturn

from .algebra import ONE, ZERO, Expr, summed
from .atoms import positive, power, rational, vanishing
from .case import Case
from .functions import FUNCTIONS
from .halves import number
from .polynomial import Guard, Poly, indices, integer, least, own_name, poly_text, refuse, zero
from .quotients import Quotients
from .roots import root_along
from .sides import from_poly
from .winners import largest_of, largest_over

Index = tuple[Poly, ...]


def _combined(combine: Callable[[Poly, Poly], Poly]) -> Callable[[Whole, Any], Any]:
    def operator(own: Whole, other: Any) -> Any:
        poly = as_poly(other)
        return NotImplemented if poly is None else whole(own.case, combine(own.poly, poly))

    return operator


def _compared(guard: Callable[[Poly, Poly], Guard]) -> Callable[[Whole, Any], Comparison]:
    return lambda own, other: Comparison(own.case, guard(own.poly, *polys([other])))


class Whole:
    """An integer not known: it answers arithmetic; a comparison of sizes forks the case when it is undecided."""

    __slots__ = ("case", "poly")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, case: Case, poly: Poly) -> None:
        self.case = case
        self.poly = poly

    __add__ = __radd__ = _combined(lambda own, other: own + other)
    __sub__ = _combined(lambda own, right: own - right)
    __rsub__ = _combined(lambda own, left: left - own)
    __mul__ = __rmul__ = _combined(lambda own, other: own * other)
    __lt__ = _compared(lambda own, right: least(right - own - integer(1)))
    __le__ = _compared(lambda own, right: least(right - own))
    __gt__ = _compared(lambda own, right: least(own - right - integer(1)))
    __ge__ = _compared(lambda own, right: least(own - right))
    __eq__ = _compared(lambda own, right: zero(own - right))  # type: ignore[assignment]

    def __neg__(self) -> Any:
        return self * -1

    def __floordiv__(self, other: Any) -> Any:
        (divisor,) = polys([other])
        return whole(self.case, self.case.quotient(self.poly, divisor))

    def __rfloordiv__(self, other: Any) -> Any:
        (dividend,) = polys([other])
        return whole(self.case, self.case.quotient(dividend, self.poly))

    def __mod__(self, other: Any) -> Any:
        return self - self // other * other

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __bool__(self) -> bool:
        return self != 0

    def __repr__(self, *_format: str) -> str:
        if not self.case.spoken:
            refuse("a size in words")
        return poly_text(self.poly, own_name)

    __str__ = __format__ = __repr__

    def __formula__(self, word: str, *operands: Any) -> Dual:
        return say(self.case, word, operands)


def _undecided(*_operands: Any) -> NoReturn:
    refuse("a question about what is not decided")


_refused: Any = _undecided


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """A comparison of integers that may be unknown; it is no truth value until it is asked for one."""

    case: Case
    guard: Guard

    __eq__ = __ne__ = __hash__ = __repr__ = __format__ = _refused

    def __bool__(self) -> bool:
        return self.case.decide(self.guard)

    def __formula__(self, word: str, *operands: Any) -> Any:
        return say(self.case, word, operands)


def whole(case: Case, poly: Poly) -> Whole | int:
    """An integer that may depend on sizes and indices."""
    return Whole(case, poly) if poly.constant is None or case.unwritten else poly.constant


def as_poly(value: Any) -> Poly | None:
    """The polynomial of an int or a `Whole`; None for anything else, bools included."""
    if isinstance(value, Whole):
        return value.poly
    return integer(value) if type(value) is int else None


def polys(values: Sequence[Any]) -> tuple[Poly, ...]:
    """Ints and unknown integers as polynomials. Raises: Unsupported for anything else."""
    found = [poly for poly in map(as_poly, values) if poly is not None]
    if len(found) != len(values):
        refuse("something that is no integer")
    return tuple(found)


@dataclass(frozen=True, eq=False, repr=False)
class Dual:
    """A real number and its tangent."""

    case: Case
    value: Expr
    tangent: Expr

    __eq__ = __ne__ = __hash__ = __bool__ = __repr__ = __format__ = _refused

    def _constant(self, other: Any) -> Dual:
        return other if isinstance(other, Dual) else Dual(self.case, as_expression(other), ZERO)

    def __add__(self, other: Any) -> Dual:
        right = self._constant(other)
        return Dual(self.case, self.value + right.value, self.tangent + right.tangent)

    def __neg__(self) -> Dual:
        return Dual(self.case, -self.value, -self.tangent)

    def __sub__(self, other: Any) -> Dual:
        return self + -self._constant(other)

    def __rsub__(self, other: Any) -> Dual:
        return self._constant(other) - self

    def __mul__(self, other: Any) -> Dual:
        right = self._constant(other)
        return Dual(self.case, self.value * right.value, self.tangent * right.value + self.value * right.tangent)

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, other: Any) -> Dual:
        right = self._constant(other)
        self.case.require_nonzero(right.value)
        inverse = power(right.value, -1)
        quotient = self.value * inverse
        return Dual(self.case, quotient, (self.tangent - quotient * right.tangent) * inverse)

    def __rtruediv__(self, other: Any) -> Dual:
        return self._constant(other) / self

    def __pow__(self, exponent: Any) -> Dual:
        if type(exponent) is not int or exponent < 1:
            refuse(f"the power {exponent!r}")
        slope = power(self.value, exponent - 1).scaled(Fraction(exponent))
        return Dual(self.case, power(self.value, exponent), slope * self.tangent)

    def __formula__(self, word: str, *operands: Any) -> Dual:
        return say(self.case, word, operands)


def as_expression(value: Any) -> Expr:
    """A number or an integer that may be unknown, read exactly."""
    poly = as_poly(value)
    if poly is not None:
        return from_poly(poly)
    if (root := number(value)) is not None:
        return root
    if type(value) not in (float, Fraction) or not math.isfinite(value):
        refuse(f"the number {value!r}")
    return rational(Fraction(value))


def say(case: Case, word: str, operands: Sequence[Any]) -> Dual:
    """What a word of the formula language means."""

    def read(value: Any) -> Dual:
        return value if isinstance(value, Dual) else Dual(case, as_expression(value), ZERO)

    match word, operands:
        case "total", (term, *sizes):
            index, names, guards = indices(polys(sizes))
            quotients = Quotients() if case.of_indices is None else case.of_indices
            quotients.enter(names)
            body = read(term(*(whole(case, place) for place in index)))
            return Dual(case, *(summed(part, names, guards) for part in quotients.leave(body.value, body.tangent)))
        case "where", (Comparison(_, guard), holds, fails):
            inside = summed(ONE, (), {guard})
            outside = summed(ONE, (), {least(-guard.poly - integer(1))}) if guard.relation == "least" else ONE - inside
            return _mixed(case, inside, outside, read(holds()), read(fails()))
        case "where", (Dual() as chosen, holds, fails):  # 1 or 0
            return chosen * read(holds()) + (1 - chosen) * read(fails())
        case "kink", (name, discriminant, above, below):
            return _kink(case, case.weight(name), read(discriminant).value, read(above), read(below))
        case "choose", (mask, chosen, other):
            zero_there = vanishing(read(mask).value)
            return _mixed(case, ONE - zero_there, zero_there, read(chosen), read(other))
        case "largest", (name, term, *spans):
            return Dual(case, *largest_over(case, name, lambda i: read(term(*(whole(case, k) for k in i))), [[*map(polys, s)] for s in spans]))
        case "largest of", (name, *entries):
            return Dual(case, *largest_of(case, name, [*map(read, entries)]))
        case ("stop" | "step"), (x,):
            value = read(x).value
            return Dual(case, value if word == "stop" else positive(value), ZERO)
        case function, (x,) if function in FUNCTIONS:
            return _function(case, function, read(x))
        case ("sqrt" | "root"), (*kink, x):
            return Dual(case, *root_along(case, kink, read(x).value, read(x).tangent))
    refuse(f"the word {word!r}")


def _function(case: Case, word: str, x: Dual) -> Dual:
    if word == "log":
        case.require_positive(x.value)
    value, slope = FUNCTIONS[word]
    return Dual(case, value(x.value), slope(x.value) * x.tangent)


def _kink(case: Case, weight: Fraction, discriminant: Expr, above: Dual, below: Dual) -> Dual:
    """Above where the discriminant is > 0, below where it is < 0, the convention's mixture where it is 0."""
    upper = positive(discriminant) + vanishing(discriminant).scaled(weight)
    return _mixed(case, upper, ONE - upper, above, below)


def _mixed(case: Case, part: Expr, rest: Expr, one: Dual, other: Dual) -> Dual:
    return Dual(case, part * one.value + rest * other.value, part * one.tangent + rest * other.tangent)
