"""What `Equalities` proves is true: equations that fail somewhere are never proved, true ones of every kind are."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from backproof.equivalence.kernel import KERNEL
from backproof.equivalence.kernel.algebra.equalities import Equalities, Group
from backproof.equivalence.kernel.algebra.field import Field
from backproof.equivalence.kernel.decision import Fails, Open, UnknownReason
from backproof.equivalence.kernel.scalars.term import Pool, Term
from backproof.equivalence.kernel.sealed import Proof

ABOVE, AT, BELOW = frozenset((1,)), frozenset((0,)), frozenset((-1,))
NONZERO = ABOVE | BELOW

Equation = Callable[..., tuple[Any, Any]]


def where(term: Term, signs: frozenset[int], holds: Any, fails: Any) -> Any:
    return term.compare(0, signs).where(holds, fails)


def decided(equation: Equation, *conditions: Callable[..., tuple[Term, frozenset[int]]]) -> Any:
    pool = Pool(lambda _term, _signs: True)
    variables = [pool.variable(name) for name in "xyz"]
    left, right = equation(*variables)
    stated = tuple(condition(*variables) for condition in conditions)
    return KERNEL.decide(Equalities("it", (Group(((pool.lift(left), pool.lift(right)),), stated),), (), ()))


def positive(x: Term, _y: Term, _z: Term) -> tuple[Term, frozenset[int]]:
    return x, ABOVE


def nonzero(x: Term, _y: Term, _z: Term) -> tuple[Term, frozenset[int]]:
    return x, NONZERO


TRUE: dict[str, tuple[Any, ...]] = {
    "x/x = 1 off 0": (lambda x, y, z: (x / x, 1), nonzero),
    "a square's difference": (lambda x, y, z: ((x - y) * (x + y), x * x - y * y),),
    "exp(x) exp(y) = exp(x + y)": (lambda x, y, z: (x.apply("exp") * y.apply("exp"), (x + y).apply("exp")),),
    "exp(x)/exp(x) = 1": (lambda x, y, z: (x.apply("exp") / x.apply("exp"), 1),),
    "exp(-x) = 1/exp(x)": (lambda x, y, z: ((-x).apply("exp"), 1 / x.apply("exp")),),
    "tanh(-x) = -tanh(x)": (lambda x, y, z: ((-x).apply("tanh"), -x.apply("tanh")),),
    "max is symmetric": (lambda x, y, z: (x.maximum(y), y.maximum(x)),),
    "max(x, -x)² = x²": (lambda x, y, z: (x.maximum(-x) * x.maximum(-x), x * x),),
    "max + min": (lambda x, y, z: (x.maximum(y) - (-x).maximum(-y), x + y),),
    "x > 0 or x = 0 or x < 0": (
        lambda x, y, z: (where(x, ABOVE, 1, 0) + where(x, AT, 1, 0) + where(x, BELOW, 1, 0), 1),
    ),
    "an indicator is its own square": (lambda x, y, z: (where(x, ABOVE, 1, 0) * where(x, ABOVE, 1, 0), where(x, ABOVE, 1, 0)),),
    "indicators of two signs exclude each other": (lambda x, y, z: (where(x, ABOVE, y, 0) * where(x, BELOW, z, 0), 0),),
    "a mirrored comparison": (lambda x, y, z: (where(x - y, ABOVE, z, 0), where(y - x, BELOW, z, 0)),),
    "the singular branch is not taken": (lambda x, y, z: (where(x, NONZERO, 1 / x, 0) * x, where(x, NONZERO, 1, 0)),),
    "log of a positive number": (lambda x, y, z: (x.apply("log") - x.apply("log"), 0), positive),
    "what two divisors share cancels": (
        lambda x, y, z: (
            1 / ((2 + x * x + y * y) * (1 + x * x)) + 1 / ((2 + x * x + y * y) * (1 + y * y)),
            1 / ((1 + x * x) * (1 + y * y)),
        ),
    ),
    "1 + x² is never 0": (lambda x, y, z: (1 / (1 + x * x) * (1 + x * x), 1),),
    "a nested choice": (
        lambda x, y, z: (
            where(x, ABOVE, where(x, ABOVE, y, z), where(x, ABOVE, z, y)),
            y,
        ),
    ),
    "the condition decides the choice": (lambda x, y, z: (where(x, ABOVE, y, z), y), positive),
}

FALSE: dict[str, tuple[Any, ...]] = {
    "x/x = 1": (lambda x, y, z: (x / x, 1),),
    "0 · (1/x) = 0": (lambda x, y, z: (0 * (1 / x), 0),),
    "1/x - 1/x = 0": (lambda x, y, z: (1 / x - 1 / x, 0),),
    "a mask times a singular value": (lambda x, y, z: (x.compare(0, NONZERO) * (1 / x), where(x, NONZERO, 1 / x, 0)),),
    "the singular branch is taken": (lambda x, y, z: (where(x, ABOVE | AT, 1 / x, 0) * x, where(x, ABOVE | AT, 1, 0)),),
    "log x - log x = 0": (lambda x, y, z: (x.apply("log") - x.apply("log"), 0),),
    "log of a square": (lambda x, y, z: ((x * x).apply("log") - (x * x).apply("log"), 0),),
    "log of 0": (lambda x, y, z: ((x - x).apply("log"), (x - x).apply("log")),),
    "log of -1": (lambda x, y, z: ((x - x - 1).apply("log") * 0, 0),),
    "x > 0 or x < 0": (lambda x, y, z: (where(x, ABOVE, 1, 0) + where(x, BELOW, 1, 0), 1),),
    "> for >=": (lambda x, y, z: (where(x - y, ABOVE, z, 0), where(x - y, ABOVE | AT, z, 0)),),
    "max(x, y) = x": (lambda x, y, z: (x.maximum(y), x),),
    "max(x, -x) = x": (lambda x, y, z: (x.maximum(-x), x),),
    "max + max = sum": (lambda x, y, z: (x.maximum(y) + x.maximum(y), x + y),),
    "exp(-x) = -exp(x)": (lambda x, y, z: ((-x).apply("exp"), -x.apply("exp")),),
    "exp(x y) = exp(x) exp(y)": (lambda x, y, z: ((x * y).apply("exp"), x.apply("exp") * y.apply("exp")),),
    "exp(x)² = exp(x²)": (lambda x, y, z: (x.apply("exp") ** 2, (x * x).apply("exp")),),
    "tanh(-x) = tanh(x)": (lambda x, y, z: ((-x).apply("tanh"), x.apply("tanh")),),
    "tanh x = x": (lambda x, y, z: (x.apply("tanh"), x),),
    "a relative 1e-9": (lambda x, y, z: (x * Fraction(1 + 1e-9), x),),
    "x² = x": (lambda x, y, z: (x * x, x),),
    "right but at a point": (lambda x, y, z: (where(x - Fraction(1, 3), AT, 1, 0), 0),),
    "right but at a tie": (lambda x, y, z: (where(x - y, NONZERO, z, 0), z),),
    "right but in a corner": (lambda x, y, z: (where(x, ABOVE, where(y, ABOVE, where(z, ABOVE, 1, 0), 0), 0), 0),),
    "the condition decides the other choice": (lambda x, y, z: (where(x, ABOVE, y, z), z), positive),
    "1/(x - x)": (lambda x, y, z: (1 / (x - x), 1 / (x - x)),),
    "the quotient by another divisor": (lambda x, y, z: (z / (1 + x * x), z / (1 + y * y)),),
    "exp(2x) = exp(x)": (lambda x, y, z: ((x + x).apply("exp"), x.apply("exp")),),
    "exp(x + y) = exp(x) + exp(y)": (lambda x, y, z: ((x + y).apply("exp"), x.apply("exp") + y.apply("exp")),),
    "sin² = 1 + cos²": (lambda x, y, z: (x.apply("sin") ** 2, 1 + x.apply("cos") ** 2),),
    "cos(-x) = -cos(x)": (lambda x, y, z: ((-x).apply("cos"), -x.apply("cos")),),
    "sin(-x) = sin(x)": (lambda x, y, z: ((-x).apply("sin"), x.apply("sin")),),
    "log(1/x) = log x": (lambda x, y, z: ((1 / x).apply("log"), x.apply("log")), positive),
    "log of -1 - x²": (lambda x, y, z: ((-1 - x * x).apply("log"), (-1 - x * x).apply("log")),),
    "1/(x - y²) has a value": (lambda x, y, z: (1 / (x - y * y), 1 / (x - y * y)),),
    "max(x, y) = min(x, y)": (lambda x, y, z: (x.maximum(y), -(-x).maximum(-y)),),
    "max(x, y) is the smaller": (lambda x, y, z: (x.maximum(y), where(x - y, ABOVE, y, x)),),
    "exp(x) - 1 is never 0": (lambda x, y, z: (1 / (x.apply("exp") - 1), 1 / (x.apply("exp") - 1)),),
    "max(x, y, z) = max(x, y)": (lambda x, y, z: (x.maximum(y).maximum(z), x.maximum(y)),),
    "0 is below 0": (lambda x, y, z: (where(x, ABOVE, y, 0) + where(x, BELOW, z, 0), where(x, ABOVE, y, z)),),
    "half of a tie": (lambda x, y, z: (where(x, ABOVE, 1, where(x, AT, Fraction(1, 2), 0)), where(x, ABOVE | AT, 1, 0)),),
}


@pytest.mark.parametrize("name", TRUE)
def test_a_true_equation_is_proved(name: str) -> None:
    assert isinstance(decided(*TRUE[name]), Proof)


@pytest.mark.parametrize("name", FALSE)
def test_a_false_equation_is_never_proved(name: str) -> None:
    answer = decided(*FALSE[name])
    assert isinstance(answer, (Fails, Open))
    assert not isinstance(answer, Open) or answer.reason is not UnknownReason.VACUOUS


CONTRADICTIONS: dict[str, tuple[Any, ...]] = {
    "two signs of one value": (lambda x, y, z: (x, ABOVE), lambda x, y, z: (x, BELOW)),
    "no sign at all": (lambda x, y, z: (x, frozenset()),),
    "a constant of another sign": (lambda x, y, z: (x - x + 1, BELOW),),
    "0 above 0": (lambda x, y, z: (x - x, ABOVE),),
    "a value that was given": (lambda x, y, z: (x, AT), lambda x, y, z: (x, ABOVE)),
    "a circle of orders": (
        lambda x, y, z: (x - y, ABOVE),
        lambda x, y, z: (y - z, ABOVE),
        lambda x, y, z: (z - x, ABOVE),
    ),
    "a negative square": (lambda x, y, z: (x * x, BELOW),),
    "a negative exponential": (lambda x, y, z: (x.apply("exp"), BELOW | AT),),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
@pytest.mark.parametrize("equation", [lambda x, y, z: (x, y), lambda x, y, z: (x, x)], ids=["false", "true"])
def test_nothing_is_claimed_where_the_conditions_contradict_each_other(name: str, equation: Equation) -> None:
    answer = decided(equation, *CONTRADICTIONS[name])
    assert isinstance(answer, Open)
    assert answer.reason is UnknownReason.VACUOUS


def test_a_condition_that_excludes_the_difference_makes_the_equation_true() -> None:
    tied: Equation = lambda x, y, z: (where(x - y, NONZERO, z, 0), z)
    assert isinstance(decided(tied, lambda x, y, z: (x - y, NONZERO)), Proof)
    assert isinstance(decided(tied, lambda x, y, z: (x - z, NONZERO)), Fails)


def test_many_choices_that_differ_at_ties_alone_are_equal_off_the_ties() -> None:
    pool = Pool(lambda _term, _signs: True)
    differences = [pool.variable(f"a{place}") - pool.variable(f"b{place}") for place in range(12)]
    strict = sum((where(d, ABOVE, d, 0) + where(d, AT, 1, 0) for d in differences), pool.number(Fraction(0)))
    loose = sum((where(d, ABOVE | AT, d, 0) for d in differences), pool.number(Fraction(0)))
    pairs = ((pool.lift(strict), pool.lift(loose)),)
    off_ties = tuple((d, NONZERO) for d in differences)
    assert isinstance(KERNEL.decide(Equalities("it", (Group(pairs, off_ties),), (), ())), Proof)
    assert not isinstance(KERNEL.decide(Equalities("it", (Group(pairs, off_ties[1:]),), (), ())), Proof)


def test_a_condition_without_a_value_takes_nothing_away() -> None:
    undefined = lambda x, y, z: (1 / (x - x), ABOVE)
    assert isinstance(decided(lambda x, y, z: (x * y, y * x), undefined), Proof)
    assert isinstance(decided(lambda x, y, z: (x, y), undefined), Fails)


def test_a_condition_that_z3_alone_contradicts_is_named() -> None:
    pool = Pool(lambda _term, _signs: True)
    x, y = pool.variable("x"), pool.variable("y")
    nowhere = Group(((x, y),), ((x * x + y * y, BELOW),))
    somewhere = Group(((x, x),), ())
    proof = KERNEL.decide(Equalities("it", (nowhere, somewhere), (), ()))
    assert isinstance(proof, Proof)
    assert any(each.startswith("z3 ") for each in proof.rests_on)


def test_a_function_without_a_normal_form_is_unsupported_and_not_proved() -> None:
    answer = decided(lambda x, y, z: (x.pool.node("apply", (x,), "?"), x.pool.node("apply", (x,), "?")))
    assert isinstance(answer, Open)
    assert answer.reason is UnknownReason.UNSUPPORTED


@pytest.mark.parametrize("first", ["z/x = z/x", "y = y"])
def test_what_pairs_share_has_a_value_in_each_of_them(first: str) -> None:
    pool = Pool(lambda _term, _signs: True)
    x, y, z = (pool.variable(name) for name in "xyz")
    shared = z / x
    pairs = {"z/x = z/x": (shared, shared), "y = y": (y, y)}
    both = ((pairs[first]), (shared - shared + y, y))
    assert isinstance(KERNEL.decide(Equalities("it", (Group(both, ()),), (), ())), Fails)
    assert isinstance(KERNEL.decide(Equalities("it", (Group(both, ((x, NONZERO),)),), (), ())), Proof)


def test_sums_of_ratios_are_in_lowest_terms() -> None:
    field = Field()
    x, y = field.atom("variable", "x"), field.atom("variable", "y")
    one = field.number(Fraction(1))
    below = [field.divide(one, field.multiply(x, field.add(y, field.number(Fraction(shift))))) for shift in range(4)]
    minus = [field.multiply(field.number(Fraction(-1)), each) for each in below]
    for a in (*below, *minus, x, one):
        for b in (*below, *minus, y, one):
            total = field.add(a, b)
            assert total.numerator.is_zero() or total.numerator.gcd(total.denominator).is_constant()
            a, b = field.current(a), field.current(b)
            assert total.numerator * a.denominator * b.denominator == total.denominator * (
                a.numerator * b.denominator + b.numerator * a.denominator
            )
