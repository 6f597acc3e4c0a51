"""A copy of the checker, edited between runs on one ledger: what is decided again, and what is not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import backproof
import pytest

ROOT = Path(backproof.__file__).parent
PARTS = ("equivalence", "ir", "reports", "runtime", "spec")
ASKED = ("check", "--ops", "neg,tanh", "--graphs", "0", "--seed", "1", "--jobs", "2", "--json")

RIGHT, WRONG = "return 4 * decay / ((1 + decay) * (1 + decay)) * x_dot", "return 5 * decay / ((1 + decay) * (1 + decay)) * x_dot"


@pytest.fixture
def checker(tmp_path: Path) -> Path:
    """A copy of the package, to be edited."""
    copy = tmp_path / "backproof"
    for part in PARTS:
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ROOT.glob("*.py"):
        shutil.copy(file, copy / file.name)
    return copy


def checked(checker: Path, status: int) -> dict[str, list[tuple[str, bool]]]:
    """By op, the verdict on each rule and whether it was a proof from the ledger."""
    time.sleep(0.2)  # what is saved just before it is loaded is taken for what is saved after it
    # No bytecode: it is told from another by size and second, and one character in one second changes neither.
    environment = os.environ | {"PYTHONPATH": str(checker.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.run(
        [sys.executable, "-m", "backproof", *ASKED, "--ledger", str(checker.parent / "proofs.ledger")],
        capture_output=True, check=False, env=environment, cwd=checker.parent,
    )  # fmt: skip
    assert (status, b"") == (process.returncode, process.stderr)
    found: dict[str, list[tuple[str, bool]]] = {}
    rows: list[dict[str, Any]] = json.loads(process.stdout)["rows"]
    for row in rows:
        if row["needs"] == "proof":
            found.setdefault(row["op"], []).append((row["verdict"], "ledger" in row["rests_on"]))
    return found


def test_an_edit_of_a_kernel_is_decided_again_and_nothing_else_is(checker: Path) -> None:
    kernels, decider = checker / "runtime" / "primitives" / "elementwise.py", checker / "equivalence" / "work.py"
    source = kernels.read_text()
    assert source.count(RIGHT) == 1

    first = checked(checker, 0)
    assert {"neg", "tanh"} == first.keys()
    assert {("proved", False)} == {row for rows in first.values() for row in rows}

    kernels.write_text("# A comment, which moves every line.\n\n" + source)
    assert {("proved", True)} == {row for rows in checked(checker, 0).values() for row in rows}

    kernels.write_text(source.replace(RIGHT, WRONG))
    third = checked(checker, 1)
    assert {("proved", True)} == set(third["neg"])
    assert {("proved", False), ("refuted", False)} == set(third["tanh"])

    kernels.write_text(source)
    assert {("proved", True)} == {row for rows in checked(checker, 0).values() for row in rows}

    decider.write_text(decider.read_text() + "# A comment in the checker.\n")
    assert {("proved", False)} == {row for rows in checked(checker, 0).values() for row in rows}
