"""A kept report decided again: the same verdicts, or an error; and what another solver says of its proofs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import z3
from backproof.cli import main
from backproof.equivalence.kernel import KERNEL, verdict
from backproof.equivalence.kernel.decision import SameData
from backproof.equivalence.kernel.smtlib import applied, ask_cvc5, rational, script
from backproof.equivalence.kernel.verdict import Needs, Proved, Verdict
from backproof.equivalence.obligations import Decided, Family, Obligation
from backproof.equivalence.run import Plan
from backproof.equivalence.workers import Staff

BUDGET = 2_000_000
PROOF: Any = KERNEL.decide(SameData("two shapes are one", (2, 3), (2, 3)))

TESTED = verdict.Tested(3, "three points")

GRAPH = {
    "format": "backproof.graph.v1",
    "leaves": [{"id": 0, "shape": [2], "value": [0.5, 2.0]}],
    "nodes": [{"id": 1, "op": "relu", "parents": [0], "shape": [2]}],
}


def row(place: int, answer: Verdict) -> Decided:
    return Decided(Obligation(f"rule:{place}", Family.RULE, "relu", "a claim", ((2,),), Needs.TEST), answer, 0.1)


@pytest.fixture
def deciding(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[Decided]], None]:
    """Let each run decide what a test says."""

    def put(decisions: list[Decided]) -> None:
        def run(_plan: Plan, _progress: Callable[[int, int], None], _ledger: None, _staff: Staff) -> Iterator[Decided]:
            return iter(decisions)

        monkeypatch.setattr("backproof.checking.run", run)

    return put


@pytest.fixture
def kept(deciding: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Path:
    """A report of two rows, met."""
    deciding([row(0, TESTED), row(1, Proved(PROOF))])
    assert main(["check", "--ops", "relu", "--graphs", "0", "--seed", "1", "--out", str(tmp_path / "out")]) == 0
    capfd.readouterr()
    return tmp_path / "out" / "report.json"


@pytest.fixture(scope="module")
def clamped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of an op whose proofs ask a solver."""
    out = tmp_path_factory.mktemp("clamp")
    command = [sys.executable, "-m", "backproof", "check", "--ops", "clamp", "--graphs", "0", "--seed", "1"]
    assert subprocess.run([*command, "--out", str(out)], capture_output=True, check=False).returncode == 0
    return out / "report.json"


def edit(report: Path, **changes: Any) -> None:
    report.write_text(json.dumps(json.loads(report.read_text()) | changes))


def refused(report: Path, complaint: str, capfd: pytest.CaptureFixture[str]) -> None:
    capfd.readouterr()
    assert main(["recheck", str(report), "--json"]) == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert complaint in said.err


