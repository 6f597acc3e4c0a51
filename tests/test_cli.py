"""The command line: one document for machines, a status that never lies, and what is kept."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from backproof.cli import main
from backproof.equivalence.kernel import verdict
from backproof.equivalence.obligations import Decided, Family, Obligation
from backproof.equivalence.run import Plan
from backproof.equivalence.workers import Staff

SMALL = ["check", "--ops", "add,relu", "--graphs", "3", "--seed", "1"]
TESTED = verdict.Tested(3, "three points")


def decided(answer: verdict.Verdict, place: int) -> Decided:
    owed = Obligation(f"rule/relu/{place}", Family.RULE, "relu", "a claim", ((2,),), verdict.Needs.TEST)
    return Decided(owed, answer, 0.1)


@pytest.fixture
def deciding(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Iterator[Decided]]], None]:
    """Let the run decide what a test says."""

    def put(decisions: Callable[[], Iterator[Decided]]) -> None:
        def run(_plan: Plan, _progress: Callable[[int, int], None], _ledger: None, _staff: Staff) -> Iterator[Decided]:
            return decisions()

        monkeypatch.setattr("backproof.checking.run", run)

    return put


def test_check_writes_one_document_and_is_met(capfd: pytest.CaptureFixture[str]) -> None:
    assert main([*SMALL, "--json"]) == 0
    report = json.loads(capfd.readouterr().out)
    assert (1, 0, 3) == (report["seed"], report["status"], report["counts"]["graphs"])
    assert {"add", "relu"} <= {row["op"] for row in report["rows"]}
    assert len(report["rows"]) == len({row["id"] for row in report["rows"]}) > 10


def test_two_runs_and_any_number_of_jobs_say_the_same_apart_from_cost(capfd: pytest.CaptureFixture[str]) -> None:
    documents = []
    for jobs in ("1", "2"):
        assert main([*SMALL, "--jobs", jobs, "--no-ledger", "--json"]) == 0
        documents.append(without_cost(json.loads(capfd.readouterr().out)))
    assert documents[0] == documents[1]


def test_the_summary_says_met_and_repeats_the_seed(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(SMALL) == 0
    said = capfd.readouterr()
    assert said.out.startswith("MET: all ")
    assert "seed 1" in said.out
    assert said.err == ""


def test_a_seed_not_given_is_drawn_and_printed(capfd: pytest.CaptureFixture[str]) -> None:
    seeds = set()
    for _ in range(2):
        main(["check", "--ops", "add", "--graphs", "0", "--json"])
        seeds.add(json.loads(capfd.readouterr().out)["seed"])
    assert len(seeds) == 2


def test_nothing_owed_is_not_a_pass(deciding: Any, capfd: pytest.CaptureFixture[str]) -> None:
    deciding(lambda: iter(()))
    assert main(SMALL) == 5
    assert "nothing was owed" in capfd.readouterr().out


def test_an_interruption_reports_what_was_decided(deciding: Any, capfd: pytest.CaptureFixture[str]) -> None:
    def interrupted() -> Iterator[Decided]:
        yield decided(TESTED, 0)
        raise KeyboardInterrupt

    deciding(interrupted)
    assert main([*SMALL, "--json"]) == 130
    report = json.loads(capfd.readouterr().out)
    assert (True, 1) == (report["interrupted"], report["counts"]["tested"])


def test_a_crash_is_one_line_and_status_4(
    deciding: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def crashing() -> Iterator[Decided]:
        yield decided(TESTED, 0)
        raise ZeroDivisionError("in the middle")

    deciding(crashing)
    assert main([*SMALL, "--json"]) == 4
    said = capfd.readouterr()
    assert said.out == ""
    assert "internal error: ZeroDivisionError: in the middle" in said.err
    assert len(said.err.splitlines()) == 1
    monkeypatch.setenv("BACKPROOF_TRACEBACK", "1")
    assert main(SMALL) == 4
    assert "Traceback" in capfd.readouterr().err


def test_what_is_printed_while_deciding_never_reaches_standard_output(
    deciding: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    def noisy() -> Iterator[Decided]:
        sys.stdout.write("a kernel prints\n")
        os.write(1, b"a solver prints\n")
        yield decided(TESTED, 0)

    deciding(noisy)
    assert main([*SMALL, "--json"]) == 0
    said = capfd.readouterr()
    assert json.loads(said.out)["status"] == 0
    assert {"a kernel prints", "a solver prints"} <= set(said.err.splitlines())


def test_a_kept_report_is_the_printed_one_and_stale_refutations_go(
    deciding: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "refutations").mkdir()
    (tmp_path / "refutations" / "yesterday.json").write_text("{}")
    deciding(lambda: iter([decided(TESTED, 0)]))
    assert main([*SMALL, "--json", "--out", str(tmp_path)]) == 0
    assert capfd.readouterr().out == (tmp_path / "report.json").read_text()
    assert [] == list((tmp_path / "refutations").iterdir())


def test_a_reader_that_leaves_makes_no_run_green() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "backproof", "check", "--ops", "add", "--graphs", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    complaint = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 4
    assert len(complaint.splitlines()) == 1


INTERRUPTIBLE = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("backproof", run_name="__main__", alter_sys=True)
"""
"""`python -m backproof` where interrupts arrive: what a shell runs in the background ignores them, and so do its children."""


def test_an_interrupt_from_the_keyboard_ends_with_130() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, "check", "--graphs", "0", "--seed", "1", "--jobs", "2", "--no-ledger", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(12)  # until workers are at their pieces
        os.killpg(process.pid, signal.SIGINT)
        out, _ = process.communicate(timeout=20)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 130
    assert not out or json.loads(out)["interrupted"]


def test_version_names_the_solvers(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    said = capfd.readouterr().out
    assert said.startswith("backproof 0.1.0 (")
    assert {"z3-solver", "cvc5"} <= {word.strip("(,)") for word in said.split()}


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["replay", "--help"]], ids=" ".join)
def test_help_goes_to_standard_output(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 0
    assert "Usage: backproof" in capfd.readouterr().out


def without_cost(document: Any) -> Any:
    if isinstance(document, dict):
        return {key: without_cost(value) for key, value in document.items() if key != "cost"}
    return [without_cost(value) for value in document] if isinstance(document, list) else document


def test_the_theorem_is_proved_by_both_solvers_and_faulty_loops_are_refuted(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["theorem", "--json"]) == 0
    record = json.loads(capfd.readouterr().out)
    assert {"frame", "base", "step"} <= {lemma["name"] for lemma in record["lemmas"]}
    assert {("proved", "proved")} == {(lemma["z3"], lemma["cvc5"]) for lemma in record["lemmas"]}
    assert {"refuted"} == {tape["verdict"] for tape in record["broken"]}
    assert len(record["broken"]) >= 5


def test_prove_says_what_the_proofs_rest_on(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "matmul", "--shape", "2,3", "--shape", "3x1"]) == 0
    said = capfd.readouterr().out
    assert "PROVED    rule:matmul[2x3,3x1]:vjp" in said
    assert "rests on: " in said


@pytest.mark.parametrize("shapes", [["2,3"], ["2,3", "4,1"], ["2,-3", "3,1"], ["2.5", "3"]], ids=" ".join)
def test_prove_refuses_shapes_that_the_op_does_not_accept(
    shapes: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["prove", "matmul", *(word for shape in shapes for word in ("--shape", shape))]) == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
