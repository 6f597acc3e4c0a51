"""A small instance with too many cases for the decider of entries is proved by the lemma for all sizes, and by nothing less."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.kernel.decision import UnknownReason
from backproof.equivalence.kernel.sealed import Source
from backproof.equivalence.kernel.verdict import Proved, Refuted, Unknown
from backproof.equivalence.records import readmitted
from backproof.equivalence.rule_work import RuleWork
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import RuleInstance
from backproof.equivalence.rules.parts import Part
from backproof.equivalence.subject import Subject
from backproof.equivalence.work import perform
from backproof.runtime.primitive import PRIMITIVES
from backproof.runtime.tape import Tape
from backproof.spec.convention import TORCHLEAN

RULE = RuleInstance("reduce_max", ((24,),), {"axis": 0})
TOO_LARGE = {Part.VJP, Part.JVP, Part.ADJOINT}


def verdicts() -> dict[str, Any]:
    records = perform(RuleWork(RULE), Subject(Tape, TORCHLEAN))
    decided = [readmitted(record, Source.WORKER) for record in records]
    return {each.obligation.id.rpartition(":")[2]: each.verdict for each in decided}


def test_the_decider_of_entries_says_that_it_is_too_large() -> None:
    check = RuleCheck(RULE, exact_semantics(TORCHLEAN))
    open_ = {part: verdict for part in Part if isinstance(verdict := check.verdict(part), Unknown)}
    assert set(open_) == TOO_LARGE
    assert {verdict.reason for verdict in open_.values()} == {UnknownReason.TOO_LARGE}


def test_the_lemma_proves_those_parts_and_says_so() -> None:
    found = verdicts()
    for part in Part:
        assert isinstance(found[part], Proved)
        assert ("at all shapes" in found[part].proof.statement) == (part in TOO_LARGE)


def test_a_rule_that_is_wrong_where_no_point_shows_it_is_not_proved(replaced: Callable[..., None]) -> None:
    """Wrong where the greatest entry is above 1000."""
    right = PRIMITIVES["reduce_max"].vjp_kernel

    def wrong(y_bar: Any, y: Any, x: Any, axis: int) -> Any:
        (x_bar,) = right(y_bar, y, x, axis)
        return (np.where(x > 1000, 2 * x_bar, x_bar),)

    replaced("reduce_max", vjp=wrong)
    found = verdicts()
    assert [found[part].reason for part in (Part.VJP, Part.ADJOINT)] == [UnknownReason.TOO_LARGE] * 2
    assert isinstance(found[Part.JVP], Proved)


@pytest.mark.parametrize("reason", [reason for reason in UnknownReason if reason is not UnknownReason.TOO_LARGE])
def test_what_is_unknown_for_another_reason_is_left_to_no_lemma(reason: UnknownReason, monkeypatch: pytest.MonkeyPatch) -> None:
    """A candidate that did not replay, or terms that disagree with numbers, speak against the rule or against us."""
    monkeypatch.setattr(RuleCheck, "verdict", lambda _check, _part: Unknown(reason, "said by the test"))
    found = verdicts()
    for part in Part:
        assert found[part] == Unknown(reason, "said by the test")


def test_a_lemma_that_fails_at_other_sizes_refutes_nothing_here(replaced: Callable[..., None]) -> None:
    right = PRIMITIVES["reduce_max"].jvp_kernel

    def wrong(x_dot: Any, y: Any, x: Any, axis: int) -> Any:
        return 2 * right(x_dot, y, x, axis) if x.shape[axis] == 3 else right(x_dot, y, x, axis)

    replaced("reduce_max", jvp=wrong)
    found = verdicts()
    assert found[Part.JVP].reason is UnknownReason.TOO_LARGE
    assert not any(isinstance(verdict, Refuted) for verdict in found.values())
