"""Quotients of polynomials as SMT-LIB text, never divided out, because solvers are at home in polynomials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..kernel.scalars.mask import Unsupported
from ..kernel.smtlib import rational

MOST_MONOMIALS = 20_000
"""Monomials that a polynomial of a question may have when it is multiplied out, counted before any cancel."""


class Polynomial(NamedTuple):
    """A name or expression, and a bound on its monomials."""

    said: str
    monomials: int


class Value(NamedTuple):
    """Numerator and denominator."""

    top: Polynomial
    bottom: Polynomial


ONE = Polynomial("1.0", 1)


def plus(a: Polynomial, b: Polynomial) -> Polynomial:
    """a + b."""
    return _limited(Polynomial(f"(+ {a.said} {b.said})", a.monomials + b.monomials))


def times(a: Polynomial, b: Polynomial) -> Polynomial:
    """a · b."""
    if ONE in (a, b):
        return b if a == ONE else a
    return _limited(Polynomial(f"(* {a.said} {b.said})", a.monomials * b.monomials))


def times_value(a: Value, b: Value) -> Value:
    """a · b."""
    return Value(times(a.top, b.top), times(a.bottom, b.bottom))


def times_number(a: Value, number: int) -> Value:
    """A number times a value."""
    return Value(times(Polynomial(rational(number, 1), 1), a.top), a.bottom)


def _limited(made: Polynomial) -> Polynomial:
    if made.monomials > MOST_MONOMIALS:
        raise Unsupported(f"a polynomial that may have more than {MOST_MONOMIALS} monomials")
    return made


def crossed(a: Value, b: Value) -> tuple[Polynomial, Polynomial]:
    """The numerators over one denominator."""
    return (a.top, b.top) if a.bottom == b.bottom else (times(a.top, b.bottom), times(b.top, a.bottom))


def by_sign(sign: Value, branches: Sequence[Polynomial]) -> Polynomial:
    """One of three, by the sign of a value."""
    above, at, below = branches
    if above == at == below:
        return above
    value = times(*sign).said
    rest = below.said if at == below else f"(ite (= {value} 0.0) {at.said} {below.said})"
    test = ">=" if above == at else ">"
    return _limited(Polynomial(
        f"(ite ({test} {value} 0.0) {above.said} {below.said if above == at else rest})", max(b.monomials for b in branches)
    ))


def where_larger(a: Value, b: Value, then: Value, other: Value) -> Value:
    """One of two, by which of a and b is larger; at a tie, where both are the same, the first."""
    difference = Value(plus(*crossed(a, times_number(b, -1))), times(a.bottom, b.bottom))
    tops, bottoms = ((one, one, two) for one, two in zip(then, other, strict=True))
    return Value(by_sign(difference, tops), by_sign(difference, bottoms))
