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
    came = {line.split("\t")[0]: line.split("\t")[1] for line in done.stdout.splitlines()}
    for fault in chosen:
        name = fault.id.removeprefix("history/")
        at_kinks = fault.fault_class == "kink-convention" or name in AT_KINKS_ONLY
        assert ("kink" if at_kinks else "refuted") == came[fault.id], fault.id
    right = {name: outcome for name, outcome in came.items() if name.startswith("right/")}
    assert right and {"survived"} == set(right.values()), right
    for outcome, count in Counter(came[fault.id] for fault in chosen).items():
        record_property(f"bugs of history {outcome}", count)
    record_property("right rules in their place, met", len(right))