def test_every_claim_is_decided_again_and_cvc5_decides_what_z3_did(
    clamped: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "smt2"
    assert main(["recheck", str(clamped), "--json", "--solver", "cvc5", "--export", str(folder)]) == 0
    record = json.loads(capfd.readouterr().out)
    rows = json.loads(clamped.read_text())["rows"]
    by_solver = [each["id"] for each in rows if "z3" in each["method"]]
    assert (len(rows), len(rows), []) == (record["kept"], record["same"], record["disagreements"])
    second = record["second"]
    assert 10 < len(by_solver) == second["asked"] == second["decided"]
    assert 0 < second["questions"]
    assert second["formed"] + sum(second["left_out"].values()) == second["proved"]
    assert second["proved"] == sum(each["id"].startswith("rule:") and each["verdict"] == "proved" for each in rows)
    assert 0.8 * second["formed"] < second["alike"] <= second["formed"] == record["exported"]

    texts = {file.name: file.read_text() for file in folder.iterdir()}
    assert {re.sub(r"[^A-Za-z0-9._=-]+", "_", each) + ".smt2" for each in by_solver} <= texts.keys()
    assert len(texts) == record["exported"]
    for text in texts.values():
        assert text.count("(set-info :status unsat)") == text.count("(check-sat)") > 0
    for text in [text for name, text in texts.items() if "_5_" in name and "adjoint" not in name]:
        assert ask_cvc5(text, BUDGET) == "unsat" * text.count("(check-sat)")
        for question in text.split("(reset)"):
            solver = z3.Solver(ctx=z3.Context())
            solver.from_string(question)
            assert str(solver.check()) == "unsat"


def test_a_model_that_cvc5_finds_against_a_proof_is_an_error_with_its_text(
    clamped: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("backproof.equivalence.second_opinion.ask_cvc5", lambda _question, _budget: "sat")
    assert main(["recheck", str(clamped), "--json", "--solver", "cvc5"]) == 4
    said = capfd.readouterr()
    record = json.loads(said.out)
    assert (record["second"]["decided"], 4) == (0, record["status"])
    assert record["disagreements"][0]["smt2"].startswith("(set-logic QF_NRA)")
    assert len(said.err.splitlines()) == 1
    assert "disagree" in said.err


def test_a_solver_that_gives_up_lowers_the_count_and_is_no_disagreement(
    clamped: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("backproof.equivalence.second_opinion.ask_cvc5", lambda _question, _budget: "unknown")
    assert main(["recheck", str(clamped), "--json", "--solver", "cvc5"]) == 0
    record = json.loads(capfd.readouterr().out)
    assert record["second"]["decided"] == 0 < record["second"]["asked"]
    assert record["second"]["alike"] > 0  # asked by processes of their own, which give up nothing here


def test_the_same_verdicts_are_said_to_be_the_same(kept: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["recheck", str(kept)]) == 0
    assert capfd.readouterr().out.startswith("SAME, ALL MET: 2 of 2 verdicts are what they were")


@pytest.mark.parametrize(
    "again",
    [
        [row(0, TESTED), row(1, TESTED)],
        [row(0, TESTED)],
        [row(0, TESTED), row(1, Proved(PROOF)), row(2, Proved(PROOF))],
    ],
    ids=["another verdict", "a row less", "a row more"],
)
def test_a_verdict_that_is_another_now_is_an_error_that_names_it(
    again: list[Decided], deciding: Any, kept: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    deciding(again)
    assert main(["recheck", str(kept), "--json"]) == 4
    said = capfd.readouterr()
    (found,) = json.loads(said.out)["disagreements"]
    assert found["id"] in ("rule:1", "rule:2")
    assert found["id"] in said.err
    assert found["first"] != found["second"]


def test_a_report_without_rows_is_not_a_pass(deciding: Any, kept: Path) -> None:
    deciding([])
    edit(kept, rows=[])
    assert main(["recheck", str(kept)]) == 5


def test_a_graph_file_that_is_gone_or_changed_is_refused(
    tmp_path: Path, deciding: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    graph = tmp_path / "graph.json"
    graph.write_text(json.dumps(GRAPH))
    deciding([row(0, Proved(PROOF))])
    assert main(["check", str(graph), "--out", str(tmp_path / "out")]) == 0
    report = tmp_path / "out" / "report.json"
    graph.write_text(json.dumps(GRAPH, indent=4))
    assert main(["recheck", str(report)]) == 0
    graph.write_text(json.dumps(GRAPH).replace("0.5", "0.25"))
    refused(report, f"the graph file {graph} has changed", capfd)
    graph.unlink()
    refused(report, f"{graph}: file: No such file", capfd)


def test_what_is_no_whole_report_is_refused(kept: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    edit(kept, interrupted=True)
    refused(kept, "a report of a whole run was needed", capfd)
    edit(kept, rows=7)
    refused(kept, "a report of backproof check was needed", capfd)
    refused(tmp_path / "nothing.json", "a readable report was needed", capfd)


def test_questions_mean_the_same_to_cvc5_and_z3() -> None:
    for numerator, answer in ((-7, "sat"), (7, "unsat")):
        square = applied("+", [applied("*", ["x", "x"], "1.0"), rational(numerator, 2)], "0.0")
        question = script("QF_NRA", ["(declare-const x Real)"], [f"(= {square} 0.0)"])
        solver = z3.Solver(ctx=z3.Context())
        solver.from_string(question)
        assert (answer, answer) == (ask_cvc5(question, BUDGET), str(solver.check()))
