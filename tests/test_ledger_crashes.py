"""Runs that are killed with -9, or whose workers are, at moments drawn from a seed; and a disk that is full.

Nothing that was kept is lost or wrong, nothing hangs, and the next run completes.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple

import pytest
from backproof.equivalence.ledger.store import Store
from ledgers import body_of, kept, processes_of, put_until_killed, workers_of

SMALL = ("check", "--ops", "relu,neg", "--graphs", "3", "--seed", "1", "--jobs", "2", "--json")

LIMITED = """
import resource, sys
from backproof.cli import main
size = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
sys.exit(main(sys.argv[2:]))
"""

LATEST = 60
"""How long anything may take that was told to end. Units: seconds."""

Figure = Callable[[str, object], None]


class Whole(NamedTuple):
    """What a run says and keeps that nobody disturbs, and how long it takes. Units: seconds."""

    verdicts: list[Any]
    records: dict[str, bytes]
    seconds: float


def started(path: Path, out: Any = subprocess.PIPE, limit: int | None = None) -> subprocess.Popen[bytes]:
    """A run in a session of its own; no file that it writes may grow beyond the limit, in bytes."""
    begin = ["-m", "backproof"] if limit is None else ["-c", LIMITED, str(limit)]
    command = [sys.executable, *begin, *SMALL, "--ledger", str(path)]
    return subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE, start_new_session=True)


def ended(run: subprocess.Popen[bytes], written: IO[bytes] | None = None) -> tuple[list[Any], str]:
    """What a run says of each obligation, and on standard error; all of its processes have ended."""
    out, err = run.communicate(timeout=3 * LATEST)
    until(lambda: not processes_of(run.pid))
    if written is not None:
        written.seek(0)
        out = written.read()
    assert out or run.returncode < 0, (run.returncode, err)
    rows = json.loads(out)["rows"] if run.returncode >= 0 else []
    return [(row["id"], row["verdict"], row["method"], row["notes"]) for row in rows], err.decode()


def until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + LATEST
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    path = tmp_path_factory.mktemp("whole") / "proofs.ledger"
    began = time.monotonic()
    verdicts, said = ended(started(path))
    assert said == ""
    assert len(verdicts) > 50
    return Whole(verdicts, pieces(path), time.monotonic() - began)


@pytest.fixture
def out() -> Iterator[IO[bytes]]:
    """A file for what a run prints: nobody reads it meanwhile, and a pipe would fill."""
    with TemporaryFile() as file:
        yield file


def pieces(path: Path) -> dict[str, bytes]:
    """What was decided; the report of a run that took all of it from the ledger is kept too, and says how long that took."""
    return {key: body for key, body in kept(path).items() if not key.startswith(("run ", "machinery "))}


def moments(whole: Whole, seed: int, few: int, many: int, *, full: bool) -> Iterator[float]:
    """When to kill, in seconds after a run was started."""
    stream = random.Random(seed)
    return (stream.uniform(0, whole.seconds) for _moment in range(many if full else few))


def held(path: Path, whole: Whole) -> dict[str, bytes]:
    """What the file holds now, all of it as the undisturbed run kept it."""
    found = pieces(path) if path.exists() and path.stat().st_size else {}
    assert found.items() <= whole.records.items()
    return found


def completes(path: Path, whole: Whole) -> None:
    """The next run says what the undisturbed one said, loses nothing, and finds nothing wrong with the file."""
    before = held(path, whole)
    assert ended(started(path)) == (whole.verdicts, "")
    assert before.items() <= held(path, whole).items()
    assert pieces(path) == whole.records
    assert [path.name] == [entry.name for entry in path.parent.iterdir()]


def test_a_run_that_is_killed_at_any_moment(whole: Whole, path: Path, record_property: Figure, *, full: bool) -> None:
    records = 0
    for moment in moments(whole, 17, 2, 20, full=full):
        run = started(path)
        time.sleep(moment)
        run.kill()
        ended(run)
        before, records = records, len(held(path, whole))
        assert before <= records
        if records == len(whole.records):
            path.unlink()
            records = 0
        record_property("runs killed with -9", 1)
    completes(path, whole)


def test_a_worker_that_is_killed_at_any_moment(
    whole: Whole, path: Path, out: IO[bytes], record_property: Figure, *, full: bool
) -> None:
    killed = 0
    for moment in moments(whole, 18, 1, 20, full=full):
        path.unlink(missing_ok=True)
        out.seek(0)
        out.truncate()
        run = started(path, out)
        time.sleep(0.8 * moment)  # while there are workers
        worker = worker_of(run)
        if worker is not None:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
            killed += 1
        verdicts, said = ended(run, out)
        assert said == ""
        assert run.returncode in (0, 3)
        assert [row[0] for row in verdicts] == [row[0] for row in whole.verdicts]
        assert {verdict for _id, verdict, *_rest in verdicts} <= {"proved", "tested", "unknown"}
        completes(path, whole)
    assert killed > 0
    record_property("workers killed with -9", killed)


def worker_of(run: subprocess.Popen[bytes]) -> int | None:
    """A worker of a run: the first to be seen, if there is none yet; None if the run ends without one."""
    end = time.monotonic() + LATEST
    while run.poll() is None:
        assert time.monotonic() < end
        before = workers_of(run.pid)
        time.sleep(0.05)  # what is about to run another program looks like a worker for a moment
        workers = before & workers_of(run.pid)
        if workers:
            return min(workers)
    return None


def test_a_run_that_is_interrupted_leaves_what_it_decided(whole: Whole, path: Path, out: IO[bytes]) -> None:
    run = started(path, out)
    until(lambda: len(held(path, whole)) > 0)
    os.killpg(run.pid, signal.SIGINT)
    verdicts, said = ended(run, out)
    assert (run.returncode, said) in ((130, ""), (0, ""))
    decided = {name for name, *_rest in verdicts}
    assert {row["id"] for body in held(path, whole).values() for row in json.loads(body)} >= decided
    completes(path, whole)


def test_of_two_runs_on_one_ledger_one_is_killed(whole: Whole, path: Path, *, full: bool) -> None:
    for moment in moments(whole, 19, 1, 5, full=full):
        path.unlink(missing_ok=True)
        killed, other = started(path), started(path)
        time.sleep(moment)
        killed.kill()
        ended(killed)
        assert ended(other) == (whole.verdicts, "")
        completes(path, whole)


def test_a_disk_that_is_full(whole: Whole, path: Path, *, full: bool) -> None:
    """No file may grow beyond a size, which is what a full disk is to SQLite; the semaphores of processes are small files."""
    for size in (500, 5_000, 20_000, 50_000, 80_000) if full else (20_000,):
        path.unlink(missing_ok=True)
        path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
        limited = started(path, limit=size)
        verdicts, said = ended(limited)
        assert limited.returncode == 0
        assert verdicts == whole.verdicts
        assert said.count("this run goes on without it") == len(said.splitlines()) == 1
        completes(path, whole)


def test_what_a_writer_was_told_is_kept_is_there_after_it_was_killed(path: Path, record_property: Figure, *, full: bool) -> None:
    stream = random.Random(20)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["backproof.equivalence.ledger.store"])
    for _moment in range(200 if full else 20):
        path.unlink(missing_ok=True)
        here, there = context.Pipe(duplex=False)
        writer = context.Process(target=put_until_killed, args=(path, there))
        writer.start()
        there.close()
        told = [here.recv()]
        time.sleep(stream.uniform(0, 0.1))
        writer.kill()
        writer.join(LATEST)
        with pytest.raises(EOFError):
            while True:
                told.append(here.recv())
        assert told == list(range(len(told)))
        store = Store(path, pytest.fail)
        assert all(store.get(str(number)) == body_of(number) for number in told)
        store.close()
        assert {key: body_of(int(key)) for key in kept(path)} == kept(path)
        assert len(told) <= len(kept(path)) <= len(told) + 1
        record_property("writers killed with -9", 1)
