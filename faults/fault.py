"""A fault, and what was found when it was judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from ..equivalence.rules_file import Rules
from ..ir.graph import BackproofError
from ..spec.convention import TORCHLEAN
from .kind import Kind


class NotExpressible(BackproofError):
    """Raised by a fault that cannot be planted, or by what is to catch it and is not there; its message is the reason."""


class Outcome(StrEnum):
    """What became of a fault. Green is an outcome of the check: all that it owed was met."""

    REFUTED = "refuted"
    """A replayed counterexample shows it wrong."""

    KINK = "kink"
    """Refuted at kinks alone: right off them, against the declared convention at one."""

    REJECTED = "rejected"
    """Not green without a counterexample: unknown, refused, crashed, or out of time or memory."""

    EQUIVALENT = "equivalent"
    """Green, and proved to be no fault."""

    UNDECIDED = "undecided"
    """Green, with nothing that tells it from the original and no proof that nothing can."""

    SURVIVED = "survived"
    """Green, and a fault: the checker missed it."""

    NOT_EXPRESSIBLE = "not_expressible"
    """Nothing was judged, for the reason given."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `plant` puts it into the registries of the process that calls it, as `load_rules` does, and says what it
    touched; `shown` is what a person reads: the text of a rules file or a diff. `op` is "" for the tape's loop.
    `convention` names the one by which it is judged at kinks.

    Raises (plant): NotExpressible; anything else that it raises makes the fault REJECTED.
    """

    id: str
    kind: Kind
    op: str
    fault_class: str
    plant: Callable[[], Rules]
    shown: str
    convention: str = TORCHLEAN.name


@dataclass(frozen=True, slots=True)
class Judged:
    """A fault and what became of it.

    `by` is the obligation that decided, or the reason; `nodes` counts those of the counterexample. Units: seconds of wall
    clock of one process.
    """

    fault: Fault
    outcome: Outcome
    by: str
    nodes: int | None
    seconds: float
