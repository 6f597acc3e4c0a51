"""Random equations: what is proved holds at every point tried, ties and zeros among them; what fails is never proved."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import flint
from backproof.equivalence.kernel import KERNEL
from backproof.equivalence.kernel.algebra.equalities import Equalities, Group
from backproof.equivalence.kernel.numbers.exact import Exact, Undecidable
from backproof.equivalence.kernel.scalars.term import Pool, Term
from backproof.equivalence.kernel.sealed import Proof
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NAMES = ("x", "y")
VALUES = tuple(map(Fraction, ("-2", "-1", "-1/3", "0", "1/2", "1", "3")))
POINTS = tuple(itertools.product(VALUES, repeat=len(NAMES)))
SIGNS = tuple(frozenset(signs) for count in (1, 2) for signs in itertools.combinations((-1, 0, 1), count))

Expression = tuple[Any, ...]
"""A word and its operands; what it means is said twice below, for terms and, by nothing the kernel has, for numbers."""

leaves = st.sampled_from([("variable", name) for name in NAMES]) | st.sampled_from(
    [("number", Fraction(value)) for value in ("0", "1", "-1", "2", "1/2")]
)


def grown(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.one_of(
        st.tuples(st.sampled_from(["add", "mul", "sub", "div", "max"]), inner, inner),
        st.tuples(st.sampled_from(["exp", "tanh", "log"]), inner),
        st.tuples(st.just("where"), st.sampled_from(SIGNS), inner, inner, inner),
        st.tuples(st.just("mask"), st.sampled_from(SIGNS), inner, inner),
    )


expressions = st.recursive(leaves, grown, max_leaves=6)


def meaning(expression: Expression, values: Mapping[str, Any]) -> Any:
    """The expression on scalars: Terms, or Exact numbers of which each choice is made here and now."""
    match expression:
        case ("variable", name):
            return values[name]
        case ("number", value):
            return values["one"] * value
        case ("where", signs, discriminant, holds, fails):
            mask = meaning(discriminant, values).compare(0, signs)
            return mask.where(meaning(holds, values), meaning(fails, values))
        case ("mask", signs, discriminant, factor):
            return meaning(discriminant, values).compare(0, signs) * meaning(factor, values)
    word, *operands = expression
    first, *rest = (meaning(each, values) for each in operands)
    match word:
        case "add":
            return first + rest[0]
        case "sub":
            return first - rest[0]
        case "mul":
            return first * rest[0]
        case "div":
            return first / rest[0]
        case "max":
            return first.maximum(rest[0])
    return first.apply(word)


def rewritten(expression: Expression, way: int) -> Expression:
    """Another expression with the same values, wherever it has any."""
    match expression:
        case ("add" | "mul" as word, a, b) if way % 2:
            return (word, rewritten(b, way // 2), rewritten(a, way // 2))
        case ("sub", a, b):
            return ("add", rewritten(a, way // 2), ("mul", ("number", Fraction(-1)), rewritten(b, way // 2)))
        case ("max", a, b):
            return ("where", frozenset((0, 1)), ("sub", a, b), rewritten(a, way // 2), rewritten(b, way // 2))
        case ("where", signs, d, a, b):
            others = frozenset((-1, 0, 1)) - signs
            return ("where", others, d, rewritten(b, way // 2), rewritten(a, way // 2))
        case ("mask", signs, d, a):
            return ("mul", ("where", signs, d, ("number", Fraction(1)), ("number", Fraction(0))), rewritten(a, way // 2))
        case ("exp", ("add", a, b)):
            return ("mul", ("exp", rewritten(a, way // 2)), ("exp", rewritten(b, way // 2)))
        case ("tanh", a):
            return ("mul", ("number", Fraction(-1)), ("tanh", ("sub", ("number", Fraction(0)), rewritten(a, way // 2))))
    return expression


def proved(left: Expression, right: Expression, conditions: tuple[tuple[Expression, frozenset[int]], ...]) -> bool:
    pool = Pool(lambda _term, _signs: True)
    values = {name: pool.variable(name) for name in NAMES} | {"one": pool.number(Fraction(1))}

    def term(expression: Expression) -> Term:
        return pool.lift(meaning(expression, values))

    stated = tuple((term(value), signs) for value, signs in conditions)
    group = Group(((term(left), term(right)),), stated)
    return isinstance(KERNEL.decide(Equalities("a random equation", (group,), (), ())), Proof)


def number(expression: Expression, point: tuple[Fraction, ...]) -> Exact | None:
    """The value at a point, undefined where it has none; None where balls cannot tell a sign."""
    values = dict(zip(NAMES, map(Exact.of, point), strict=True)) | {"one": Exact.of(1)}
    try:
        return meaning(expression, values)  # type: ignore[no-any-return]
    except Undecidable:
        return None


def fails_at(left: Expression, right: Expression, point: tuple[Fraction, ...]) -> bool:
    """Whether the two sides certainly differ there, or one of them has no value."""
    a, b = number(left, point), number(right, point)
    if a is None or b is None:
        return False
    return a.value is None or b.value is None or a.differs(b)


def holds_at(conditions: tuple[tuple[Expression, frozenset[int]], ...], point: tuple[Fraction, ...]) -> bool:
    try:
        values = [number(value, point) for value, _signs in conditions]
        return all(
            value is not None and value.sign() in signs for value, (_, signs) in zip(values, conditions, strict=True)
        )
    except Undecidable:
        return False


def failing(left: Expression, right: Expression, conditions: Any = ()) -> list[tuple[Fraction, ...]]:
    with flint.ctx.workprec(256):
        return [point for point in POINTS if holds_at(conditions, point) and fails_at(left, right, point)]


drawn = settings(derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
conditions = st.lists(st.tuples(st.recursive(leaves, grown, max_leaves=2), st.sampled_from(SIGNS)), max_size=2).map(tuple)


@settings(drawn, max_examples=400)
@given(expressions, st.integers(0, 31), conditions)
def test_an_equation_that_is_proved_fails_at_no_point(left: Expression, way: int, where: Any) -> None:
    right = rewritten(left, way)
    if proved(left, right, where):
        assert not failing(left, right, where)


@settings(drawn, max_examples=400)
@given(expressions, expressions, st.sampled_from(["add", "mul", "where"]), conditions)
def test_an_equation_made_false_is_never_proved(left: Expression, other: Expression, how: str, where: Any) -> None:
    """The right side is another expression, or the left one with a term, a factor or a corner cut out."""
    right = ("where", frozenset((0,)), other, ("number", Fraction(0)), left) if how == "where" else (how, left, other)
    for came in (right, other):
        if failing(left, came, where):
            assert not proved(left, came, where)


@settings(drawn, max_examples=300)
@given(st.recursive(leaves, lambda inner: st.tuples(st.sampled_from(["add", "mul", "sub"]), inner, inner), max_leaves=8))
def test_an_equation_of_polynomials_that_holds_everywhere_is_proved(left: Expression) -> None:
    assert proved(left, rewritten(left, 31), ())


def test_the_properties_above_compare_something() -> None:
    maximum = ("max", ("variable", "x"), ("variable", "y"))
    assert proved(maximum, rewritten(maximum, 0), ())
    assert failing(maximum, ("variable", "x"))
    assert failing(("div", ("variable", "x"), ("variable", "x")), ("number", Fraction(1)))
