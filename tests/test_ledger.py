"""The ledger: what is served from it, what is not, and what becomes of a file that is damaged, shared or cut off."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
from backproof.cli import main
from backproof.equivalence.kernel import verdict
from backproof.equivalence.kernel.decision import Holds, UnknownReason
from backproof.equivalence.kernel.verdict import Proved, Unknown
from backproof.equivalence.ledger.keys import key_of
from backproof.equivalence.ledger.ledger import open_ledger
from backproof.equivalence.ledger.rows import read, written
from backproof.equivalence.ledger.seal import seal_of
from backproof.equivalence.obligations import Decided
from backproof.equivalence.records import ProofRecord, Record
from backproof.equivalence.rule_work import LemmaWork, RuleWork
from backproof.equivalence.rules.instances import instances
from backproof.equivalence.rules.patterns import patterns
from backproof.equivalence.rules_file import MODULE_NAME
from backproof.equivalence.run import decided
from backproof.equivalence.work import Work
from backproof.runtime.primitive import primitive_of
from ledgers import kept

WORK: tuple[Work, ...] = (
    *(RuleWork(rule) for rule in list(instances("relu"))[2:5]),
    *(LemmaWork("relu", pattern) for pattern in patterns("relu")[:1]),
    *(RuleWork(rule) for rule in list(instances("neg"))[2:4]),
)
SMALL = ("check", "--ops", "relu,neg", "--graphs", "0", "--seed", "1", "--jobs", "1", "--json")


def run(path: Path | None, work: Sequence[Work] = WORK, convention: str = "torchlean") -> list[Decided]:
    if path is None:
        return list(decided(work, 1, None, convention, lambda _done, _owed: None, None))
    with open_ledger(path, pytest.fail) as ledger:
        return list(decided(work, 1, None, convention, lambda _done, _owed: None, ledger))


def carriers(results: Sequence[Decided]) -> set[str]:
    """What the proofs of a run came from."""
    return {each.verdict.proof.rests_on[-1] for each in results if isinstance(each.verdict, Proved)}


def said(results: Sequence[Decided]) -> list[Any]:
    """Everything but cost and what carried a proof."""
    found = []
    for each in results:
        answer: Any = each.verdict
        if isinstance(answer, Proved):
            proof = answer.proof
            answer = (proof.statement, proof.method, proof.rests_on[:-1], proof.assumptions, proof.queries)
        found.append((each.obligation, answer, each.notes))
    return found


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A ledger of all of WORK."""
    file = tmp_path_factory.mktemp("ledger") / "proofs.ledger"
    assert carriers(run(file)) == {"worker"}
    return file.read_bytes()


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker is asked for anything."""
    monkeypatch.setattr(ProcessPoolExecutor, "submit", lambda *_asked: pytest.fail("something was decided again"))


@pytest.mark.usefixtures("alone")
def test_a_second_run_decides_nothing(path: Path, filled: bytes) -> None:
    path.write_bytes(filled)
    again = run(path)
    assert carriers(again) == {"ledger"}
    assert any(isinstance(each.verdict, verdict.Tested) for each in again)


def test_runs_with_and_without_a_ledger_say_the_same_in_the_same_order(path: Path, filled: bytes) -> None:
    path.write_bytes(filled)
    without = run(None)
    assert said(without) == said(run(path))
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM records WHERE key = ?", (key_of(WORK[1], "torchlean"),))
    mixed = run(path)
    assert carriers(mixed) == {"ledger", "worker"}
    assert said(without) == said(mixed)


def test_what_a_changed_kernel_decided_is_not_served_and_not_mixed_up(
    path: Path, filled: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(filled)
    monkeypatch.setattr(primitive_of("neg"), "vjp_kernel", lambda y_bar, y, x: (y_bar,))
    results = run(path)
    by_op = {op: [each for each in results if each.obligation.op == op] for op in ("relu", "neg")}
    assert ({"ledger"}, {"worker"}) == (carriers(by_op["relu"]), carriers(by_op["neg"]))
    # The workers read other code than this process holds: what they decide is kept under neither's key.
    assert len(kept(path)) == len(WORK)


@pytest.mark.usefixtures("alone")
def test_another_convention_is_not_served(path: Path, filled: bytes) -> None:
    path.write_bytes(filled)
    with pytest.raises(pytest.fail.Exception, match="decided again"):
        run(path, WORK[:1], "pytorch")


# Rows that say what nobody decided.


def edited(body: bytes, change: Callable[[list[dict[str, Any]]], None]) -> bytes:
    rows = msgspec.json.decode(body)
    change(rows)
    return msgspec.json.encode(rows)


def store_row(path: Path, key: str, seal: str, body: bytes) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE records SET seal = ?, body = ? WHERE key = ?", (seal, body, key))


@pytest.mark.parametrize("field", ["statement", "method"])
def test_an_edited_row_is_not_served_and_gives_way(field: str, path: Path, filled: bytes) -> None:
    path.write_bytes(filled)
    key = key_of(WORK[0], "torchlean")
    body = kept(path)[key]
    store_row(path, key, seal_of(key, body), edited(body, lambda rows: rows[0]["proof"].update({field: "so it is"})))
    assert carriers(run(path, WORK[:1])) == {"worker"}
    assert kept(path)[key] == body
    assert carriers(run(path, WORK[:1])) == {"ledger"}


def test_a_row_moved_to_another_key_is_not_served(path: Path, filled: bytes) -> None:
    path.write_bytes(filled)
    one, other = (key_of(piece, "torchlean") for piece in WORK[:2])
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM records WHERE key = ?", (one,))
        connection.execute("UPDATE records SET key = ? WHERE key = ?", (one, other))
    with open_ledger(path, pytest.fail) as ledger:
        assert ledger.find(one, WORK[0]) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.pop(),
        lambda rows: rows.append(rows[0]),
        lambda rows: rows.reverse(),
        lambda rows: rows[0].update(id="rule:other"),
        lambda rows: rows[0].update(claim="something else"),
        lambda rows: rows[0].update(proof=None, points=3),
        lambda rows: rows[-1].update(points=0),
        lambda rows: rows[-1].update(points="3"),
        lambda rows: rows[0].update(more=1),
        lambda rows: rows.clear(),
    ],
)
def test_sealed_rows_of_anything_but_what_is_owed_are_not_served(
    change: Callable[[Any], None], path: Path, filled: bytes
) -> None:
    path.write_bytes(filled)
    key = key_of(WORK[0], "torchlean")
    body = edited(kept(path)[key], change)
    store_row(path, key, seal_of(key, body), body)
    with open_ledger(path, pytest.fail) as ledger:
        assert ledger.find(key, WORK[0]) is None


# What is never kept.

PROOF = ProofRecord("a statement", Holds("a method", ("z3",)))
OWED = WORK[0].owed()


def records(last: Any, first: Any = PROOF) -> tuple[Record, ...]:
    outcomes = (first, *[PROOF] * (len(OWED) - 2), last)
    return tuple(Record(owed, outcome, 0.1) for owed, outcome in zip(OWED, outcomes, strict=True))


def test_what_meets_its_obligations_is_kept() -> None:
    body = written(records(verdict.Tested(3, "three points")))
    assert body is not None
    again = read(body, OWED, 0.0)
    assert again is not None
    assert [record.outcome for record in again] == [record.outcome for record in records(verdict.Tested(3, "three points"))]


@pytest.mark.parametrize("reason", UnknownReason)
def test_nothing_unknown_is_kept(reason: UnknownReason) -> None:
    assert written(records(Unknown(reason, "why"))) is None
    assert written(records(verdict.Tested(3, "points"), Unknown(reason, "why"))) is None


def test_a_test_where_a_proof_is_owed_is_not_kept_nor_is_nothing() -> None:
    assert written(records(verdict.Tested(3, "points"), verdict.Tested(3, "points"))) is None
    assert written(()) is None


def test_nothing_refuted_is_kept(path: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rules = tmp_path / "rules.py"
    rules.write_text(
        "from backproof import primitive_of\n"
        "@primitive_of('neg').vjp\n"
        "def vjp(y_bar, y, x):\n"
        "    return (y_bar,)\n"
    )
    kernel = primitive_of("neg").vjp_kernel
    try:
        for _turn in range(2):
            capfd.readouterr()
            assert main([*SMALL, "--rules", str(rules), "--ledger", str(path)]) == 1
    finally:
        primitive_of("neg").vjp(kernel)
        sys.modules.pop(MODULE_NAME)
    report = msgspec.json.decode(capfd.readouterr().out)
    wrong = [row["id"] for row in report["rows"] if row["verdict"] == "refuted"]
    bodies = b"".join(kept(path).values()).decode()
    assert wrong
    assert not [name for name in wrong if f'"{name}"' in bodies]
    assert "relu" in bodies
