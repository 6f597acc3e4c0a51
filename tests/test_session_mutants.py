"""Mutants of the session: its verbs and refusals are changed, its own tests are what catches them, and no one else's."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import few_session_mutants
import pytest
from backproof.faults.mutants.edits import edits
from backproof.faults.session.argued import ARGUED, change_of, why_none_can
from backproof.faults.session.mutants import TESTS, drawn, every_mutant, sites


@pytest.fixture(scope="module")
def lines() -> list[tuple[str, str, str]]:
    done = subprocess.run([sys.executable, few_session_mutants.__file__], capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    return [(name, outcome, by) for name, outcome, by in rows]


def test_every_verb_is_changed_and_what_refuses_too() -> None:
    names = {site.name for site in sites()}
    assert {"session.Session.sgd_step_all", "recording.Recording.check", "descent.sgd_step", "calls.read_call"} <= names
    classes = {mutant.edit.fault_class for mutant in every_mutant()}
    assert {"error code replaced", "condition negated", "statement removed", "call removed"} <= classes


def test_a_refusal_is_changed_in_its_condition_and_its_code_and_not_in_its_words() -> None:
    shown = [mutant.shown() for mutant in every_mutant() if mutant.site.name == "recording.Recording.check"]
    assert any("+    if handle.owner is self.owner:" in text for text in shown)
    assert any("+        raise SessionError('E-other'" in text for text in shown)


def test_a_message_is_left_alone() -> None:
    tree = ast.parse("def f(x):\n    if x > 0:\n        raise Refusal('E-code', f'{x + 1} came')\n")
    (function,) = tree.body
    assert isinstance(function, ast.FunctionDef)
    texts = [ast.unparse(edit.applied(tree)) for edit in edits(function, refusals=True)]
    assert len(texts) > 3
    assert all("f'{x + 1} came'" in text for text in texts)
    assert list(edits(function)) == []


def test_all_are_drawn_unless_somebody_says_how_many_and_each_compiles_and_reads_differently() -> None:
    every = drawn(None, 1)
    assert len(every) > 500
    assert len({fault.id for fault in every}) == len({fault.shown for fault in every}) == len(every)
    assert all(fault.shown.count("\n-") or fault.shown.count("\n+") for fault in every)
    assert len(drawn(7, 1)) == 7


def test_a_mutant_is_caught_by_a_test_of_the_session(lines: list[tuple[str, str, str]]) -> None:
    nothing, *mutants, _red, _nowhere = lines
    assert nothing == ("session/nothing", "survived", "nothing caught it")
    assert len(mutants) == few_session_mutants.SAMPLE
    for name, outcome, by in mutants:
        assert outcome == "rejected", name
        assert by.startswith(tuple(f"suite: {test}" for test in TESTS)), name


def test_tests_that_do_not_run_catch_nothing(lines: list[tuple[str, str, str]]) -> None:
    name, outcome, by = lines[-2]
    assert (name, outcome) == ("session/nothing", "survived")
    assert by.startswith("its tests are red without it: NoTest")


def test_without_a_checkout_nothing_is_judged(lines: list[tuple[str, str, str]]) -> None:
    assert lines[-1] == ("session/nothing", "not_expressible", "the project's own tests are to catch it: a checkout was needed")


def test_the_tests_that_are_asked_are_there() -> None:
    for test in TESTS:
        tree = ast.parse((Path(__file__).parent / test).read_text())
        assert any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in tree.body)


def test_what_is_argued_is_of_a_mutant_that_there_is() -> None:
    changes = [change_of(fault) for fault in drawn(None, 1)]
    assert {1} == {changes.count(change) for change in ARGUED}


def test_an_argument_is_for_the_change_of_a_line_and_for_no_other() -> None:
    (argued,) = (fault for fault in drawn(None, 1) if why_none_can(fault) == "the first of one is the last of one")
    assert "" == why_none_can(replace(argued, shown=argued.shown.replace("[-1]", "[1]")))
    assert "" == why_none_can(replace(argued, id=argued.id.replace("get_nat", "set_nat")))
    assert "" == why_none_can(replace(argued, shown=f"{argued.shown}\n+    return 0"))
