"""The bugs of history as faults: a table of where each was reported, and a rules file that plants it.

The files are not modules: to import one would plant its bug.
"""

from __future__ import annotations

import random
from functools import partial
from pathlib import Path

import msgspec

from ...equivalence.rules_file import load_rules
from ..fault import Fault
from ..kind import Kind

_HERE = Path(__file__).resolve().parent


class Bug(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A bug that was reported: the engine that had it, where that is said, the op, the class of the fault.

    `convention` is the one that derivatives at kinks are judged by: what the report holds the engine to.
    """

    id: str
    engine: str
    url: str
    op: str
    fault_class: str = msgspec.field(name="class")
    convention: str


def bugs() -> tuple[Bug, ...]:
    """Every bug of the table."""
    return msgspec.json.decode((_HERE / "bugs.json").read_bytes(), type=tuple[Bug, ...])


def rules_of(bug: Bug) -> Path:
    """The rules file that plants a bug."""
    return _HERE / "rules" / f"{bug.id}.py"


def historical_faults() -> tuple[Fault, ...]:
    """Each bug as a fault, in the table's order."""
    return tuple(map(_fault, bugs()))


def drawn(sample: int | None, seed: int) -> tuple[Fault, ...]:
    """All of them, or so many, in the table's order."""
    faults = historical_faults()
    if sample is None or sample >= len(faults):
        return faults
    places = sorted(random.Random(seed).sample(range(len(faults)), sample))
    return tuple(faults[place] for place in places)


def _fault(bug: Bug) -> Fault:
    file = rules_of(bug)
    return Fault(
        id=f"history/{bug.id}",
        kind=Kind.HISTORICAL,
        op=bug.op,
        fault_class=bug.fault_class,
        plant=partial(load_rules, file),
        shown=file.read_text(),
        convention=bug.convention,
    )
