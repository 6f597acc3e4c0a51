"""Conventions at kinks: named data, by which the same kernels are met or refuted as against the convention."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.arguments import Convention
from backproof.cli import main
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.kernel.decision import Fails, Holds
from backproof.equivalence.kernel.shapes import Part as Whole
from backproof.equivalence.kernel.shapes import decide_all_shapes
from backproof.equivalence.kernel.verdict import Proved, Refuted, RefutedReason
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import RuleInstance
from backproof.equivalence.rules.lemmas import lemma_verdict
from backproof.equivalence.rules.parts import Part
from backproof.equivalence.rules.patterns import Pattern
from backproof.runtime.primitive import PRIMITIVES
from backproof.spec.convention import CONVENTIONS, PYTORCH, TORCHLEAN, Share
from backproof.spec.definition import definition_of

BOUNDS = {"lo": -1.0, "hi": 1.0}

def test_every_convention_has_a_name_on_the_command_line_and_speaks_of_every_kink() -> None:
    assert {each.value for each in Convention} == set(CONVENTIONS)
    assert all(convention.weights.keys() == TORCHLEAN.weights.keys() for convention in CONVENTIONS.values())
    weights = [weight for convention in CONVENTIONS.values() for weight in convention.weights.values()]
    assert all(isinstance(weight, Share) or 0 <= weight <= 1 for weight in weights)


@pytest.mark.parametrize("part", [Part.VJP, Part.JVP])
def test_the_same_rule_is_right_by_one_convention_and_against_another(part: Part) -> None:
    rule = RuleInstance("clamp", ((3,),), BOUNDS)
    assert isinstance(RuleCheck(rule, exact_semantics(TORCHLEAN)).verdict(part), Proved)
    verdict = RuleCheck(rule, exact_semantics(PYTORCH)).verdict(part)
    assert isinstance(verdict, Refuted)
    assert verdict.reason is RefutedReason.KINK


@pytest.mark.parametrize("part", [Part.VJP, Part.JVP])
def test_a_lemma_for_all_shapes_is_judged_by_the_convention_too(part: Part) -> None:
    pattern = Pattern((("s_0",),), (("hi", 0.7), ("lo", 0.1)))
    assert isinstance(lemma_verdict("clamp", part, pattern, TORCHLEAN), Proved)
    verdict = lemma_verdict("clamp", part, pattern, PYTORCH)
    assert isinstance(verdict, Refuted)
    assert verdict.reason is RefutedReason.KINK


def test_the_table_of_differences_is_the_one_in_the_documentation(capfd: pytest.CaptureFixture) -> None:
    assert main(["conventions"]) == 0
    table = capfd.readouterr().out
    documentation = (Path(__file__).parent.parent / "docs" / "conventions.md").read_text()
    assert documentation.endswith(table)
    assert "| clamp | clamp at lo |" in table
    differing = [line for line in table.splitlines() if line.endswith("| yes |")]
    assert 2 <= len(differing) < len(table.splitlines()) - 2


def test_a_tie_that_is_shared_evenly_is_decided_at_instances_and_by_no_lemma(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = RuleInstance("reduce_max", ((2, 3),), {"axis": 1})
    verdicts = [RuleCheck(rule, exact_semantics(PYTORCH)).verdict(part) for part in (Part.VJP, Part.JVP)]
    assert all(isinstance(each, Refuted) and each.reason is RefutedReason.KINK for each in verdicts)

    def share(x: Any, axis: int) -> Any:
        hits = np.where(x == np.max(x, axis=axis, keepdims=True), 1, 0)
        return hits / np.sum(hits, axis=axis, keepdims=True)

    monkeypatch.setattr(
        PRIMITIVES["reduce_max"], "vjp_kernel", lambda g, y, x, axis: (np.expand_dims(g, axis) * share(x, axis),)
    )
    monkeypatch.setattr(PRIMITIVES["reduce_max"], "jvp_kernel", lambda x_dot, y, x, axis: np.sum(x_dot * share(x, axis), axis=axis))
    for part in (Part.FORWARD, Part.VJP, Part.JVP, Part.ADJOINT):
        assert isinstance(RuleCheck(rule, exact_semantics(PYTORCH)).verdict(part), Proved)
    refuted = RuleCheck(rule, exact_semantics(TORCHLEAN)).verdict(Part.VJP)
    assert isinstance(refuted, Refuted)
    assert refuted.reason is RefutedReason.KINK
    pattern = Pattern((("s_0", "s_1"),), (("axis", 1),))
    assert not isinstance(lemma_verdict("reduce_max", Part.VJP, pattern, PYTORCH), Proved)


@pytest.mark.parametrize("slope_at_zero", [0, 1, 7])
def test_where_a_convention_declares_no_derivative_none_is_owed(slope_at_zero: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def slope(x: Any, y: Any) -> Any:
        return np.where(x > 0, 1 / (2 * np.where(x > 0, y, 1)), np.where(x < 0, 0, slope_at_zero))

    monkeypatch.setattr(PRIMITIVES["sqrt"], "vjp_kernel", lambda g, y, x: (g * slope(x, y),))
    monkeypatch.setattr(PRIMITIVES["sqrt"], "jvp_kernel", lambda x_dot, y, x: slope(x, y) * x_dot)
    rule = RuleInstance("sqrt", ((2,),), {})
    for part in (Part.FORWARD, Part.VJP, Part.JVP):
        verdict = RuleCheck(rule, exact_semantics(PYTORCH)).verdict(part)
        assert isinstance(verdict, Proved)
        assert any("no derivative is owed where x 0 0 = 0" in each for each in verdict.proof.assumptions)
        by_ours = RuleCheck(rule, exact_semantics(TORCHLEAN)).verdict(part)
        assert isinstance(by_ours, Proved) == (part is Part.FORWARD or slope_at_zero == 0)


def test_a_rule_that_is_wrong_off_a_kink_without_derivative_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PRIMITIVES["sqrt"], "vjp_kernel", lambda g, y, x: (np.where(x > 0, g / np.where(x > 0, y, 1), 0),))
    verdict = RuleCheck(RuleInstance("sqrt", ((2,),), {}), exact_semantics(PYTORCH)).verdict(Part.VJP)
    assert isinstance(verdict, Refuted)
    assert verdict.reason is RefutedReason.WRONG


@pytest.mark.parametrize("part", [Part.FORWARD, Part.VJP, Part.JVP, Part.ADJOINT])
def test_a_lemma_of_the_root_excludes_the_kink_without_derivative_and_says_so(part: Part) -> None:
    for sides in ((), ("s_0",), ("s_0", "s_1")):
        verdict = lemma_verdict("sqrt", part, Pattern((sides,), ()), PYTORCH)
        assert isinstance(verdict, Proved), verdict
        said = any("no derivative is owed where an entry of input 0 is 0" in each for each in verdict.proof.assumptions)
        assert said == (part is not Part.FORWARD)


def test_without_the_exclusion_a_lemma_of_the_root_is_not_proved_and_a_wrong_slope_is_refuted() -> None:
    claim = lemma("sqrt", Whole.VJP, Pattern((("s_0",),), ()), PYTORCH)
    assert not isinstance(decide_all_shapes(replace(claim, domain=definition_of("sqrt").domain)), Holds)
    wrong = decide_all_shapes(replace(claim, vjp=lambda g, y, x: (np.where(x > 0, g / np.where(x > 0, y, 1), 0),)))
    assert isinstance(wrong, Fails)
