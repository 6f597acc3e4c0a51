"""A pytest test of the refutations that lie beside it: it fails while the fault stands."""

from __future__ import annotations

import os

from .files import refutation_names
from .report import Report

NAME = "test_refutations.py"

_TEST = '''\
"""What backproof refuted, run again: each test fails while the two sides of its case differ.

Written by backproof check --out; copy this folder to keep the tests. They need backproof and pytest.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
OPTIONS = {options}
RULES = {rules}  # the rules file, seen from this folder
CASES = [
{cases}
]


@pytest.mark.parametrize("case", CASES)
def test_both_sides_agree(case):
    rules = [] if RULES is None else ["--rules", os.path.normpath(HERE / RULES)]
    command = [sys.executable, "-m", "backproof", "replay", str(HERE / case), *OPTIONS, *rules]
    replayed = subprocess.run(command, capture_output=True, text=True, check=False)
    if replayed.returncode != 0:
        pytest.fail(replayed.stdout + replayed.stderr)
'''


def regression_test(report: Report, folder: str) -> dict[str, bytes]:
    """The test file by name, if anything is refuted; `folder` is where the report is kept."""
    names = list(refutation_names(report).values())
    if not names:
        return {}
    rules = None if report.rules is None else os.path.relpath(report.rules, f"{folder}/refutations")
    convention = report.asked.convention
    options = [] if convention == "torchlean" else ["--convention", convention]
    cases = "\n".join(f"    {name!a}," for name in names)
    return {NAME: _TEST.format(options=ascii(options), rules=ascii(rules), cases=cases).encode()}
