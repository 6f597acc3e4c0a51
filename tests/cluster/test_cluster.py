"""A Dask cluster on this machine: the report of a run is that of one process, also if a worker is killed midway."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from backproof.equivalence.elsewhere.carried import NotCarried, as_bytes, from_bytes
from backproof.equivalence.kernel import verdict
from backproof.equivalence.records import ProofRecord
from backproof.equivalence.rule_work import RuleWork
from backproof.equivalence.rules.instances import instances
from backproof.equivalence.subject import Subject
from backproof.equivalence.work import perform
from backproof.runtime.tape import Tape
from backproof.spec.convention import TORCHLEAN

HERE = "127.0.0.1"
ASKED = ("check", "--ops", "add,matmul,relu,softmax,tanh", "--graphs", "5", "--seed", "1", "--no-ledger", "--json")
WORKERS = 3


def python(*arguments: str, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    )


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler, and its workers, of one thread each."""
    file = tmp_path / "scheduler.json"
    started = [python("distributed.cli.dask_scheduler", "--host", HERE, "--port", "0", "--no-dashboard", "--scheduler-file", str(file),
                      folder=tmp_path)]  # fmt: skip
    try:
        while not file.exists() or not file.read_text():
            assert started[0].poll() is None
            time.sleep(0.1)
        options = ("--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", HERE)
        workers = [python("distributed.cli.dask_worker", *options, folder=tmp_path) for _ in range(WORKERS)]
        started += workers
        yield json.loads(file.read_text())["address"].replace("tcp://", "dask://"), workers
    finally:
        for process in reversed(started):
            process.kill()
            process.communicate()


def without_cost(report: Any) -> Any:
    return report | {"cost": 0, "rows": [row | {"cost": 0} for row in report["rows"]]}


@pytest.mark.parametrize("killed", [0, 1])
def test_a_cluster_gives_the_report_of_one_machine(killed: int, cluster: Any, tmp_path: Path, capfd: Any) -> None:
    address, workers = cluster
    run = python("backproof", *ASKED, "--executor", address, folder=tmp_path)
    for worker in workers[:killed]:
        time.sleep(15)
        assert run.poll() is None
        worker.send_signal(signal.SIGKILL)
    there, _ = run.communicate()
    alone, _ = python("backproof", *ASKED, "--jobs", "1", folder=tmp_path).communicate()
    assert 0 == run.returncode
    report = json.loads(there)
    assert len(report["rows"]) > 100
    assert without_cost(json.loads(alone)) == without_cost(report)
    assert {"worker"} == {row["rests_on"][-1] for row in report["rows"] if row["verdict"] == "proved"}


RECORDS = perform(RuleWork(next(iter(instances("relu")))), Subject(Tape, TORCHLEAN))
OWED = tuple(record.obligation for record in RECORDS)


def test_records_come_back_as_they_went() -> None:
    assert any(isinstance(record.outcome, ProofRecord) for record in RECORDS)
    assert (RECORDS, "key", "") == from_bytes(as_bytes(RECORDS, "key", ""), [OWED])
    unknown = verdict.Unknown(verdict.UnknownReason.TIMEOUT, "why")
    other = (*RECORDS[:-1], type(RECORDS[0])(OWED[-1], unknown, float("inf"), (("a", "b"),)))
    assert other == from_bytes(as_bytes(other, "", ""), [OWED])[0]


@pytest.mark.parametrize("body", [b"", b"nothing", as_bytes(RECORDS[1:], "", ""), as_bytes((), "", "")])
def test_what_is_not_of_the_work_is_refused(body: bytes) -> None:
    with pytest.raises(NotCarried):
        from_bytes(body, [OWED])
