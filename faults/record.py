"""What `backproof faults` says: each fault with what became of it, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from ..reports.report import Count, Record
from ..reports.status import Status
from .fault import Judged, Outcome
from .kind import Kind


class FaultRow(Record, frozen=True):
    """One fault. `nodes` are those of its counterexample; `peers` is what each peer says of it, null if none was asked."""

    id: str
    kind: Kind
    op: str
    fault_class: str = msgspec.field(name="class")
    verdict: Outcome
    nodes: Count | None
    by: str
    peers: dict[str, str] | None
    seconds: float
    shown: str


class FaultCounts(Record, frozen=True):
    """How many faults came to what."""

    refuted: Count
    kink: Count
    rejected: Count
    equivalent: Count
    undecided: Count
    survived: Count
    not_expressible: Count


class PeerAlarms(Record, frozen=True):
    """How often a peer found right rules wrong at points of a kind."""

    peer: str
    place: str
    runs: Count
    alarms: Count


class PeersSaid(Record, frozen=True):
    """What each peer says of each fault, in order, and how often each found right rules wrong."""

    of_faults: tuple[dict[str, str], ...]
    alarms: tuple[PeerAlarms, ...]


class FaultsCost(Record, frozen=True):
    """What the run took. Units: seconds of wall clock; processes."""

    seconds: float
    jobs: Count


class FaultsRecord(Record, frozen=True):
    """Every fault that was judged, in a fixed order."""

    version: str
    status: int
    interrupted: bool
    seed: Count
    counts: FaultCounts
    rows: tuple[FaultRow, ...]
    peer_alarms: tuple[PeerAlarms, ...] | None
    cost: FaultsCost


def faults_record(
    judged: Sequence[Judged], said: PeersSaid | None, version: str, seed: int, jobs: int, seconds: float, *, interrupted: bool
) -> FaultsRecord:
    """The record of a run, and of what the peers said if they were asked. Units: processes; seconds of wall clock."""
    came = Counter(each.outcome for each in judged)
    counts = FaultCounts(**{outcome.value: came[outcome] for outcome in Outcome})
    status = Status.INTERRUPTED if interrupted else _status(came)
    cost = FaultsCost(round(seconds, 3), jobs)
    peers = [None] * len(judged) if said is None else said.of_faults
    rows = tuple(map(_row, judged, peers))
    return FaultsRecord(version, status, interrupted, seed, counts, rows, None if said is None else said.alarms, cost)


def _status(came: Counter[Outcome]) -> Status:
    """No fault that was not judged says anything for the checker."""
    if came[Outcome.SURVIVED]:
        return Status.REFUTED
    return Status.MET if came.total() - came[Outcome.NOT_EXPRESSIBLE] else Status.NOTHING_OWED


def _row(judged: Judged, peers: dict[str, str] | None) -> FaultRow:
    fault = judged.fault
    return FaultRow(
        id=fault.id,
        kind=fault.kind,
        op=fault.op,
        fault_class=fault.fault_class,
        verdict=judged.outcome,
        nodes=judged.nodes,
        by=judged.by,
        peers=peers,
        seconds=round(judged.seconds, 3),
        shown=fault.shown,
    )
