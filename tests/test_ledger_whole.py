"""A run that the ledger holds whole: what it is known by, when it is kept, and when it is not served."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from backproof import answering
from backproof.equivalence.ledger.store import Store, peek
from backproof.equivalence.origin import Origin
from backproof.equivalence.request import Request
from ledgers import kept

Patch = pytest.MonkeyPatch

GRAPH = {
    "format": "backproof.graph.v1",
    "leaves": [{"id": 0, "shape": [2], "value": [0.5, 2]}],
    "nodes": [{"id": 1, "op": "neg", "parents": [0], "shape": [2]}],
}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph file."""
    file = tmp_path_factory.mktemp("graph") / "graph.json"
    file.write_text(json.dumps(GRAPH))
    return file


@pytest.fixture
def asked(graph: Path) -> Request:
    return Request((graph,), None, 1, None, 1, None, "torchlean", Origin.HERE)


def report_of(graph: Path, ledger: Path, *options: str) -> Any:
    """What the command says in a process of its own."""
    command = [sys.executable, "-m", "backproof", "check", str(graph), "--jobs", "1", "--ledger", str(ledger), "--json", *options]
    done = subprocess.run(command, capture_output=True, check=False, cwd=graph.parent)
    assert (0, b"") == (done.returncode, done.stderr)
    return json.loads(done.stdout)


def without_cost(report: Any) -> Any:
    return report | {"cost": 0, "seed": 0, "rows": [row | {"cost": 0} for row in report["rows"]]}


def of_runs(ledger: Path) -> dict[str, bytes]:
    """Its rows that are whole runs."""
    return {key: body for key, body in kept(ledger).items() if key.startswith("run ")}


@pytest.fixture(scope="module")
def warm(graph: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A ledger that holds a run whole and none of its pieces, and what was said of that run piece by piece."""
    ledger = tmp_path_factory.mktemp("ledger") / "proofs.ledger"
    cold = report_of(graph, ledger)
    assert (0, {}) == (cold["cost"]["from_ledger"], of_runs(ledger))
    by_pieces = report_of(graph, ledger)
    assert len(by_pieces["rows"]) == by_pieces["cost"]["from_ledger"] > 10
    assert 1 == len(of_runs(ledger))
    with sqlite3.connect(ledger) as connection:
        connection.execute("DELETE FROM records WHERE key NOT LIKE 'run %'")
    return ledger, by_pieces


def test_a_whole_run_says_what_its_pieces_said_and_that_the_ledger_said_it(graph: Path, warm: tuple[Path, Any]) -> None:
    ledger, by_pieces = warm
    found = report_of(graph, ledger, "--seed", "7", "--jobs", "3")
    assert without_cost(by_pieces) == without_cost(found)
    assert {"ledger"} == {row["rests_on"][-1] for row in found["rows"] if row["verdict"] == "proved"}
    assert (len(found["rows"]), 3, 7) == (found["cost"]["from_ledger"], found["cost"]["jobs"], found["seed"])


def test_a_report_that_is_kept_in_a_folder_shows_more_and_is_made_anew(asked: Request, warm: tuple[Path, Any], monkeypatch: Patch) -> None:
    monkeypatch.setattr("backproof.checking.checked", lambda *given: given)
    monkeypatch.setattr(answering, "key_of_run", lambda _request: pytest.fail("the ledger was asked for the whole run"))
    assert (asked, Path("out"), warm[0]) == answering.answered(asked, Path("out"), warm[0])


def test_what_answers_a_whole_run_loads_nothing_that_decides() -> None:
    heavy = {"cvc5", "flint", "hypothesis", "numpy", "scipy", "sympy", "z3"}
    program = f"import sys, backproof.answering, backproof.reports.summary\nprint(sorted({heavy!r} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "[]" == said.stdout.strip()


# What is kept, and what is served.


@pytest.fixture
def held(warm: tuple[Path, Any]) -> dict[str, Any]:
    """The run that the ledger holds, as plain data."""
    (body,) = of_runs(warm[0]).values()
    plain: dict[str, Any] = json.loads(zlib.decompress(body))
    return plain


def served(asked: Request, path: Path, held: Any) -> Any:
    store = Store(path, pytest.fail)
    store.put([("run 1", zlib.compress(msgspec.json.encode(held)))])
    store.close()
    return answering._kept(asked, path, "run 1")


def _first_proof(held: Any) -> Any:
    return next(row for row in held["rows"] if row["verdict"] == "proved")


@pytest.mark.parametrize(
    "change",
    [
        lambda held: held.update(status=1),
        lambda held: held.update(status=3),
        lambda held: held.update(interrupted=True),
        lambda held: held.update(rules="rules.py"),
        lambda held: held.update(version="0.0.1"),
        lambda held: held.update(more=1),
        lambda held: held.update(rows=[]),
        lambda held: held["rows"].pop(),
        lambda held: held["asked"].update(graphs=1),
        lambda held: held["asked"].update(convention="pytorch"),
        lambda held: held["asked"].update(files={"other.json": "0"}),
        lambda held: _first_proof(held).update(met=False),
        lambda held: _first_proof(held).update(verdict="unknown"),
        lambda held: _first_proof(held).update(verdict="tested"),
        lambda held: _first_proof(held).update(rests_on=["z3", "worker"]),
    ],
)
def test_only_a_whole_run_of_just_this_that_was_met_is_served(
    change: Callable[[Any], None], asked: Request, held: Any, path: Path
) -> None:
    assert served(asked, path, held) is not None
    change(held)
    assert served(asked, path, held) is None


def test_a_damaged_row_and_a_file_that_is_no_ledger_serve_nothing(asked: Request, held: Any, path: Path) -> None:
    assert peek(path, "run 1") is None
    assert not path.exists()
    assert served(asked, path, held) is not None
    assert peek(path, "run 2") is None
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE records SET body = body || x'00'")
    assert answering._kept(asked, path, "run 1") is None
    path.write_bytes(b"no ledger")
    assert answering._kept(asked, path, "run 1") is None
    assert b"no ledger" == path.read_bytes()
