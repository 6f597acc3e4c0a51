"""What the project sets against a fault of its own: the check of an op, tests of its suite, and which wrong rule it lets by.

It is loaded anew with an edited package, and what it says is the edited package's word.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from ...equivalence.generation.strategies import generate
from ...equivalence.kernel.sealed import Source
from ...equivalence.kernel.verdict import Refuted, meets
from ...equivalence.records import readmitted
from ...equivalence.rules_file import load_rules
from ...equivalence.run import NamedCase, Plan, work_of
from ...equivalence.subject import Subject
from ...equivalence.work import GraphWork, LemmaWork, RuleWork, TheoremWork, TwoRunsWork, Work, perform
from ...ir.graph import BackproofError
from ...runtime.tape import Tape
from ...spec.convention import TORCHLEAN
from ..fault import NotExpressible
from .edits import ROOT

REFUTED = "refuted"
"""The first word of what `unmet` says where a counterexample was found."""

_GRAPHS = 3


class NoSuite(NotExpressible):
    """The project's tests are not there, or pytest is not: a fault that they are to catch cannot be judged."""


class NoTest(BackproofError):
    """A test that is to catch a fault and did not run."""


def unmet(op: str) -> str:
    """The first obligation that is not met of what `check` owes for an op, or for the tape and some graphs where op is "".

    Nothing if all are met; that nothing is owed is said.
    """
    subject, count = Subject(Tape, TORCHLEAN), 0
    for piece in _work(op):
        for record in perform(piece, subject):
            count += 1
            decided = readmitted(record, Source.WORKER)
            if not meets(decided.verdict, decided.obligation.needs):
                answer = REFUTED if isinstance(decided.verdict, Refuted) else "not met"
                return f"{answer}: {decided.obligation.id}: {getattr(decided.verdict, 'detail', '')}"
    return "" if count else "not met: nothing is owed"


def unmet_with(op: str, rules: str) -> str:
    """The same with the text of a rules file loaded."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rules.py"
        file.write_text(rules, encoding="utf-8")
        load_rules(file)
    return unmet(op)


def _work(op: str) -> Iterator[Work]:
    """Rules at small instances, then lemmas; or two runs, graphs and the theorem."""
    if not op:
        cases = enumerate(generate(_GRAPHS, 1, ["add", "mul", "tanh"]))
        yield TwoRunsWork()
        yield from (GraphWork(f"generated-{place:04}", case) for place, case in cases)
        yield TheoremWork()
        return
    work = work_of(Plan(tuple[NamedCase, ...](), (op,), 1, None, False, TORCHLEAN.name))  # noqa: FBT003 - no theorem
    yield from (piece for piece in work if isinstance(piece, RuleWork) and piece.covering() is None)
    yield from (piece for piece in work if isinstance(piece, LemmaWork))


class _Heard:
    """A plugin that hears how tests end."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed: list[str] = []

    def pytest_runtest_logreport(self, report: object) -> None:
        """One phase of a test."""
        self.passed += getattr(report, "when", "") == "call" and getattr(report, "passed", False)
        if getattr(report, "failed", False):
            self.failed.append(str(getattr(report, "nodeid", "")))

    def pytest_collectreport(self, report: object) -> None:
        """A file of tests that cannot be read: what an edit made of the package may not even be imported."""
        if getattr(report, "failed", False):
            self.failed.append(f"{getattr(report, 'nodeid', '')} could not be collected")


def failed_test(tests: Sequence[str]) -> str:
    """The first of these tests of the suite that fails in this process; nothing if all pass.

    Raises: NoSuite without a checkout or pytest, NoTest if none of them ran.
    """
    try:
        import pytest
    except ImportError as error:
        raise NoSuite("the project's own tests are to catch it: pytest was needed") from error
    if not (ROOT / "tests").is_dir():
        raise NoSuite("the project's own tests are to catch it: a checkout was needed")
    heard = _Heard()
    # Modules are loaded already, so that nothing is rewritten; and what a test is given to write in is one process's own.
    options = ["-q", "-x", "--assert=plain", "-o", "filterwarnings=default", "-p", "no:cacheprovider", "-p", "no:xdist"]
    place = ["-c", str(ROOT / "pyproject.toml"), f"--rootdir={ROOT}"]
    os.chdir(ROOT)  # pytest's own options in pyproject.toml name folders of the checkout
    with tempfile.TemporaryDirectory() as folder:
        nodes = [str(ROOT / "tests" / each) for each in tests]
        pytest.main([*options, *place, f"--basetemp={folder}/pytest", *nodes], plugins=[heard])
    if not heard.failed and not heard.passed:
        raise NoTest(f"{', '.join(tests)}: no such test ran")
    return heard.failed[0].removeprefix("tests/") if heard.failed else ""
