"""The table of faults for a terminal: what survived first, then counts by kind and class."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from .fault import Outcome
from .record import FaultRow, FaultsRecord

_HEADS = {
    Outcome.REFUTED: "refuted",
    Outcome.KINK: "kink",
    Outcome.REJECTED: "rejected",
    Outcome.EQUIVALENT: "equivalent",
    Outcome.UNDECIDED: "undecided",
    Outcome.SURVIVED: "survived",
    Outcome.NOT_EXPRESSIBLE: "not expressible",
}

_NAMED = (Outcome.SURVIVED, Outcome.UNDECIDED, Outcome.NOT_EXPRESSIBLE)
"""Outcomes whose faults are named, each with the reason: survivors come first."""


def faults_text(record: FaultsRecord) -> str:
    """What a person reads."""
    named = (line for outcome in _NAMED for line in _listed(record.rows, outcome))
    lines = (*named, *_table(record.rows), "", *_totals(record))
    return "\n".join(lines) + "\n"


def _listed(rows: Sequence[FaultRow], outcome: Outcome) -> Iterator[str]:
    found = [row for row in rows if row.verdict is outcome]
    if found:
        yield f"{_HEADS[outcome]}: {len(found)}"
        yield from (f"  {row.id}: {row.by}" for row in found)
        yield ""


def _table(rows: Sequence[FaultRow]) -> Iterator[str]:
    """One line for each class of each kind, and one for all of a kind."""
    lines = [("kind", "class", "faults", *_HEADS.values())]
    for kind in dict.fromkeys(row.kind for row in rows):
        own = [row for row in rows if row.kind is kind]
        for fault_class in sorted({row.fault_class for row in own}):
            lines.append((kind, fault_class, *_counted([row for row in own if row.fault_class == fault_class])))
        lines.append((kind, "all", *_counted(own)))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        left = (cell.ljust(width) for cell, width in zip(line[:2], widths[:2], strict=True))
        right = (cell.rjust(width) for cell, width in zip(line[2:], widths[2:], strict=True))
        yield "  ".join((*left, *right)).rstrip()


def _counted(rows: Sequence[FaultRow]) -> tuple[str, ...]:
    counts = (sum(row.verdict is outcome for row in rows) for outcome in _HEADS)
    return (str(len(rows)), *(str(count) if count else "" for count in counts))


def _totals(record: FaultsRecord) -> Iterator[str]:
    judged = len(record.rows) - record.counts.not_expressible
    nodes = [row.nodes for row in record.rows if row.nodes is not None]
    if nodes:
        yield f"counterexamples: {len(nodes)}, median {statistics.median(nodes):g} nodes, largest {max(nodes)}"
    ended = ", interrupted" if record.interrupted else ""
    took = f"{record.cost.seconds:.1f} s on {record.cost.jobs} processes"
    yield f"{judged} faults judged, {record.counts.survived} survived, seed {record.seed}, {took}{ended}"
