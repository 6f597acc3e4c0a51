"""What is owed: one claim in words, the evidence it needs, and an id that stays the same from run to run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .kernel.sealed import Source
from .kernel.verdict import Needs, Verdict


class Family(StrEnum):
    """Why a claim can fail: the reverse loop, a rule, their composition at a graph's values, or floating point."""

    ENGINE = "engine"
    RULE = "rule"
    GRAPH = "graph"
    FLOAT = "float"


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

    @property
    def is_from_the_ledger(self) -> bool:
        """Whether an earlier run decided it."""
        return self.source is Source.LEDGER
