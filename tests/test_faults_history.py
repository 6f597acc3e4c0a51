"""Bugs that engines had: each is caught, those at kinks as such, and the right rule in its place is met."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable

import bugs_and_twins
import pytest
from backproof.faults.history.bugs import Bug, bugs, drawn, historical_faults, rules_of

FULL = os.environ.get("BACKPROOF_EVIDENCE") == "full"

FEW = (
    "mxnet-elu-where-exp",
    "pytorch-index-duplicate",
    "pytorch-lse-all-neginf",
    "zygote-dot-shape",
)

AT_KINKS_ONLY = ("pyg-layernorm-sqrt-zero", "pytorch-norm-zero-nan")
"""Bugs of another class, wrong at vectors of zeros alone: a norm's derivative there is a convention's."""

UNDECIDED_IN_FLOATS = ("flaggems-cdist-ignores-p", "pytorch-max-first-vs-even")
"""Right rules that divide by what is 0 at a tie: where rounding may have made one in a drawn graph, floats have no bound."""


def test_every_bug_has_one_rules_file_and_every_file_a_bug() -> None:
    files = [rules_of(bug) for bug in bugs()]
    assert 97 == len(files) == len(set(files))
    assert sorted(files) == sorted(files[0].parent.glob("*.py"))


@pytest.mark.parametrize("bug", bugs(), ids=lambda bug: bug.id)
def test_a_rules_file_names_the_engine_and_where_its_bug_is_told(bug: Bug) -> None:
    text = ast.get_docstring(ast.parse(rules_of(bug).read_text())) or ""
    assert text.startswith(f"{bug.engine}: ") and text.endswith(bug.url)
    assert (bug.convention == "torchlean") != (f"`--convention {bug.convention}`" in text)


def test_a_sample_is_drawn_by_its_seed() -> None:
    first, again, other = ([each.id for each in drawn(5, seed)] for seed in (1, 1, 2))
    assert first == again != other
    assert [each.id for each in drawn(None, 1)] == [each.id for each in historical_faults()]


def test_each_bug_is_caught_and_its_right_twin_is_met(record_property: Callable[[str, object], None]) -> None:
    chosen = [fault for fault in historical_faults() if FULL or fault.id.removeprefix("history/") in FEW]
    command = [sys.executable, bugs_and_twins.__file__, *(fault.id for fault in chosen)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    came = {name: outcome for name, outcome, _nodes, _by in rows}
    for fault in chosen:
        name = fault.id.removeprefix("history/")
        at_kinks = fault.fault_class == "kink-convention" or name in AT_KINKS_ONLY
        assert ("kink" if at_kinks else "refuted") == came[fault.id], fault.id
    right = {name: (outcome, by) for name, outcome, _nodes, by in rows if name.startswith("right/")}
    undecided = {name: right.pop(name)[1] for name in [f"right/history/{each}" for each in UNDECIDED_IN_FLOATS] if name in right}
    assert right and {"survived"} == {outcome for outcome, _by in right.values()}, right
    assert all(":float" in by and "a float divisor that may be 0" in by for by in undecided.values()), undecided
    for outcome, count in Counter(came[fault.id] for fault in chosen).items():
        record_property(f"bugs of history {outcome}", count)
    record_property("right rules in their place, met", len(right))
