"""What `backproof replay` says: one case, run on both sides, value by value."""

from __future__ import annotations

from collections.abc import Sequence

from ..equivalence.kernel.verdict import Side
from .counterexample import sides_table
from .escaping import WHOLE, printable
from .report import Record, ValueSides
from .rows import by_value
from .status import Status


class Replayed(Record, frozen=True):
    """Both sides of every leaf and node; `undecided` says why there are none, if the run could not tell them."""

    status: int
    undecided: str
    leaves: tuple[ValueSides, ...]
    nodes: tuple[ValueSides, ...]


def replayed(sides: Sequence[Side], leaves: int) -> Replayed:
    """The record of a case whose graph has this many leaves: refuted if its two sides differ anywhere."""
    values = by_value(sides)
    status = Status.REFUTED if any(side.differs for side in sides) else Status.MET
    return Replayed(
        status=status if sides else Status.NOTHING_OWED,
        undecided="",
        leaves=tuple(value for value in values if value.id < leaves),
        nodes=tuple(value for value in values if value.id >= leaves),
    )


def undecided(reason: str) -> Replayed:
    """The record of a case that could not be run to its end."""
    return Replayed(status=Status.NOT_MET, undecided=reason, leaves=(), nodes=())


def replay_text(record: Replayed) -> str:
    """What a person reads."""
    if record.undecided:
        return printable(f"NOT DECIDED: {record.undecided}\n", WHOLE)
    said = "REFUTED: the two sides differ" if record.status == Status.REFUTED else "the two sides agree here"
    return printable("\n".join([said, "", *sides_table([*record.leaves, *record.nodes])]) + "\n", WHOLE)
