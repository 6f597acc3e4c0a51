"""A run's decisions as a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from ..equivalence.obligations import Decided
from ..ir.exchange import Case
from .report import FORMAT, Asked, Distributions, GraphShape, Meaning, NodeShape, Questions, Report, RunCost
from .rows import count, row_of
from .status import Status, status_of

MOST_VALUES = 200
"""A graph of more is named, and its structure left to its file."""


class Counted(Protocol):
    """The distributions of the generated graphs; its other fields are those of `Distributions`."""

    @property
    def draws(self) -> Mapping[str, int]:
        """Nodes by op."""


class Named(Protocol):
    """A graph that was checked and its name."""

    @property
    def name(self) -> str: ...
    @property
    def case(self) -> Case: ...


class Asking(Protocol):
    """Questions in SMT-LIB by id, and how many more ids have some."""

    @property
    def texts(self) -> Mapping[str, str]: ...
    @property
    def left_out(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Shown:
    """What a report that is kept shows beside what was decided; the fields of each meaning are those of `Meaning`."""

    meanings: Sequence[object]
    graphs: Sequence[Named]
    questions: Asking | None


NOTHING_SHOWN = Shown((), (), None)


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
    shown: Shown


def with_phases(report: Report, phases: Mapping[str, float]) -> Report:
    """A report that also says what its time was spent on. Units: seconds of wall clock, by phase."""
    told = {name: round(seconds, 3) for name, seconds in phases.items()}
    return msgspec.structs.replace(report, cost=msgspec.structs.replace(report.cost, phases=told))


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
        meanings=tuple(msgspec.convert(each, Meaning, from_attributes=True) for each in run.shown.meanings),
        graphs=tuple(map(_structure, run.shown.graphs)),
        questions=Questions({}, 0) if run.shown.questions is None else _questions(run.shown.questions),
        rows=rows,
        cost=RunCost(
            seconds=round(run.seconds, 3),
            jobs=run.jobs,
            from_ledger=sum(each.is_from_the_ledger for each in run.decided),
            decided=tuple(dict.fromkeys(_subject(each) for each in run.decided if not each.is_from_the_ledger)),
            done_again=sum(each.was_done_again for each in run.decided),
        ),
    )


def _subject(decided: Decided) -> str:
    """What an obligation is about: an op, a graph by its name, the theorem or the tape."""
    kind, _, rest = decided.obligation.id.partition(":")
    return decided.obligation.op or (rest.rpartition(":")[0] if kind == "graph" else kind)


def _questions(asking: Asking) -> Questions:
    return Questions(dict(asking.texts), asking.left_out)


def _structure(named: Named) -> GraphShape:
    graph = named.case.graph
    if len(graph) > MOST_VALUES:
        return GraphShape(named.name, len(graph), (), ())
    nodes = tuple(NodeShape(node.op, node.parents, node.shape) for node in graph.nodes)
    return GraphShape(named.name, len(graph), tuple(leaf.shape for leaf in graph.leaves), nodes)
