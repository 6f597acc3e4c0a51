"""A proof is made by the kernel alone: every way that ordinary Python has around that ends in an error or in no pass."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Any

import pytest
from backproof.equivalence.kernel import KERNEL
from backproof.equivalence.kernel import verdict as verdicts
from backproof.equivalence.kernel.algebra.equalities import Equalities, Group
from backproof.equivalence.kernel.decision import Fails, Holds, Open, SameData, UnknownReason
from backproof.equivalence.kernel.scalars.term import Pool, Term
from backproof.equivalence.kernel.sealed import Proof, Source
from backproof.equivalence.kernel.verdict import Needs, Proved, meets


class EqualToEverything:
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


def genuine(statement: str = "two is two") -> Any:
    return KERNEL.decide(SameData(statement, (2,), (2,)))


def pool() -> Pool:
    return Pool(lambda _term, _signs: True)


def equalities(*pairs: tuple[Term, Term]) -> Equalities:
    return Equalities("a claim", (Group(pairs, ()),), (), ())


def blank(kind: type, **fields: object) -> Any:
    made = object.__new__(kind)
    for name, value in fields.items():
        object.__setattr__(made, name, value)
    return made


def test_a_genuine_proof_is_told_and_makes_a_verdict() -> None:
    proof = genuine()
    assert KERNEL.is_genuine(proof)
    assert Proved(proof).proof is proof


def test_a_proof_has_no_constructor_and_no_subclass() -> None:
    with pytest.raises(TypeError, match="kernel alone"):
        Proof()
    with pytest.raises(TypeError, match="kernel alone"):
        Proof("statement", "method")
    with pytest.raises(TypeError, match="no subclasses"):
        type("Mine", (Proof,), {})


@pytest.mark.parametrize("fake", [None, True, "proof", Holds("m", ()), EqualToEverything(), object.__new__(Proof)])
def test_a_verdict_around_anything_but_a_genuine_proof_cannot_be_built(fake: Any) -> None:
    with pytest.raises((TypeError, AttributeError)):
        Proved(fake)
    with pytest.raises((TypeError, AttributeError)):
        dataclasses.replace(Proved(genuine()), proof=fake)


def test_a_blank_proof_filled_in_by_hand_is_not_genuine() -> None:
    filled = blank(
        Proof, _statement="two is two", _method="comparison", _rests_on=("Python",), _assumptions=()
    )
    assert filled.statement == genuine().statement
    assert not KERNEL.is_genuine(filled)


def test_an_object_that_says_it_is_a_proof_is_not_genuine() -> None:
    class Liar(EqualToEverything):
        __class__ = Proof  # type: ignore[assignment]

        def __hash__(self) -> int:  # type: ignore[override]
            return hash(kept)

    kept = genuine()
    assert isinstance(Liar(), Proof)
    assert not KERNEL.is_genuine(Liar())


def test_equality_put_on_the_class_of_proofs_lets_no_other_in() -> None:
    kept, before = genuine(), (Proof.__eq__, Proof.__hash__)
    Proof.__eq__, Proof.__hash__ = lambda *_: True, lambda _: 1  # type: ignore[method-assign,assignment,misc]
    try:
        assert not KERNEL.is_genuine(object.__new__(Proof))
        assert KERNEL.is_genuine(kept)
    finally:
        Proof.__eq__, Proof.__hash__ = before  # type: ignore[method-assign]


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_proof_is_not_copied_and_does_not_travel(copied: Any) -> None:
    for carried in (genuine(), [genuine()]):
        if copied is not copy.copy or not isinstance(carried, list):
            with pytest.raises(TypeError, match="does not travel"):
                copied(carried)
    with pytest.raises(TypeError, match="does not travel"):
        (copy.deepcopy if copied is copy.copy else copied)(Proved(genuine()))


def test_a_proof_does_not_change() -> None:
    proof = genuine()
    with pytest.raises(AttributeError, match="does not change"):
        proof.statement = "P = NP"
    with pytest.raises(AttributeError, match="does not change"):
        del proof._statement
    assert not hasattr(proof, "__dict__")


def test_a_proof_that_was_changed_from_below_is_genuine_no_more() -> None:
    proof = genuine()
    verdict = Proved(proof)
    assert meets(verdict, Needs.PROOF)
    object.__setattr__(proof, "_statement", "P = NP")
    assert not KERNEL.is_genuine(proof)
    assert not meets(verdict, Needs.PROOF)
    with pytest.raises(TypeError, match="this kernel made"):
        Proved(proof)


def test_the_place_of_a_dead_proof_is_nobodys() -> None:
    # A new object often has a dead one's address.
    for _ in range(200):
        genuine()
        assert not KERNEL.is_genuine(object.__new__(Proof))


def test_verdicts_made_without_their_constructors_meet_nothing() -> None:
    class Mine(verdicts.Tested):
        pass

    assert not meets(blank(Proved, proof=None), Needs.TEST)
    assert not meets(blank(Proved, proof=blank(Proof, _statement="", _method="", _rests_on=(), _assumptions=())), Needs.PROOF)
    assert not meets(blank(verdicts.Tested, points=0, detail=""), Needs.TEST)
    assert not meets(Mine(1, ""), Needs.TEST)
    assert not meets(EqualToEverything(), Needs.TEST)  # type: ignore[arg-type]


def test_the_kernel_decides_only_its_own_types_of_claims() -> None:
    class Mine(SameData):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = None  # type: ignore[assignment]

    for claim in (Mine("all is one", 1, 2), EqualToEverything(), "1 = 1", None):
        with pytest.raises(TypeError, match="the kernel decides"):
            KERNEL.decide(claim)


@pytest.mark.parametrize(
    ("left", "right"), [(EqualToEverything(), 1), (1, EqualToEverything()), ((1, EqualToEverything()), (1, 2)), (1.0, 1.0)]
)
def test_only_plain_data_is_compared(left: object, right: object) -> None:
    answer = KERNEL.decide(SameData("one", left, right))
    assert isinstance(answer, Open)
    assert answer.reason is UnknownReason.UNSUPPORTED


@pytest.mark.parametrize(("left", "right"), [(1, 2), ((), (0,)), ((1, (2,)), (1, (3,))), (True, 1), ("1", 1)])
def test_different_data_are_not_the_same(left: object, right: object) -> None:
    assert isinstance(KERNEL.decide(SameData("one", left, right)), Fails)


def test_terms_of_two_pools_are_never_told_equal() -> None:
    # Serial numbers begin anew in each pool: x of one would be y of the other.
    first, second = pool(), pool()
    x, y = first.variable("x"), second.variable("y")
    assert x.serial == y.serial
    answer = KERNEL.decide(equalities((x, y)))
    assert isinstance(answer, Open)
    assert answer.reason is UnknownReason.UNSUPPORTED


def test_a_condition_of_another_pool_is_refused() -> None:
    first, second = pool(), pool()
    x = first.variable("x")
    group = Group(((x, x),), ((second.variable("y"), frozenset((1,))),))
    assert isinstance(KERNEL.decide(Equalities("a claim", (group,), (), ())), Open)


def test_pairs_that_differ_at_each_reading_are_judged_by_the_one_reading() -> None:
    variables = pool()
    x, y = variables.variable("x"), variables.variable("y")

    class Shifty(tuple[Any, ...]):
        def __len__(self) -> int:
            return 0

    answer = KERNEL.decide(Equalities("a claim", (Group(Shifty(((x, y),)), ()),), (), ()))
    assert isinstance(answer, Fails)


def test_a_term_changed_after_the_claim_was_made_is_judged_as_it_is() -> None:
    variables = pool()
    x, y = variables.variable("x"), variables.variable("y")
    claim = equalities((x + y, y + x))
    y.data = "z"
    x.data = "z"
    assert isinstance(KERNEL.decide(claim), Proof)  # 2z = 2z
    other = equalities((x * y, x + y))
    assert isinstance(KERNEL.decide(other), Fails)


@pytest.mark.parametrize("groups", [(), (Group((), ()),)])
def test_a_claim_that_compares_nothing_is_vacuous(groups: tuple[Group, ...]) -> None:
    answer = KERNEL.decide(Equalities("nothing", groups, (), ()))
    assert isinstance(answer, Open)
    assert answer.reason is UnknownReason.VACUOUS


def test_a_readmitted_proof_rests_on_what_carried_it() -> None:
    proof = KERNEL.readmit("s", Holds("m", ("z3",)), Source.WORKER)
    assert proof.rests_on == ("z3", "worker")
    with pytest.raises(ValueError, match="friend"):
        KERNEL.readmit("s", Holds("m", ()), "friend")  # type: ignore[arg-type]
