"""One refutation as a page of its own: the graph with both sides in it, both sides in full, and where they part first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..counterexample import graph_lines, pair
from ..escaping import one_line, printable
from ..report import CounterexampleRecord, Row, ValueSides
from .drawing import Drawing, drawing
from .values import counterexample_values

MOST_LINES = 120
LONGEST = 500
"""Units: characters."""


class ValueLine(NamedTuple):
    """One quantity of one value on both sides."""

    value: str
    quantity: str
    tape: str
    spec: str
    differs: bool
    first: bool


class Section(NamedTuple):
    """A refutation, ready to be written: every text is printable and short."""

    number: int
    open: bool
    id: str
    op: str
    claim: str
    detail: str
    reason: str
    command: str
    drawing: Drawing | None
    graph: str
    seeds: str
    lines: tuple[ValueLine, ...]
    left_out: int
    first: str
    question: int | None


def section(row: Row, found: CounterexampleRecord, number: int, command: str, question: int | None, *, unfolded: bool) -> Section:
    """The section of a refuted row, unfolded or with its heading alone in sight; `question` is the place of its SMT-LIB text."""
    values = (*found.leaves, *found.nodes)
    first = first_difference(values)
    lines = [_line(value, place, first) for value in values for place in range(len(value.sides))]
    lines.sort(key=lambda line: len(lines) > MOST_LINES and not line.differs)  # a difference is never cut off
    return Section(
        number=number,
        open=unfolded,
        id=one_line(row.id, LONGEST),
        op=one_line(row.op, LONGEST),
        claim=one_line(row.claim, LONGEST),
        detail=one_line(row.detail, LONGEST),
        reason=one_line(row.reason, LONGEST),
        command=printable(command, 2000),
        drawing=drawing(counterexample_values(found, first)),
        graph=printable("\n".join(graph_lines(found)), 4000),
        seeds=one_line("; ".join(f"%{seed['id']} {seed['value']}" for seed in found.graph.get("seeds", ())), LONGEST),
        lines=tuple(lines[:MOST_LINES]),
        left_out=len(lines[MOST_LINES:]),
        first="" if first is None else one_line(f"the {first[1]} of %{first[0]}", LONGEST),
        question=question,
    )


def first_difference(values: Sequence[ValueSides]) -> tuple[int, str] | None:
    """The value and quantity at which the two sides part first, in the order in which they are computed.

    Primals come first, then cotangents from the last value backwards, then tangents; anything else after these.
    """
    found = [(value.id, sides.quantity) for value in values for sides in value.sides if sides.differs]
    return min(found, key=_moment, default=None)


def _moment(difference: tuple[int, str]) -> tuple[int, int]:
    value, quantity = difference
    order = ("primal", "cotangent", "tangent")
    rank = order.index(quantity) if quantity in order else len(order)
    return rank, -value if quantity == "cotangent" else value


def _line(value: ValueSides, place: int, first: tuple[int, str] | None) -> ValueLine:
    sides = value.sides[place]
    tape, spec = pair(sides)
    return ValueLine(
        value=one_line(f"%{value.id} {value.op}", 60),
        quantity=one_line(sides.quantity, 60),
        tape=one_line(tape, LONGEST),
        spec=one_line(spec, LONGEST),
        differs=sides.differs,
        first=sides.differs and (value.id, sides.quantity) == first,
    )
