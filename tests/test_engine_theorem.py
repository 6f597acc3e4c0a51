"""The accumulation theorem: its lemmas, its faulty tapes, and that the check itself can fail."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from backproof.equivalence.engine.broken import BROKEN
from backproof.equivalence.engine.theorem import Theorem, first_failing, theorem, theorem_claims
from backproof.equivalence.engine.words import (
    ASSOCIATIVE,
    COMMUTATIVE,
    EMPTY_SUM,
    LONGER_SUM,
    SHAPED_EMISSIONS,
    SHAPED_SUMS,
    SMALLER_IDS,
    ZERO_LEFT,
    ZERO_PRESERVED,
)
from backproof.equivalence.kernel import KERNEL, lemma
from backproof.equivalence.kernel.decision import Fails, Open, UnknownReason
from backproof.equivalence.kernel.lemma import Lemma, SolversDisagree, solve
from backproof.equivalence.kernel.verdict import Proved, Refuted
from backproof.runtime.tape import Tape


@cache
def decided() -> Theorem:
    return theorem(Tape)


@cache
def claims() -> dict[str, Lemma]:
    return dict(theorem_claims(Tape))


@pytest.mark.parametrize("name", claims())
def test_each_lemma_is_proved_by_both_solvers(name: str) -> None:
    (result,) = [result for result in decided().lemmas if result.name == name]
    assert ("proved", "proved") == (result.z3, result.cvc5)
    assert isinstance(result.verdict, Proved)
    assert any(trusted.startswith("z3 ") for trusted in result.verdict.proof.rests_on)
    assert any(trusted.startswith("cvc5 ") for trusted in result.verdict.proof.rests_on)


def test_a_proof_says_what_it_assumes_of_tapes() -> None:
    (result,) = [result for result in decided().lemmas if result.name == "zero fold"]
    assert isinstance(result.verdict, Proved)
    assert ("every VJP maps zero to zero", "0 + c = c", "c + 0 = c") == result.verdict.proof.assumptions


def test_frame_base_and_step_are_among_the_lemmas() -> None:
    assert {"frame", "base", "step", "fold frame", "fold step", "node", "order", "smaller ids"} <= claims().keys()


@pytest.mark.parametrize("name", BROKEN)
def test_each_faulty_tape_is_refuted_by_a_case_of_at_most_three_nodes(name: str) -> None:
    (result,) = [result for result in decided().broken if result.name == name]
    assert isinstance(result.verdict, Refuted)
    assert 3 >= len(result.verdict.counterexample.case["nodes"])
    assert any(side.tape != side.spec for side in result.verdict.counterexample.nodes)


def test_the_theorem_holds_only_if_all_of_it_does() -> None:
    assert decided().holds
    assert not replace(decided(), lemmas=theorem(BROKEN["forward order"]).lemmas).holds


@pytest.mark.parametrize(
    ("fault", "lemma_name"),
    [
        ("overwrite instead of add", "contribution"),
        ("a contribution added twice", "contribution"),
        ("an edge dropped", "contribution"),
        ("a frozen value fed", "contribution"),
        ("forward order", "order"),
        ("the last value not visited", "order"),
        ("a shared node visited once", "extraction"),
        ("the first run's values kept", ""),
    ],
)
def test_a_faulty_tape_fails_the_lemma_that_speaks_of_its_fault(fault: str, lemma_name: str) -> None:
    assert lemma_name == first_failing(BROKEN[fault], KERNEL.decide)


@pytest.mark.parametrize(
    ("name", "axiom"),
    [
        ("fold frame", SMALLER_IDS),
        ("fold base", EMPTY_SUM),
        ("fold step", LONGER_SUM),
        ("fold step", SHAPED_EMISSIONS),
        ("shapes", SHAPED_SUMS),
        ("regrouping", ASSOCIATIVE),
        ("any order", COMMUTATIVE),
        ("base", EMPTY_SUM),
        ("zero fold", ZERO_PRESERVED),
        ("sparse contribution", ZERO_LEFT),
    ],
)
def test_a_lemma_without_an_axiom_that_it_needs_is_not_proved(name: str, axiom: str) -> None:
    whole = claims()[name]
    weaker = replace(whole, hypotheses=tuple(fact for fact in whole.hypotheses if fact != axiom))
    assert len(whole.hypotheses) - 1 == len(weaker.hypotheses)
    assert isinstance(KERNEL.decide(weaker), (Fails, Open))


@pytest.mark.parametrize("name", ["contribution", "visit", "node", "frame", "step", "order", "sparse node", "filled"])
def test_a_lemma_with_the_opposite_goal_is_not_proved(name: str) -> None:
    whole = claims()[name]
    assert isinstance(KERNEL.decide(replace(whole, goal=f"(not {whole.goal})")), (Fails, Open))


def test_contradictory_hypotheses_prove_nothing() -> None:
    empty = Lemma("anything", (), ("false",), "false", (), ())
    assert UnknownReason.VACUOUS == KERNEL.decide(empty).reason


def test_a_lemma_that_one_solver_leaves_open_is_not_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lemma, "ask_cvc5", lambda _question, _budget: "unknown")
    assert isinstance(KERNEL.decide(claims()["contribution"]), Open)


def test_solvers_that_disagree_are_an_error_that_shows_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lemma, "ask_cvc5", lambda _question, _budget: "sat")
    with pytest.raises(SolversDisagree, match=r"z3 says unsat and cvc5 says sat of\n\(set-logic ALL\)"):
        solve(claims()["contribution"].script)
