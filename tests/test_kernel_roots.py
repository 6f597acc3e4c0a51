"""Square roots in the normal form: their square is their argument, and only where that is shown to be >= 0."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import Any

import pytest
from backproof.equivalence.kernel import KERNEL
from backproof.equivalence.kernel.algebra.equalities import Equalities, Group
from backproof.equivalence.kernel.algebra.field import Field
from backproof.equivalence.kernel.algebra.squares import lower_bound
from backproof.equivalence.kernel.decision import Fails, Open
from backproof.equivalence.kernel.numbers.radical import square_root
from backproof.equivalence.kernel.scalars.term import Pool, Term
from backproof.equivalence.kernel.sealed import Proof

ABOVE, AT, BELOW = frozenset((1,)), frozenset((0,)), frozenset((-1,))
EPS = Fraction(1e-6)

Equation = Callable[..., tuple[Any, Any]]


def root(term: Any) -> Term:
    return term.apply("sqrt")


def variance(*entries: Term) -> Term:
    mean = sum(entries[1:], entries[0]) / len(entries)
    squares = [(entry - mean) * (entry - mean) for entry in entries]
    return sum(squares[1:], squares[0]) / len(entries)


def scale(*entries: Term) -> Term:
    """The largest absolute value; 1 where that is 0."""
    largest = reduce(Term.maximum, (entry.maximum(-entry) for entry in entries))
    return largest.pool.lift(largest.compare(0, ABOVE).where(largest, largest.pool.number(Fraction(1))))


def scaled(*entries: Term) -> Term:
    """The norm, by squares of the entries over the largest."""
    parts = [entry / scale(*entries) for entry in entries]
    return scale(*entries) * root(sum((part * part for part in parts[1:]), parts[0] * parts[0]))


def positive(x: Term, _y: Term, _z: Term) -> tuple[Term, frozenset[int]]:
    return x, ABOVE


def both(_x: Term, y: Term, _z: Term) -> tuple[Term, frozenset[int]]:
    return y, ABOVE


TRUE: dict[str, tuple[Any, ...]] = {
    "√x √x = x": (lambda x, y, z: (root(x) * root(x), x), positive),
    "√x √y = √(x y)": (lambda x, y, z: (root(x) * root(y), root(x * y)), positive, both),
    "√(x²) = |x|": (lambda x, y, z: (root(x * x), x.maximum(-x)),),
    "√(x² y) = |x| √y": (lambda x, y, z: (root(x * x * y), x.maximum(-x) * root(y)), both),
    "√(x/y) = √x / √y": (lambda x, y, z: (root(x / y), root(x) / root(y)), positive, both),
    "1/√x = √x / x": (lambda x, y, z: (1 / root(x), root(x) / x), positive),
    "√(4x) = 2√x": (lambda x, y, z: (root(4 * x), 2 * root(x)), positive),
    "√2 √3 = √6": (lambda x, y, z: (root(x.pool.number(Fraction(2))) * root(x.pool.number(Fraction(3))), root(x.pool.number(Fraction(6)))),),
    "a constant's root": (lambda x, y, z: (root(x.pool.number(Fraction(8, 9))), root(x.pool.number(Fraction(2))) * 2 / 3),),
    "√(var + eps) squared": (lambda x, y, z: (root(variance(x, y, z) + EPS) ** 2, variance(x, y, z) + EPS),),
    "1/√(var + eps) has a value": (lambda x, y, z: (y / root(variance(x, y, z) + EPS) * root(variance(x, y, z) + EPS), y),),
    "√var has a value": (lambda x, y, z: (root(variance(x, y, z)) * root(variance(x, y, z)), variance(x, y, z)),),
    "√max(x, 0)": (lambda x, y, z: (root(x.maximum(0)), x.compare(0, ABOVE).where(root(x), 0)),),
    "√max(x, 0) squared": (lambda x, y, z: (root(x.maximum(0)) * root(x.maximum(0)), x.maximum(0)),),
    "√(1 + √x) squared": (lambda x, y, z: (root(1 + root(x)) * root(1 + root(x)), 1 + root(x)), positive),
    "a conjugate": (lambda x, y, z: (1 / (root(x) + 1) * (x - 1), root(x) - 1), positive),
    "√exp(2x) = exp(x)": (lambda x, y, z: (root((2 * x).apply("exp")), x.apply("exp")),),
    "√(x² + y² + z²) over the largest": (lambda x, y, z: (scaled(x, y, z), root(x * x + y * y + z * z)),),
    "√(x² + 4x² + y² + 9y² + z²) over the largest": (
        lambda x, y, z: (scaled(x, 2 * x, y, 3 * y, z), root(5 * x * x + 10 * y * y + z * z)),
    ),
    "a choice that only what a maximum is decides": (
        lambda x, y, z: (x.maximum(-x).compare(0, ABOVE).where(x.maximum(-x), 7 * x), x.maximum(-x)),
    ),
    "a maximum that is never chosen": (lambda x, y, z: (x.maximum(-x).compare(0, BELOW).where(y, z), z),),
    "a norm by a scale": (
        lambda x, y, z: (root((x / (1 + z * z)) * (x / (1 + z * z)) + 1) * (1 + z * z), root(x * x + (1 + z * z) * (1 + z * z))),
    ),
}

FALSE: dict[str, tuple[Any, ...]] = {
    "√x where x may be negative": (lambda x, y, z: (root(x), root(x)),),
    "√x √x = x anywhere": (lambda x, y, z: (root(x) * root(x), x),),
    "√(-1)": (lambda x, y, z: (root(x.pool.number(Fraction(-1))), 0),),
    "0 times √x": (lambda x, y, z: (root(x) * 0, 0),),
    "√(x²) = x": (lambda x, y, z: (root(x * x), x),),
    "√(x + y) = √x + √y": (lambda x, y, z: (root(x + y), root(x) + root(y)), positive, both),
    "√(x y) = √x √y anywhere": (lambda x, y, z: (root(x * y), root(x) * root(y)),),
    "1/√(x²) √(x²) = 1": (lambda x, y, z: (root(x * x) / root(x * x), 1),),
    "√(2x) = 2√x": (lambda x, y, z: (root(2 * x), 2 * root(x)), positive),
    "√2 = 1.4142135623730951": (lambda x, y, z: (root(x.pool.number(Fraction(2))), Fraction(2**0.5)),),
    "eps outside the root": (lambda x, y, z: (root(variance(x, y, z) + EPS), root(variance(x, y, z)) + EPS),),
    "1/√var": (lambda x, y, z: (y / root(variance(x, y, z)) * root(variance(x, y, z)), y),),
    "√(var - eps)": (lambda x, y, z: (root(variance(x, y, z) - EPS), root(variance(x, y, z) - EPS)),),
    "n - 1 for n": (lambda x, y, z: (root(variance(x, y, z) * Fraction(3, 2) + EPS), root(variance(x, y, z) + EPS)),),
    "√max(x, 0) = √|x|": (lambda x, y, z: (root(x.maximum(0)), root(x.maximum(-x))),),
    "a norm without its scale": (lambda x, y, z: (scaled(x, y, z) / scale(x, y, z), root(x * x + y * y + z * z)),),
    "over the largest of two": (lambda x, y, z: (scaled(x, y, z), scale(x, y) * root(x * x + y * y + z * z) / scale(x, y, z)),),
    "a choice at a maximum": (lambda x, y, z: (x.maximum(0).compare(0, ABOVE).where(x, x.maximum(0)), x),),
    "a choice beside a maximum": (lambda x, y, z: (x.maximum(y).compare(0, ABOVE).where(z, x.maximum(y)), z),),
    "over what may be 0": (lambda x, y, z: (x.maximum(-x).compare(0, ABOVE).where(1, x / x.maximum(-x)), 1),),
    "a negative root": (lambda x, y, z: (root(x), -root(x)), positive),
}


def decided(equation: Equation, *conditions: Callable[..., tuple[Term, frozenset[int]]]) -> Any:
    pool = Pool(lambda _term, _signs: True)
    variables = [pool.variable(name) for name in "xyz"]
    left, right = equation(*variables)
    stated = tuple(condition(*variables) for condition in conditions)
    return KERNEL.decide(Equalities("it", (Group(((pool.lift(left), pool.lift(right)),), stated),), (), ()))


@pytest.mark.parametrize("name", TRUE)
def test_a_true_equation_of_roots_is_proved(name: str) -> None:
    assert isinstance(decided(*TRUE[name]), Proof)


@pytest.mark.parametrize("name", FALSE)
def test_a_false_equation_of_roots_is_never_proved(name: str) -> None:
    assert isinstance(decided(*FALSE[name]), (Fails, Open))


@pytest.mark.parametrize("value", [Fraction(n, d) for n, d in itertools.product((1, 2, 8, 12, 10**12 + 39, 49), (1, 3, 4, 2**72))])
def test_the_parts_of_a_root_make_up_the_root(value: Fraction) -> None:
    rational, radicands = square_root(value)
    product = rational * rational
    for radicand in radicands:
        product *= radicand
    assert value == product
    assert len(set(radicands)) == len(radicands)


def test_a_lower_bound_of_a_quadratic_is_one_and_none_is_claimed_of_others() -> None:
    field = Field()
    x, y = (field.atom("variable", name).numerator for name in "xy")
    one = field.number(Fraction(1)).numerator
    grid = [Fraction(n, 3) for n in range(-9, 10)]
    bounds = {
        "(x - y)²": ((x - y) ** 2, 0),
        "(x - y)² + 1": ((x - y) ** 2 + one, 1),
        "x² + x y + y²": (x * x + x * y + y * y, 0),
        "x² - x": (x * x - x, Fraction(-1, 4)),
        "x² + 3 x y + y²": (x * x + 3 * x * y + y * y, None),
        "x y": (x * y, None),
        "x": (x, None),
        "x² + y": (x * x + y, None),
        "-x²": (-x * x, None),
        "x⁴": (x**4, None),
    }
    for name, (poly, expected) in bounds.items():
        bound = lower_bound(poly)
        assert expected == bound, name
        values = [poly.subs({"g0": a.numerator, "g1": b.numerator}) for a in grid for b in grid if a.denominator == b.denominator == 1]
        assert bound is None or all(value.leading_coefficient() >= int(bound) for value in values if not value.is_zero()), name
