"""Faults are judged as `check` would judge them, each in a process of its own, and what is counted is what became of them."""

from __future__ import annotations

import subprocess
import sys

import few_faults
import msgspec
import pytest
from backproof.faults.fault import Judged, Outcome
from backproof.faults.record import FaultRow, FaultsRecord, faults_record
from backproof.faults.table import faults_text


@pytest.fixture(scope="module")
def record() -> FaultsRecord:
    done = subprocess.run([sys.executable, few_faults.__file__], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return msgspec.json.decode(done.stdout, type=FaultsRecord)


@pytest.fixture
def rows(record: FaultsRecord) -> dict[str, FaultRow]:
    return {row.fault_class: row for row in record.rows}


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("nothing", Outcome.SURVIVED),
        ("factor", Outcome.REFUTED),
        ("raises", Outcome.REJECTED),
        ("dies", Outcome.REJECTED),
        ("refuses", Outcome.REJECTED),
        ("not expressible", Outcome.NOT_EXPRESSIBLE),
        ("loop", Outcome.REFUTED),
    ],
)
def test_a_fault_comes_to_what_the_check_says_of_it(rows: dict[str, FaultRow], name: str, outcome: Outcome) -> None:
    assert rows[name].verdict is outcome


def test_a_refutation_names_its_obligation_and_counts_the_nodes(rows: dict[str, FaultRow]) -> None:
    assert rows["factor"].by.startswith("rule:square[") and rows["factor"].by.endswith(":vjp")
    assert rows["factor"].nodes == 1


def test_a_process_that_died_says_how(rows: dict[str, FaultRow]) -> None:
    assert rows["dies"].by == "its process died: exit status 7"


def test_rows_come_in_the_order_of_the_faults(record: FaultsRecord) -> None:
    assert [fault.id for fault in few_faults.FAULTS] == [row.id for row in record.rows]


def test_the_record_counts_each_outcome_and_a_survivor_is_status_1(record: FaultsRecord) -> None:
    counts = record.counts
    assert (2, 3, 1, 1) == (counts.refuted, counts.rejected, counts.survived, counts.not_expressible)
    assert record.status == 1
    assert faults_text(record).startswith("survived: 1\n  planted/nothing: ")


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        ([Outcome.REFUTED, Outcome.REJECTED, Outcome.NOT_EXPRESSIBLE], 0),
        ([], 5),
        ([Outcome.NOT_EXPRESSIBLE], 5),
        ([Outcome.REFUTED, Outcome.SURVIVED], 1),
    ],
)
def test_only_what_was_judged_and_seen_is_status_0(outcomes: list[Outcome], status: int) -> None:
    came = [Judged(few_faults.FAULTS[0], outcome, "", None, 0.0) for outcome in outcomes]
    assert status == faults_record(came, None, "0", 1, 1, 0.0, interrupted=False).status
    assert faults_record(came, None, "0", 1, 1, 0.0, interrupted=True).status == 130
