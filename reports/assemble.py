"""A run's decisions as a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from ..equivalence.obligations import Decided
from .report import FORMAT, Asked, Distributions, Report, RunCost
from .rows import count, row_of
from .status import Status, status_of


class Counted(Protocol):
    """The distributions of the generated graphs; its other fields are those of `Distributions`."""

    @property
    def draws(self) -> Mapping[str, int]:
        """Nodes by op."""


@dataclass(frozen=True, slots=True)
class Run:
    """What was run and what came of it. Units: seconds of wall clock."""

    version: str
    seed: int
    rules: str | None
    asked: Asked
    graphs: int
    jobs: int
    generated: Counted
    decided: Sequence[Decided]
    interrupted: bool
    seconds: float


def report_of(run: Run) -> Report:
    """The report of a run; an interrupted one holds what was decided."""
    rows = tuple(map(row_of, run.decided))
    counts = count(rows, run.graphs)
    return Report(
        format=FORMAT,
        version=run.version,
        status=Status.INTERRUPTED if run.interrupted else status_of(counts),
        interrupted=run.interrupted,
        seed=run.seed,
        rules=run.rules,
        asked=run.asked,
        counts=counts,
        draws=dict(run.generated.draws),
        distributions=msgspec.convert(run.generated, Distributions, from_attributes=True),
        rows=rows,
        cost=RunCost(round(run.seconds, 3), run.jobs, sum(each.is_from_the_ledger for each in run.decided)),
    )
