"""What the machinery was when the same files were loaded before: told by the ledger, so that nothing is loaded to know it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from backproof.equivalence.kernel import verdict
from backproof.equivalence.ledger import installation, ledger
from backproof.equivalence.ledger.keys import Keys
from backproof.equivalence.ledger.ledger import Ledger, open_ledger
from backproof.equivalence.ledger.machinery import machinery
from backproof.equivalence.records import Record
from backproof.equivalence.rule_work import RuleWork
from backproof.equivalence.rules.instances import RuleInstance
from backproof.equivalence.run import _known
from ledgers import kept

Patch = pytest.MonkeyPatch

GRAPH = {
    "format": "backproof.graph.v1",
    "leaves": [{"id": 0, "shape": [2], "value": [0.5, 2]}],
    "nodes": [{"id": 1, "op": "neg", "parents": [0], "shape": [2]}],
}
HEAVY = {"cvc5", "hypothesis", "scipy.special", "sympy", "z3"}
ADD = RuleWork(RuleInstance("add", ((2,), (2,))))


def command(tmp_path: Path, graph: Any = GRAPH) -> tuple[Any, set[str]]:
    """The report of a run in a process of the command's own, and what of the heavy libraries it loaded."""
    file = tmp_path / "graph.json"
    file.write_text(json.dumps(graph))
    asked = ["check", str(file), "--jobs", "1", "--ledger", str(tmp_path / "rules.ledger"), "--json"]
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "backproof", *asked], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    modules = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "numpy" in modules
    return json.loads(done.stdout), HEAVY & modules


def of_machinery(path: Path) -> dict[str, bytes]:
    """Its rows that say what the machinery was."""
    return {key: body for key, body in kept(path).items() if key.startswith("machinery ")}


def test_a_run_of_which_the_ledger_knows_every_piece_loads_nothing_that_decides(tmp_path: Path) -> None:
    path = tmp_path / "rules.ledger"
    first, loaded = command(tmp_path)
    assert (0, {"sympy"}) == (first["cost"]["from_ledger"], loaded)
    assert 1 == len(of_machinery(path))
    second, loaded = command(tmp_path)
    assert (len(first["rows"]), set()) == (second["cost"]["from_ledger"], loaded)
    assert {"ledger"} == {row["rests_on"][-1] for row in second["rows"] if row["verdict"] == "proved"}


def test_what_the_ledger_does_not_know_is_decided_under_keys_that_were_looked_at(tmp_path: Path) -> None:
    command(tmp_path)
    told = of_machinery(tmp_path / "rules.ledger")
    other = GRAPH | {"nodes": [*GRAPH["nodes"], {"id": 2, "op": "add", "parents": [0, 1], "shape": [2]}]}  # type: ignore[misc]
    report, loaded = command(tmp_path, other)
    assert "sympy" in loaded
    assert 0 < report["cost"]["from_ledger"] < len(report["rows"])
    assert told == of_machinery(tmp_path / "rules.ledger")


@pytest.mark.parametrize("said", [b"0" * 64, b"\xff", b""])
def test_a_row_that_tells_of_another_machinery_proves_nothing(said: bytes, tmp_path: Path) -> None:
    first, _loaded = command(tmp_path)
    path = tmp_path / "rules.ledger"
    ((key, truth),) = of_machinery(path).items()
    store = ledger.Store(path, pytest.fail)
    store.put([(key, said)])
    store.close()
    again, _loaded = command(tmp_path)
    assert len(first["rows"]) == again["cost"]["from_ledger"]  # by its true keys, once everything was looked at
    assert {key: truth} == of_machinery(path)


# In this process, which is not the command's own.


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "rules.ledger", pytest.fail) as found:
        yield found


def test_a_process_that_is_not_the_commands_own_is_told_nothing_and_tells_nothing(opened: Ledger, tmp_path: Path) -> None:
    assert ("", machinery()) == (opened.machinery_from_files(), opened.machinery())
    assert {} == of_machinery(tmp_path / "rules.ledger")


@pytest.fixture
def own(monkeypatch: Patch) -> None:
    """As if this were the command's own process, started from something."""
    monkeypatch.setattr(ledger, "at_start", lambda: "something")
    monkeypatch.setattr(ledger, "newest", lambda: "")


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(
    "change",
    [
        lambda patch: patch.setattr(ledger, "at_start", lambda: "something else"),
        lambda patch: patch.setattr(ledger, "newest", lambda: "a file that changed since"),
        lambda patch: patch.setitem(sys.modules, ledger.MODULE_NAME, sys),
    ],
    ids=["other files", "a file changed meanwhile", "a rules file"],
)
def test_what_was_told_of_other_files_is_not_used(change: Callable[[Patch], None], opened: Ledger, monkeypatch: Patch) -> None:
    assert opened.machinery_from_files() == ""
    assert opened.machinery() == opened.machinery_from_files() == machinery()
    change(monkeypatch)
    assert opened.machinery_from_files() == ""


@pytest.mark.usefixtures("own")
def test_with_a_rules_file_nothing_is_told(opened: Ledger, monkeypatch: Patch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, ledger.MODULE_NAME, sys)
    assert opened.machinery() != ""
    assert {} == of_machinery(tmp_path / "rules.ledger")


@pytest.mark.usefixtures("own")
def test_pieces_found_under_what_was_told_falsely_are_not_taken(opened: Ledger, monkeypatch: Patch) -> None:
    """Of two pieces one is known under the machinery that is told: that the other is not has everything looked at."""
    falsely, other = Keys("torchlean", "0" * 64), RuleWork(RuleInstance("neg", ((2,),)))
    records = [Record(owed, verdict.Tested(1, ""), 0.0) for owed in ADD.owed()]
    monkeypatch.setattr(Ledger, "machinery_from_files", lambda _self: "0" * 64)
    monkeypatch.setattr(Ledger, "find", lambda _self, key, _piece: tuple(records) if key == falsely.of(ADD) else None)
    assert falsely.of(ADD) != Keys("torchlean").of(ADD) != ""
    assert [(piece, Keys("torchlean").of(piece), None) for piece in (ADD, other)] == _known([ADD, other], "torchlean", opened)
    assert [None] != [found for *_, found in _known([ADD], "torchlean", opened)]


def test_why_nothing_is_known_is_said_once_however_often_it_is_asked_for(tmp_path: Path, monkeypatch: Patch) -> None:
    monkeypatch.setattr(ledger, "machinery", lambda: "")
    monkeypatch.setattr(ledger, "why_not_known", lambda: "a file was changed")
    lines: list[str] = []
    with open_ledger(tmp_path / "rules.ledger", lines.append) as found:
        assert ["", ""] == [found.machinery(), found.machinery()]
    assert [f"ledger {tmp_path / 'rules.ledger'}: a file was changed, so nothing is taken from it or kept"] == lines


def test_an_installation_that_is_not_to_be_known_is_none(monkeypatch: Patch) -> None:
    monkeypatch.setattr(installation, "is_the_command", lambda: True)
    fresh = installation.at_start.__wrapped__
    assert fresh() == installation.installed() != ""
    with monkeypatch.context() as patch:
        patch.setattr(installation, "features", lambda: "")
        assert fresh() == ""
    monkeypatch.setattr(installation, "changed_since", lambda: "numpy/__init__.py")
    assert fresh() == ""
