"""The project's own tests, run in this process to see whether one of them catches what was planted here."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ..ir.graph import BackproofError
from .fault import NotExpressible

ROOT = Path(__file__).resolve().parents[1]


class NoSuite(NotExpressible):
    """The project's tests are not there, or pytest is not: a fault that they are to catch cannot be judged."""


class NoTest(BackproofError):
    """A test that is to catch a fault and did not run."""


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
