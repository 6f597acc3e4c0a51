"""A claim is proved only if every pair of it is, on every way, by an answer that says so."""

from __future__ import annotations

from typing import Any

import pytest
from backproof.equivalence.kernel import KERNEL
from backproof.equivalence.kernel.algebra import solver
from backproof.equivalence.kernel.algebra.equalities import Equalities, Group
from backproof.equivalence.kernel.decision import Open, UnknownReason
from backproof.equivalence.kernel.scalars.term import Pool, Term
from backproof.equivalence.kernel.sealed import Proof

RIGHT, WRONG = "right", "wrong"
BELOW, ABOVE = frozenset((-1,)), frozenset((1,))


def pair(kind: str, x: Term) -> tuple[Term, Term]:
    return ((x + 1) * x, x * x + x) if kind == RIGHT else ((x + 1) * x, x * x)


def decided(*groups: tuple[str, ...]) -> Any:
    made = []
    for kinds in groups:
        x = Pool(lambda _term, _signs: True).variable("x")
        made.append(Group(tuple(pair(kind, x) for kind in kinds), ()))
    return KERNEL.decide(Equalities("some pairs", tuple(made), (), ()))


def test_one_wrong_pair_or_way_among_right_ones_is_not_proved() -> None:
    assert isinstance(decided((RIGHT, RIGHT), (RIGHT, RIGHT)), Proof)
    for place in range(4):
        kinds = [WRONG if place == k else RIGHT for k in range(4)]
        assert not isinstance(decided(tuple(kinds)), Proof)
        assert not isinstance(decided(tuple(kinds[:2]), tuple(kinds[2:])), Proof)
        assert not isinstance(decided(*((kind,) for kind in kinds)), Proof)


def test_what_the_solver_leaves_open_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = Pool(lambda _term, _signs: True)
    x, y, z = map(pool.variable, "xyz")
    divisor = x * x - x * y + y * y + z * z * z * z - z + 1
    claim = Equalities("a divisor that is never 0", (Group(((divisor / divisor, pool.lift(1)),), ()),), (), ())
    assert isinstance(KERNEL.decide(claim), Proof)
    monkeypatch.setattr(solver, "RESOURCE_LIMIT", 1)
    answer = KERNEL.decide(claim)
    assert isinstance(answer, Open)
    assert answer.reason is UnknownReason.GAVE_UP


def test_equal_sides_under_conditions_that_can_hold_are_compared() -> None:
    """Conditions on several values, none of which contradicts another, leave something to compare."""
    pool = Pool(lambda _term, _signs: True)
    x, y = pool.variable("x"), pool.variable("y")
    for conditions in (((x, ABOVE),), ((x, BELOW), (y, ABOVE)), ((x - y, ABOVE), (x + y, ABOVE))):
        assert isinstance(KERNEL.decide(Equalities("it", (Group(((x * y, y * x),), conditions),), (), ())), Proof)
        wrong = KERNEL.decide(Equalities("it", (Group(((x * y, y * x + x),), conditions),), (), ()))
        assert not isinstance(wrong, (Proof, Open))
