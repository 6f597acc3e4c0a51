"""Where the ledger is if none is named, what becomes of a run without a place for it, and what a run says of it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from backproof.cli import main
from backproof.equivalence.ledger.place import users_ledger
from ledgers import kept

SMALL = ("check", "--ops", "neg", "--graphs", "0", "--seed", "1", "--jobs", "1")

Output = pytest.CaptureFixture[str]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def checked(capfd: Output, *options: str) -> Any:
    assert main([*SMALL, "--json", *options]) == 0
    said = capfd.readouterr()
    return json.loads(said.out) | {"said": said.err}


def without_cost(report: Any) -> Any:
    """A report without what it cost and what carried its proofs."""
    rows = [row | {"cost": 0, "rests_on": [each for each in row["rests_on"] if each not in ("worker", "ledger")]}
            for row in report["rows"]]
    return report | {"cost": 0, "rows": rows}


def test_a_second_run_takes_everything_from_the_ledger_and_says_the_same(home: Path, capfd: Output) -> None:
    first, second = checked(capfd), checked(capfd)
    owed = len(first["rows"])
    assert (0, owed) == (first["cost"]["from_ledger"], second["cost"]["from_ledger"])
    assert owed > 10
    assert without_cost(first) == without_cost(second)
    assert {entry.name for entry in (home / "backproof").iterdir()} == {"proofs.ledger"}
    assert main(list(SMALL)) == 0
    assert f"taken from the ledger {home}/backproof/proofs.ledger: {owed} of {owed} obligations" in capfd.readouterr().out


def test_no_ledger_reads_nothing_and_writes_nothing(home: Path, capfd: Output) -> None:
    checked(capfd)
    before = kept(home / "backproof" / "proofs.ledger")
    report = checked(capfd, "--no-ledger")
    assert report["cost"]["from_ledger"] == 0
    assert {"worker"} == {row["rests_on"][-1] for row in report["rows"] if row["verdict"] == "proved"}
    (home / "backproof" / "proofs.ledger").unlink()
    assert main([*SMALL, "--no-ledger"]) == 0
    assert "ledger" not in capfd.readouterr().out
    assert list((home / "backproof").iterdir()) == []
    assert before


def test_a_file_that_is_named_is_used_instead(home: Path, tmp_path: Path, capfd: Output) -> None:
    checked(capfd, "--ledger", str(tmp_path / "mine"))
    assert checked(capfd, "--ledger", str(tmp_path / "mine"))["cost"]["from_ledger"] > 10
    assert not (home / "backproof").exists()


def test_recheck_takes_nothing_from_the_ledger(home: Path, capfd: Output) -> None:
    checked(capfd, "--out", str(home / "out"))
    file = home / "backproof" / "proofs.ledger"
    file.write_bytes(b"no ledger")
    assert main(["recheck", str(home / "out" / "report.json"), "--json"]) == 0
    said = capfd.readouterr()
    assert (0, "") == (json.loads(said.out)["cost"]["from_ledger"], said.err)
    assert file.read_bytes() == b"no ledger"


def test_a_file_and_none_at_once_are_refused(home: Path, capfd: Output) -> None:
    assert main([*SMALL, "--ledger", "mine", "--no-ledger"]) == 2
    assert len(capfd.readouterr().err.splitlines()) == 1
    assert list(home.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_said_once_and_the_run_goes_on(home: Path, capfd: Output) -> None:
    (home / "backproof").write_text("a file")
    report = checked(capfd)
    assert report["said"].count("this run goes on without it") == len(report["said"].splitlines()) == 1
    assert report["cost"]["from_ledger"] == 0


@pytest.mark.parametrize("what", ["backproof", "backproof/proofs.ledger"])
def test_what_others_may_write_to_is_not_used(what: str, home: Path, capfd: Output) -> None:
    checked(capfd)
    (home / what).chmod(0o777)
    report = checked(capfd)
    assert "others may write to" in report["said"]
    assert report["cost"]["from_ledger"] == 0


def test_what_belongs_to_another_user_is_not_used(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []
    user = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: user + 1)
    assert users_ledger({"XDG_CACHE_HOME": str(home)}, lines.append) is None
    assert len(lines) == 1
    assert "belongs to another user" in lines[0]


def test_the_cache_folder_is_that_of_the_environment_or_of_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    own = tmp_path / "home" / ".cache" / "backproof" / "proofs.ledger"
    assert users_ledger({}, pytest.fail) == own
    assert users_ledger({"XDG_CACHE_HOME": "relative"}, pytest.fail) == own
    elsewhere = users_ledger({"XDG_CACHE_HOME": str(tmp_path / "cache")}, pytest.fail)
    assert elsewhere == tmp_path / "cache" / "backproof" / "proofs.ledger"
    assert elsewhere.parent.stat().st_mode & 0o777 == 0o700


def test_why_nothing_has_a_key_is_said_once(home: Path, capfd: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backproof.equivalence.ledger.ledger.machinery", lambda: "")
    monkeypatch.setattr("backproof.equivalence.ledger.ledger.why_not_known", lambda: "a file was changed")
    assert checked(capfd)["said"].count("a file was changed, so nothing is taken from it or kept") == 1
