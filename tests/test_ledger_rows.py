"""Rows of a ledger, one by one: what is damaged, moved, or of something else is no row."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from backproof.equivalence.kernel.decision import UnknownReason
from backproof.equivalence.kernel.verdict import Needs, Unknown
from backproof.equivalence.ledger.ledger import Ledger
from backproof.equivalence.ledger.rows import read, written
from backproof.equivalence.ledger.store import Store
from backproof.equivalence.records import Record
from backproof.equivalence.rule_work import RuleWork
from backproof.equivalence.rules.instances import instances
from backproof.equivalence.subject import Subject
from backproof.equivalence.work import perform
from backproof.runtime import primitives as _primitives  # noqa: F401 - fills the registry
from backproof.runtime.tape import Tape
from backproof.spec.convention import TORCHLEAN

PIECE, OTHER = (RuleWork(rule) for rule in list(instances("relu"))[2:4])
ONE, TWO = "1" * 64, "2" * 64


@pytest.fixture(scope="module")
def records() -> tuple[Record, ...]:
    return perform(PIECE, Subject(Tape, TORCHLEAN))


@pytest.fixture(scope="module")
def body(records: tuple[Record, ...]) -> bytes:
    made = written(records)
    assert made is not None
    return made


def test_what_was_decided_of_a_piece_is_read_for_it_and_for_no_other(records: tuple[Record, ...], body: bytes) -> None:
    found = read(body, PIECE.owed(), 0.0)
    assert found is not None
    assert [each.outcome for each in found] == [each.outcome for each in records]
    assert read(body, OTHER.owed(), 0.0) is None
    assert read(body, PIECE.owed()[::-1], 0.0) is None
    assert read(body, PIECE.owed()[:-1], 0.0) is None


def test_a_test_is_not_read_where_a_proof_is_owed(body: bytes) -> None:
    assert read(body, [replace(each, needs=Needs.PROOF) for each in PIECE.owed()], 0.0) is None


def test_records_of_which_one_is_unknown_are_not_written(records: tuple[Record, ...]) -> None:
    unknown = replace(records[1], outcome=Unknown(UnknownReason.TIMEOUT, ""))
    assert written((records[0], unknown, *records[2:])) is None


def test_a_row_that_was_edited_or_moved_is_none(path: Path, body: bytes) -> None:
    def kept(change: str) -> bytes | None:
        path.unlink(missing_ok=True)
        store = Store(path, pytest.fail)
        store.put([(ONE, body)])
        with sqlite3.connect(path) as connection:
            connection.execute(change)
        found = store.get(TWO if "key" in change else ONE)
        store.close()
        return found

    assert kept("UPDATE records SET seal = seal") == body
    assert kept("UPDATE records SET body = CAST(replace(CAST(body AS TEXT), 'relu', 'relv') AS BLOB)") is None
    assert kept(f"UPDATE records SET seal = '{'0' * 64}'") is None
    assert kept(f"UPDATE records SET key = '{TWO}'") is None


def test_an_interrupt_while_it_is_written_loses_nothing(path: Path, records: tuple[Record, ...], body: bytes) -> None:
    class Interrupted(Store):
        """Its first writing is interrupted."""

        writings = 0

        def put(self, bodies: Sequence[tuple[str, bytes]]) -> None:
            self.writings += 1
            if self.writings == 1:
                raise KeyboardInterrupt
            super().put(bodies)

    store = Interrupted(path, pytest.fail)
    ledger = Ledger(store, pytest.fail)
    ledger.take("of one", records)
    with pytest.raises(KeyboardInterrupt):
        ledger.write()
    ledger.take("of another", records)
    ledger.write()
    assert (body, body) == (store.get("of one"), store.get("of another"))
    ledger.write()
    assert 3 == store.writings
    store.close()
