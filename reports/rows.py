"""Decided obligations as rows of a report, and their counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..equivalence.kernel.verdict import (
    Counterexample,
    Proved,
    Refuted,
    Side,
    Tested,
    Unknown,
    Verdict,
    meets,
)
from ..equivalence.obligations import Decided
from .report import Answer, Cost, CounterexampleRecord, Counts, LeafValue, Row, Sides, ValueSides


def answer(verdict: Verdict) -> Answer:
    """The name of a verdict."""
    match verdict:
        case Proved():
            return Answer.PROVED
        case Tested():
            return Answer.TESTED
        case Refuted():
            return Answer.REFUTED
        case Unknown():
            return Answer.UNKNOWN


def row_of(decided: Decided) -> Row:
    """The row that says what was decided of an obligation."""
    owed, verdict = decided.obligation, decided.verdict
    proof = verdict.proof if isinstance(verdict, Proved) else None
    return Row(
        id=owed.id,
        family=owed.family,
        op=owed.op,
        claim=owed.claim,
        shapes=owed.shapes,
        needs=owed.needs,
        verdict=answer(verdict),
        met=meets(verdict, owed.needs),
        reason=str(verdict.reason) if isinstance(verdict, (Refuted, Unknown)) else "",
        detail="" if isinstance(verdict, Proved) else verdict.detail,
        method=_method(verdict),
        rests_on=() if proof is None else proof.rests_on,
        assumptions=() if proof is None else proof.assumptions,
        notes=dict(decided.notes),
        cost=Cost(round(decided.seconds, 6)),
        counterexample=_counterexample(verdict.counterexample) if isinstance(verdict, Refuted) else None,
    )


def count(rows: Sequence[Row], graphs: int) -> Counts:
    """How many rows have which answer."""
    by_answer = Counter(row.verdict for row in rows)
    return Counts(
        graphs=graphs,
        proved=by_answer[Answer.PROVED],
        tested=by_answer[Answer.TESTED],
        refuted=by_answer[Answer.REFUTED],
        unknown=by_answer[Answer.UNKNOWN],
        unmet=sum(not row.met for row in rows),
    )


def by_value(sides: Iterable[Side]) -> list[ValueSides]:
    """Both sides of each value, in id order."""
    groups: dict[int, list[Side]] = {}
    for side in sides:
        groups.setdefault(side.value, []).append(side)
    return [
        ValueSides(value, group[0].op, tuple(Sides(s.quantity, s.tape, s.spec, s.differs) for s in group))
        for value, group in sorted(groups.items())
    ]


def _method(verdict: Verdict) -> str:
    match verdict:
        case Proved(proof):
            return proof.method
        case Tested(points):
            return f"{points} points"
        case Refuted():
            return "replay"
        case Unknown():
            return ""


def _counterexample(found: Counterexample) -> CounterexampleRecord:
    leaves: Sequence[Mapping[str, Any]] = found.case["leaves"]
    values = by_value(found.nodes)
    return CounterexampleRecord(
        graph=dict(found.case),
        values=tuple(
            LeafValue(place, leaf.get("name", ""), tuple(leaf["shape"]), tuple(map(float, leaf["value"])))
            for place, leaf in enumerate(leaves)
        ),
        leaves=tuple(value for value in values if value.id < len(leaves)),
        nodes=tuple(value for value in values if value.id >= len(leaves)),
    )
