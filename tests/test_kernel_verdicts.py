"""Verdicts: no truth value, no refutation without a difference, and evidence that meets no more than it can."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from backproof.equivalence.kernel import KERNEL
from backproof.equivalence.kernel import verdict as verdicts
from backproof.equivalence.kernel.decision import SameData, UnknownReason
from backproof.equivalence.kernel.verdict import (
    Counterexample,
    Needs,
    Proved,
    Refuted,
    RefutedReason,
    Side,
    Unknown,
    meets,
)


def genuine() -> Any:
    return KERNEL.decide(SameData("two is two", (2,), (2,)))


SIDE = Side(0, "leaf", "primal", ("1",), ("1",), differs=False)


def test_a_verdict_has_no_truth_value() -> None:
    differing = Counterexample({}, (dataclasses.replace(SIDE, tape=("2",), differs=True),))
    for verdict in (
        Proved(genuine()),
        verdicts.Tested(1, ""),
        Refuted(differing, RefutedReason.WRONG, ""),
        Unknown(UnknownReason.NOT_RUN, ""),
    ):
        with pytest.raises(TypeError, match="no truth value"):
            bool(verdict)
        with pytest.raises(TypeError, match="no truth value"):
            _ = not verdict


def test_evidence_meets_what_was_declared_and_nothing_stronger() -> None:
    proved, tested, unknown = Proved(genuine()), verdicts.Tested(3, ""), Unknown(UnknownReason.TIMEOUT, "")
    refuted = Refuted(Counterexample({}, (dataclasses.replace(SIDE, differs=True),)), RefutedReason.KINK, "")
    met = [(type(v), n) for v in (proved, tested, unknown, refuted) for n in Needs if meets(v, n)]
    assert [(Proved, Needs.PROOF), (Proved, Needs.TEST), (verdicts.Tested, Needs.TEST)] == met


@pytest.mark.parametrize("points", [0, -1])
def test_a_test_without_a_point_cannot_be_built(points: int) -> None:
    with pytest.raises(ValueError, match="at least one point"):
        verdicts.Tested(points, "")


@pytest.mark.parametrize("nodes", [(), (SIDE,)])
def test_a_refutation_without_a_difference_cannot_be_built(nodes: tuple[Side, ...]) -> None:
    with pytest.raises(ValueError, match="two sides differ"):
        Refuted(Counterexample({}, nodes), RefutedReason.WRONG, "")
