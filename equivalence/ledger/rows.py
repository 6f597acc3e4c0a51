"""What the ledger keeps of a piece of work: outcomes that meet what is owed, as typed JSON beside a digest of it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ..kernel.decision import Holds
from ..kernel.verdict import Needs, Tested
from ..obligations import Obligation
from ..records import ProofRecord, Record


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was decided of one obligation: a proof, or a test at this many points."""

    id: str
    claim: str
    notes: tuple[tuple[str, str], ...]
    proof: ProofRow | None
    points: int
    detail: str


class ProofRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a proof says."""

    statement: str
    method: str
    rests_on: tuple[str, ...]
    assumptions: tuple[str, ...]
    queries: tuple[str, ...]


def written(records: Sequence[Record]) -> bytes | None:
    """A piece of work's records; None unless each is as strong as its obligation needs: all else is decided again."""
    rows = [_row(record) for record in records]
    kept = [row for row in rows if row is not None]
    return msgspec.json.encode(kept) if kept and len(kept) == len(rows) else None


def _row(record: Record) -> Row | None:
    owed, outcome = record.obligation, record.outcome
    if isinstance(outcome, ProofRecord):
        holds = outcome.holds
        proof = ProofRow(outcome.statement, holds.method, holds.rests_on, holds.assumptions, holds.queries)
        return Row(owed.id, owed.claim, record.notes, proof, 0, "")
    if isinstance(outcome, Tested) and owed.needs is Needs.TEST:
        return Row(owed.id, owed.claim, record.notes, None, outcome.points, outcome.detail)
    return None


def read(body: bytes, owed: Sequence[Obligation], seconds: float) -> tuple[Record, ...] | None:
    """The records of a piece of work that owes this; None if they are not of exactly that, in that order, or not enough."""
    try:
        rows = msgspec.json.decode(body, type=list[Row])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if [(row.id, row.claim) for row in rows] != [(each.id, each.claim) for each in owed]:
        return None
    records = [_record(row, each, seconds) for row, each in zip(rows, owed, strict=True)]
    kept = [record for record in records if record is not None]
    return tuple(kept) if kept and len(kept) == len(owed) else None


def _record(row: Row, owed: Obligation, seconds: float) -> Record | None:
    if row.proof is not None:
        holds = Holds(row.proof.method, row.proof.rests_on, row.proof.assumptions, row.proof.queries)
        return Record(owed, ProofRecord(row.proof.statement, holds), seconds, row.notes)
    if owed.needs is Needs.TEST and row.points >= 1:
        return Record(owed, Tested(row.points, row.detail), seconds, row.notes)
    return None
