"""An equation is taken apart by variables only into parts that add up to it, and a wrong part is never hidden."""

from __future__ import annotations

from fractions import Fraction

import pytest
from backproof.equivalence.kernel.algebra.equalities import Equalities, Group, decide_equalities
from backproof.equivalence.kernel.algebra.parts import parts
from backproof.equivalence.kernel.decision import Holds
from backproof.equivalence.kernel.scalars.term import Pool, Term


def pool() -> Pool:
    return Pool(lambda _term, _signs: True)


def masked(x: Term, factor: Term) -> Term:
    """factor · √max(x, 0) where x > 0, in a way that only cases of the sign of x decide."""
    root = x.maximum(x.pool.number(Fraction(0))).apply("sqrt")
    return x.compare(0, frozenset((1,))).where(factor / (2 * x.compare(0, frozenset((1,))).where(root, 1)), 0)


def equation(count: int, wrong: int | None) -> Equalities:
    terms = pool()
    left = right = terms.number(Fraction(0))
    for k in range(count):
        x, y = terms.variable(f"x {k}"), terms.variable(f"y {k}")
        left = left + masked(x, y)
        right = right + masked(x, y) * (2 if k == wrong else 1)
    return Equalities("sums", (Group(((left, right),), ()),), (), ())


def test_parts_share_no_variable_and_there_is_one_for_each_pair() -> None:
    claim = equation(5, None)
    ((left, right),) = claim.groups[0].pairs
    assert 5 == len(parts(left, right))


def test_a_sum_of_many_masked_terms_is_decided_part_by_part() -> None:
    assert isinstance(decide_equalities(equation(9, None)), Holds)


@pytest.mark.parametrize("wrong", [0, 1])
def test_one_wrong_part_is_not_proved(wrong: int) -> None:
    assert not isinstance(decide_equalities(equation(2, wrong)), Holds)


def test_constants_that_cancel_only_together_still_hold() -> None:
    terms = pool()
    x = terms.variable("x")
    left = x + terms.number(Fraction(3)) + (terms.number(Fraction(-2)) - x)
    assert isinstance(decide_equalities(Equalities("one", (Group(((left, terms.number(Fraction(1))),), ()),), (), ())), Holds)


def test_a_divisor_that_may_be_zero_is_no_less_asked_for_in_a_part() -> None:
    terms = pool()
    x, y = terms.variable("x"), terms.variable("y")
    claim = Equalities("x/x", (Group(((x / x + y, y + 1),), ()),), (), ())
    assert not isinstance(decide_equalities(claim), Holds)
