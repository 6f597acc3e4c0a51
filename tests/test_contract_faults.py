"""The six rules that the contract itself marks wrong: each is refuted as wrong when it is put in place of ours."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

FAULTS = sorted((Path(__file__).parent.parent / "examples" / "contract_faults").glob("*.py"))


def test_there_are_six() -> None:
    assert 6 == len(FAULTS)


@pytest.mark.parametrize("rules", FAULTS, ids=lambda path: path.stem)
def test_a_rule_that_the_contract_marks_wrong_is_refuted(rules: Path) -> None:
    command = [sys.executable, "-m", "backproof", "check", "--rules", str(rules), "--graphs", "0", "--seed", "1"]
    process = subprocess.run([*command, "--json"], capture_output=True, check=False)
    assert 1 == process.returncode, process.stderr
    refuted = [row for row in json.loads(process.stdout)["rows"] if row["verdict"] == "refuted"]
    op = rules.stem.removesuffix("_jvp").removesuffix("_argmax")
    assert {(op, "wrong")} == {(row["op"], row["reason"]) for row in refuted}
    assert all(len(row["counterexample"]["nodes"]) == 1 for row in refuted)
