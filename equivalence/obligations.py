"""What is owed: one claim in words, the evidence it needs, and an id that stays the same from run to run."""

from __future__ import annotations

from dataclasses import dataclass

from ..ir.needs import Needs
from .family import Family as Family  # noqa: PLC0414 - an obligation is made of one
from .kernel.sealed import Source
from .kernel.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Obligation:
    """A claim that somebody owes. `shapes` are the operands' for a rule and the leaves' for a graph."""

    id: str
    family: Family
    op: str
    claim: str
    shapes: tuple[tuple[int, ...], ...]
    needs: Needs


@dataclass(frozen=True, slots=True)
class Decided:
    """An obligation, what was decided of it, and what that cost in seconds of one process."""

    obligation: Obligation
    verdict: Verdict
    seconds: float
    notes: tuple[tuple[str, str], ...] = ()
    """Further figures by name, exact and repeatable, such as the worst error in ulps."""
    source: Source = Source.WORKER
    """Who carried it here."""

    was_done_again: bool = False
    """Whether a worker died that may have been at it."""

    @property
    def is_from_the_ledger(self) -> bool:
        """Whether an earlier run decided it."""
        return self.source is Source.LEDGER
