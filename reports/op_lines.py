"""The rows of each op in one line: the weakest answer of each part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..equivalence.family import Family
from .ops import PARTS, WEAKEST_FIRST
from .report import Answer, Row
from .standing import passes

NOTHING = "–"
"""Stands where nothing was owed."""


class OpLine(NamedTuple):
    """One op: the weakest answer at instances by part, for all shapes, and in floats; and how many rows do not pass."""

    op: str
    parts: tuple[str, ...]
    all_shapes: str
    floats: str
    rows: int
    not_met: int


def op_lines(rows: Iterable[Row]) -> list[OpLine]:
    """A line for each op, those with rows that do not pass first."""
    by_op: dict[str, list[Row]] = {}
    for row in rows:
        if row.op:
            by_op.setdefault(row.op, []).append(row)
    lines = [_line(op, mine) for op, mine in by_op.items()]
    return sorted(lines, key=lambda line: (not line.not_met, line.op))


def part_of(row: Row) -> str:
    """The part of an op that a row's id ends in."""
    return row.id.rpartition(":")[2]


def _line(op: str, rows: Sequence[Row]) -> OpLine:
    lemmas = [row for row in rows if row.id.startswith("lemma:")]
    rules = [row for row in rows if row.family is Family.RULE and not row.id.startswith("lemma:")]
    return OpLine(
        op,
        tuple(_weakest(row for row in rules if part_of(row) == part) for part in PARTS),
        _weakest(lemmas),
        _weakest(row for row in rows if row.family is Family.FLOAT),
        len(rows),
        sum(not passes(row) for row in rows),
    )


def _weakest(rows: Iterable[Row]) -> str:
    answers: set[Answer] = {row.verdict for row in rows}
    return next((str(weak) for weak in WEAKEST_FIRST if weak in answers), NOTHING)
