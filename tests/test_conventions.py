"""Conventions at kinks: named data, by which the same kernels are met or refuted as against the convention."""

from __future__ import annotations

from pathlib import Path

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import pytest
from backproof.arguments import Convention
from backproof.cli import main
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.kernel.verdict import Proved, Refuted, RefutedReason
from backproof.equivalence.rules.all_shapes import Pattern
from backproof.equivalence.rules.claims import Part
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import RuleInstance
from backproof.equivalence.rules.lemmas import lemma_verdict
from backproof.spec.convention import CONVENTIONS, PYTORCH, TORCHLEAN

BOUNDS = {"lo": -1.0, "hi": 1.0}

def test_every_convention_has_a_name_on_the_command_line_and_speaks_of_every_kink() -> None:
    assert {each.value for each in Convention} == set(CONVENTIONS)
    assert all(convention.weights.keys() == TORCHLEAN.weights.keys() for convention in CONVENTIONS.values())
    assert all(0 <= weight <= 1 for convention in CONVENTIONS.values() for weight in convention.weights.values())


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
