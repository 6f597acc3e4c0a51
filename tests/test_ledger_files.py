"""The ledger's file: damaged, somebody else's, on a full disk, shared by two runs, left by one that was killed."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from backproof.cli import main
from backproof.equivalence.kernel.verdict import Proved
from backproof.equivalence.ledger.keys import key_of
from backproof.equivalence.ledger.ledger import Ledger, open_ledger
from backproof.equivalence.ledger.rows import read, written
from backproof.equivalence.ledger.store import Say, Store
from backproof.equivalence.obligations import Decided
from backproof.equivalence.rule_work import RuleWork
from backproof.equivalence.rules.instances import instances
from backproof.equivalence.run import decided
from ledgers import kept

WORK = tuple(RuleWork(rule) for rule in list(instances("relu"))[2:5])
SMALL = ("check", "--ops", "relu,neg", "--graphs", "0", "--seed", "1", "--jobs", "1", "--json")


def run(path: Path, say: Say) -> list[Decided]:
    with open_ledger(path, say) as ledger:
        return list(decided(WORK, 1, None, "torchlean", lambda _done, _owed: None, ledger))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A ledger of all of WORK."""
    file = tmp_path_factory.mktemp("ledger") / "proofs.ledger"
    run(file, pytest.fail)
    return file.read_bytes()


def test_a_file_that_is_none_is_set_aside_and_said_once(path: Path, filled: bytes) -> None:
    lines: list[str] = []
    for number, content in enumerate((b"no database at all" * 100, filled[: len(filled) // 2]), start=1):
        path.write_bytes(content)
        results = run(path, lines.append)
        assert len(lines) == number
        assert f"set aside as proofs.ledger.corrupt-{number}" in lines[-1]
        assert path.with_name(f"proofs.ledger.corrupt-{number}").read_bytes() == content
        assert {each.verdict.proof.rests_on[-1] for each in results if isinstance(each.verdict, Proved)} == {"worker"}
        assert len(kept(path)) == len(WORK)


def test_somebody_elses_database_is_set_aside_as_it_was(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE records (key TEXT, seal TEXT, body BLOB)")
    lines: list[str] = []
    Store(path, lines.append).close()
    assert len(lines) == 1
    assert path.with_name("proofs.ledger.corrupt-1").exists()


def test_damage_in_the_middle_costs_no_verdict(path: Path, filled: bytes) -> None:
    stream = random.Random(5)
    for _turn in range(40):
        damaged = bytearray(filled)
        for _place in range(20):
            damaged[stream.randrange(len(damaged))] = stream.randrange(256)
        path.unlink(missing_ok=True)
        path.write_bytes(damaged)
        whole = kept_in(filled, path.with_name("whole"))
        with open_ledger(path, lambda _line: None) as ledger:
            for piece in WORK:
                key = key_of(piece, "torchlean")
                found = ledger.find(key, piece)
                assert found is None or written(found) == whole[key]
                ledger.take(key, read(whole[key], piece.owed(), 0.0) or ())


def kept_in(content: bytes, path: Path) -> dict[str, bytes]:
    path.write_bytes(content)
    return kept(path)


def test_a_full_disk_is_said_once_and_the_run_goes_on(path: Path) -> None:
    lines: list[str] = []
    store = Store(path, lines.append)
    assert store._connection is not None
    store._connection.execute("PRAGMA max_page_count = 2")
    for turn in range(3):
        store.put([(str(turn), b"x" * 100_000)])
    assert len(lines) == 1
    assert "full" in lines[0]
    assert store.get("0") is None


@pytest.mark.parametrize("where", ["no/such/folder/proofs.ledger", "."])
def test_a_place_that_holds_no_file_is_said_once(where: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main([*SMALL, "--ledger", str(tmp_path / where)]) == 0
    assert capfd.readouterr().err.count("this run goes on without it") == 1


def started(path: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "backproof", *SMALL, "--ledger", str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def verdicts(report: bytes) -> list[tuple[str, str]]:
    return [(row["id"], row["verdict"]) for row in msgspec.json.decode(report)["rows"]]


def test_two_runs_on_one_ledger(path: Path, tmp_path: Path) -> None:
    both = [started(path) for _each in range(2)]
    ended = [run.communicate(timeout=200) for run in both]
    assert [0, 0] == [run.returncode for run in both]
    assert [b"", b""] == [error for _output, error in ended]
    first, second = (verdicts(output) for output, _error in ended)
    assert first == second
    assert len(kept(path)) > len(WORK)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_a_ledger_that_was_closed_knows_nothing(path: Path, filled: bytes) -> None:
    path.write_bytes(filled)
    store = Store(path, pytest.fail)
    store.close()
    assert Ledger(store, pytest.fail).find(key_of(WORK[0], "torchlean"), WORK[0]) is None


def test_a_ledger_that_has_grown_too_large_is_emptied_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backproof.equivalence.ledger.store.MOST_BYTES", 200_000)
    for turn, left in enumerate((3, 6, 3, 6), start=1):
        store = Store(path, pytest.fail)
        store.put([(f"{turn} {number}", b"x" * 40_000) for number in range(3)])
        store.close()
        assert len(kept(path)) == left


@pytest.mark.parametrize("opened", [True, False], ids=["while it is used", "before it is opened"])
def test_a_file_that_somebody_keeps_locked_is_done_without(path: Path, opened: bool, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: FBT001
    monkeypatch.setattr("backproof.equivalence.ledger.store.BUSY_MS", 50)
    lines: list[str] = []
    Store(path, pytest.fail).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        before = Store(path, lines.append) if opened else None
        other.execute("BEGIN EXCLUSIVE")
        store = Store(path, lines.append) if before is None else before
        store.put([("a", b"x")])
        assert store.get("a") is None
        store.close()
    assert ["this run goes on without it"] == [line.rpartition("; ")[2] for line in lines]
    assert "locked" in lines[0]
    assert kept(path) == {}
    assert [path.name] == [entry.name for entry in path.parent.iterdir()]
