"""The adapters of PyTorch and autograd: tested, never proved; what they leave out is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from backproof.cli import main

EXAMPLES = Path(__file__).parents[2] / "examples" / "engines"


def checked(file: Path, convention: str, ops: str, capfd: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    status = main(["check", "--rules", str(file), "--convention", convention, "--ops", ops, "--graphs", "10", "--seed", "1", "--json"])
    document: dict[str, Any] = json.loads(capfd.readouterr().out)
    return status, document


@pytest.mark.parametrize(("peer", "convention"), [("torch", "pytorch"), ("autograd", "pytorch-2.15")])
def test_a_peer_is_tested_and_not_proved(peer: str, convention: str, capfd: pytest.CaptureFixture[str]) -> None:
    status, report = checked(EXAMPLES / f"{peer}_engine.py", convention, "matmul,max,clamp,div,tanh,logsumexp", capfd)
    assert status == 0, [row["id"] for row in report["rows"] if not row["met"]]
    assert {row["verdict"] for row in report["rows"]} == {"tested"} and 100 <= len(report["rows"])


@pytest.mark.parametrize(
    ("peer", "added", "op", "verdict", "reason"),
    [
        ("autograd", '"relu": lambda x: np.maximum(x, 0.0),', "relu", "refuted", "kink"),
        ("torch", '"sigmoid": torch.sigmoid,', "sigmoid", "unknown", "gave up"),
    ],
)
def test_what_an_adapter_leaves_out_does_not_pass(
    peer: str, added: str, op: str, verdict: str, reason: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    text = (EXAMPLES / f"{peer}_engine.py").read_text()
    (tmp_path / "engine.py").write_text(text.replace("= {\n", f"= {{\n    {added}\n", 1))
    status, report = checked(tmp_path / "engine.py", "pytorch", op, capfd)
    assert status != 0
    assert {(verdict, reason)} == {(row["verdict"], row["reason"]) for row in report["rows"] if not row["met"]}
