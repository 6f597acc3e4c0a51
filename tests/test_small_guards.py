"""What keeps a run from saying more than was decided: instances, second runs, records."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.graphs.two_runs import two_runs
from backproof.equivalence.kernel import verdict as verdicts
from backproof.equivalence.kernel.decision import UnknownReason
from backproof.equivalence.kernel.verdict import Needs, Refuted, Unknown
from backproof.equivalence.obligations import Family, Obligation
from backproof.equivalence.records import recorded
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import RuleInstance, instances
from backproof.equivalence.rules.parts import Part
from backproof.equivalence.rules.patterns import patterns
from backproof.runtime import primitives as _primitives  # noqa: F401 - fills the registry
from backproof.runtime.tape import Tape
from backproof.spec.definition import DEFINITIONS


def test_every_op_has_instances_and_is_proved_at_all_shapes_unless_it_says_why_not() -> None:
    for op, definition in DEFINITIONS.items():
        assert len({rule.key for rule in instances(op)}) >= 2, op
        if not definition.bounded and any(rule.shapes for rule in instances(op)):
            assert patterns(op), op


def test_every_side_from_0_to_5_is_among_the_instances() -> None:
    sides = {side for rule in instances("matmul") for shape in rule.shapes for side in shape}
    assert {0, 1, 2, 3, 5} <= sides


class Forgetful(Tape):
    """Keeps the values of its first run."""

    def refresh(self, leaves: object) -> None:
        return None


def test_a_tape_that_is_right_once_is_refuted_by_its_second_run() -> None:
    assert isinstance(two_runs(Tape, exact_semantics()), verdicts.Tested)
    assert isinstance(two_runs(Forgetful, exact_semantics()), Refuted)


@pytest.mark.parametrize("reason", UnknownReason)
def test_the_record_of_what_is_unknown_is_unknown(reason: UnknownReason) -> None:
    owed = Obligation("rule:0", Family.RULE, "relu", "a claim", (), Needs.PROOF)
    verdict = Unknown(reason, "")
    assert recorded(owed, verdict, 0.0, ()).outcome is verdict


def test_a_rule_that_is_wrong_off_kinks_is_wrong(replaced: Callable[..., None]) -> None:
    replaced("relu", vjp=lambda y_bar, y, x: (2 * y_bar * (x > 0),))
    verdict = RuleCheck(RuleInstance("relu", ((2,),)), exact_semantics()).verdict(Part.VJP)
    assert isinstance(verdict, Refuted)
    assert verdict.reason is verdicts.RefutedReason.WRONG
