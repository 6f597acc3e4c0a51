"""What `backproof prove` says: the rule of one op, and what each proof rests on."""

from __future__ import annotations

from collections.abc import Sequence

from ..equivalence.obligations import Decided
from .counterexample import draw
from .report import Answer, Cost, Counts, Record, Row
from .rows import count, row_of
from .status import status_of


class ProvingRecord(Record, frozen=True):
    """One op's rule."""

    status: int
    op: str
    counts: Counts
    rows: tuple[Row, ...]
    cost: Cost


def proving_record(op: str, decided: Sequence[Decided], seconds: float) -> ProvingRecord:
    """The record of what was decided."""
    rows = tuple(map(row_of, decided))
    counts = count(rows, graphs=0)
    return ProvingRecord(status_of(counts), op, counts, rows, Cost(round(seconds, 3)))


def proving_text(record: ProvingRecord) -> str:
    """What a person reads: a line for each claim, the first refutation whole, and the grounds of the proofs."""
    lines = [f"{row.verdict.upper():8}  {row.id}{_why(row)}" for row in record.rows]
    refuted = next((row.counterexample for row in record.rows if row.counterexample is not None), None)
    shown = [] if refuted is None else ["", *draw(refuted)]
    return "\n".join([*lines, *shown, "", *_grounds(record.rows)]) + "\n"


def _why(row: Row) -> str:
    if row.verdict is Answer.PROVED:
        return f"  by {row.method}"
    return f"  {row.reason}: {row.detail}" if row.reason else f"  {row.detail}"


def _grounds(rows: Sequence[Row]) -> list[str]:
    """What the proofs rest on and assume, each once, in the order first met."""
    rests_on = dict.fromkeys(ground for row in rows for ground in row.rests_on)
    assumed = dict.fromkeys(said for row in rows for said in row.assumptions)
    found = {"rests on": rests_on, "assumes": assumed}
    return [f"{what}: {'; '.join(named)}" for what, named in found.items() if named]
