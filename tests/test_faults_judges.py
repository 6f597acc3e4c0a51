"""Faults in the judges: each is planted as an edit of the source, and what the project sets against it is what is counted."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import few_judges
import pytest
from backproof.faults.judges.edits import Edit, EditError
from backproof.faults.judges.judging import WRONG, drawn, judges_faults

TESTS = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def lines() -> dict[str, tuple[str, str]]:
    done = subprocess.run([sys.executable, few_judges.__file__], capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    return {name: (outcome, by) for name, outcome, by in rows}


def test_there_are_many_and_each_edit_is_one_of_the_source_as_it_is() -> None:
    faults = judges_faults()
    assert len(faults) >= 40
    assert len({fault.id for fault in faults}) == len(faults)
    for fault in faults:
        compile(WRONG[fault.id.removeprefix("judges/")].edit.text, fault.id, "exec")
        assert "\n-" in fault.shown or "\n+" in fault.shown


def test_each_guard_that_is_a_test_is_one_of_the_suite() -> None:
    named = {test for wrong in WRONG.values() for test in wrong.tests}
    assert named
    for test in named:
        file, _, function = test.partition("::")
        defined = {node.name for node in ast.parse((TESTS / file).read_text()).body if isinstance(node, ast.FunctionDef)}
        assert function in defined, test


def test_a_sample_takes_one_of_each_layer_first() -> None:
    layers = {fault.fault_class for fault in judges_faults()}
    assert len(layers) >= 10
    assert {fault.fault_class for fault in drawn(len(layers), 1)} == layers


def test_a_fault_is_caught_by_the_check_or_by_a_test_and_says_by_which(lines: dict[str, tuple[str, str]]) -> None:
    assert lines["judges/convention/relu"][0] == "refuted"
    assert lines["judges/convention/relu"][1].startswith("check: refuted: rule:relu[")
    assert lines["judges/shapes/greater-at-ties"][0] == "rejected"
    assert lines["judges/shapes/greater-at-ties"][1].startswith("check: not met: lemma:relu[")
    test = "suite: test_kernel_verdicts.py::test_a_test_without_a_point_cannot_be_built"
    assert lines["judges/verdicts/tested-at-no-point"][1].startswith(test)


def test_where_right_rules_stay_green_a_wrong_one_is_tried(lines: dict[str, tuple[str, str]]) -> None:
    outcome, by = lines["judges/solver/says-impossible"]
    assert outcome == "rejected"
    assert "; a wrong rule of log " in by


def test_an_edit_that_changes_nothing_survives(lines: dict[str, tuple[str, str]]) -> None:
    assert lines["scalars/nothing"][0] == "survived"
    assert "does not pass check" in lines["scalars/nothing"][1]


def test_a_package_that_cannot_be_loaded_is_not_green(lines: dict[str, tuple[str, str]]) -> None:
    outcome, by = lines["scalars/no-module"]
    assert outcome == "rejected"
    assert by.startswith("ImportError: cannot import name 'Nothing'")


def test_a_guard_that_is_red_without_the_fault_catches_nothing(lines: dict[str, tuple[str, str]]) -> None:
    assert lines["red guard"] == ("survived", "its guard is red without it: check: red")


def test_an_edit_of_what_is_not_there_is_refused() -> None:
    with pytest.raises(EditError, match=r"ir/graph.py: 'no such text' stands there 0 times, once was needed"):
        _ = Edit("ir/graph.py", "no such text", "").text
