"""Records of decisions as bytes: a proof travels as what it says, and is readmitted where it arrives."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ..kernel.decision import Holds
from ..kernel.verdict import Refuted, Tested, Unknown
from ..obligations import Obligation
from ..records import ProofRecord, Record


class CarriedProof(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a proof says."""

    statement: str
    method: str
    rests_on: tuple[str, ...]
    assumptions: tuple[str, ...]
    queries: tuple[str, ...]


class CarriedRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An obligation and what was decided of it: exactly one of four outcomes."""

    obligation: Obligation
    seconds: float
    notes: tuple[tuple[str, str], ...]
    proof: CarriedProof | None
    tested: Tested | None
    refuted: Refuted | None
    unknown: Unknown | None


class Carried(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What comes back of a piece of work: its records and the key under which they were decided, or why it was not done."""

    records: tuple[CarriedRecord, ...]
    key: str
    refused: str


class NotCarried(ValueError):
    """Bytes that are not what a worker gives back."""


def as_bytes(records: Sequence[Record], key: str, refused: str) -> bytes:
    """What a worker gives back."""
    return msgspec.msgpack.encode(Carried(tuple(map(_carried, records)), key, refused))


def from_bytes(body: bytes, owed: Sequence[Sequence[Obligation]]) -> tuple[tuple[Record, ...], str, str]:
    """The records, their key, and why there are none. The records are of exactly one of the lists that may be owed.

    Raises: NotCarried.
    """
    try:
        came = msgspec.msgpack.decode(body, type=Carried)
        records = tuple(map(_record, came.records))
    except (msgspec.DecodeError, TypeError, ValueError) as error:
        raise NotCarried(str(error)) from error
    if not came.refused and [record.obligation for record in records] not in [list(each) for each in owed]:
        raise NotCarried("it is of other obligations")
    return records, came.key, came.refused


def _carried(record: Record) -> CarriedRecord:
    outcome = record.outcome
    proof = None
    if isinstance(outcome, ProofRecord):
        holds = outcome.holds
        proof = CarriedProof(outcome.statement, holds.method, holds.rests_on, holds.assumptions, holds.queries)
    return CarriedRecord(
        obligation=record.obligation,
        seconds=record.seconds,
        notes=record.notes,
        proof=proof,
        tested=outcome if isinstance(outcome, Tested) else None,
        refuted=outcome if isinstance(outcome, Refuted) else None,
        unknown=outcome if isinstance(outcome, Unknown) else None,
    )


def _record(carried: CarriedRecord) -> Record:
    said = carried.proof
    proof = None if said is None else ProofRecord(said.statement, _holds(said))
    outcomes = [each for each in (proof, carried.tested, carried.refuted, carried.unknown) if each is not None]
    if len(outcomes) != 1:
        raise NotCarried(f"{carried.obligation.id} has {len(outcomes)} outcomes")
    return Record(carried.obligation, outcomes[0], carried.seconds, carried.notes)


def _holds(said: CarriedProof) -> Holds:
    return Holds(said.method, said.rests_on, said.assumptions, said.queries)
