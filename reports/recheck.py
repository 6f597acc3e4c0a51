"""What `backproof recheck` says: a kept report against the same claims decided again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from ..ir.graph import BackproofError
from .report import Answer, Count, Counts, Record, Report, Row, RunCost
from .status import Status


class ReportError(BackproofError):
    """A file that is no report, or a report that cannot be decided again; one line: file, what came, what was needed."""


class Answered(Protocol):
    """One claim, and what another solver says of the questions its proof rests on."""

    @property
    def id(self) -> str: ...
    @property
    def answers(self) -> Sequence[tuple[str, str]]: ...
    @property
    def agrees(self) -> bool: ...


class Disagreement(Record, frozen=True):
    """Two answers to one claim: the kept report's and today's, or, with the question in `smt2`, two solvers'."""

    id: str
    first: str
    second: str
    smt2: str


class SecondOpinion(Record, frozen=True):
    """Of the claims decided, those whose proof asked a solver, and those that this one decides alike throughout."""

    solver: str
    asked: Count
    questions: Count
    decided: Count


class Recheck(Record, frozen=True):
    """A kept report, decided again: `same` of its `kept` rows have the verdict they had."""

    status: int
    interrupted: bool
    versions: tuple[str, str]
    seed: Count
    counts: Counts
    kept: Count
    same: Count
    disagreements: tuple[Disagreement, ...]
    second: SecondOpinion | None
    exported: Count | None
    not_met: tuple[str, ...]
    cost: RunCost


def read_report(file: Path) -> Report:
    """The report in a file.

    Raises: ReportError.
    """
    try:
        return msgspec.json.decode(file.read_bytes(), type=Report)
    except OSError as error:
        raise ReportError(f"{file}: {error.strerror}, a readable report was needed") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ReportError(f"{file}: {error}, a report of backproof check was needed") from error


def recheck_record(
    kept: Report,
    again: Report,
    opinions: tuple[str, Sequence[Answered]] | None,
    exported: int | None,
) -> Recheck:
    """The record of a kept report and the one made again; a row that only one of them has is a disagreement.

    `opinions` are another solver's, by its name. An interrupted run is compared as far as it came.
    """
    by_id = {row.id: _said(row) for row in again.rows}
    changed = [
        Disagreement(row.id, _said(row), by_id.get(row.id, "not owed"), "")
        for row in kept.rows
        if _said(row) != by_id.get(row.id) and not (again.interrupted and row.id not in by_id)
    ]
    before = {row.id for row in kept.rows}
    new = [Disagreement(row, "not owed", said, "") for row, said in by_id.items() if row not in before]
    disagreements = (*changed, *new, *(() if opinions is None else _contradictions(*opinions)))
    return Recheck(
        status=Status.CRASHED if disagreements else again.status,
        interrupted=again.interrupted,
        versions=(kept.version, again.version),
        seed=again.seed,
        counts=again.counts,
        kept=len(kept.rows),
        same=sum(_said(row) == by_id.get(row.id) for row in kept.rows),
        disagreements=disagreements,
        second=None if opinions is None else _counted(*opinions),
        exported=exported,
        not_met=tuple(row.id for row in again.rows if not row.met or row.verdict in (Answer.REFUTED, Answer.UNKNOWN)),
        cost=again.cost,
    )


def recheck_text(record: Recheck) -> str:
    """What a person reads."""
    lines = [
        f"{_headline(record)}: {record.same} of {record.kept} verdicts are what they were ({record.cost.seconds:.1f} s)",
        *(line for each in record.disagreements for line in _drawn(each)),
        *(f"  not met: {row}" for row in record.not_met),
    ]
    if record.second is not None:
        lines.append(
            f"{record.second.solver}: {record.second.asked} proofs asked a solver {record.second.questions} different "
            f"questions; it decides all of those of {record.second.decided}"
        )
    if record.exported is not None:
        lines.append(f"{record.exported} SMT-LIB files written")
    return "\n".join(lines) + "\n"


def _counted(solver: str, opinions: Sequence[Answered]) -> SecondOpinion:
    """The count of another solver's answers."""
    questions = {question for opinion in opinions for question, _answer in opinion.answers}
    return SecondOpinion(solver, len(opinions), len(questions), sum(opinion.agrees for opinion in opinions))


def _contradictions(solver: str, opinions: Sequence[Answered]) -> Iterator[Disagreement]:
    """Each question in which the other solver finds a model where a proof rests on there being none."""
    for opinion in opinions:
        for question, answer in opinion.answers:
            if answer == "sat":
                yield Disagreement(opinion.id, "unsat, as the proof says", f"sat, says {solver}", question)


def _said(row: Row) -> str:
    return f"{row.verdict}, where a {row.needs} is needed: {row.claim}"


def _headline(record: Recheck) -> str:
    words = {
        Status.MET: "SAME, ALL MET",
        Status.REFUTED: "SAME, REFUTED",
        Status.NOT_MET: "SAME, NOT MET",
        Status.CRASHED: "DISAGREEMENT",
        Status.NOTHING_OWED: "NOTHING WAS OWED",
        Status.INTERRUPTED: "INTERRUPTED",
    }
    return words[Status(record.status)]


def _drawn(found: Disagreement) -> list[str]:
    return [f"  {found.id}", f"    {found.first}", f"    {found.second}", *found.smt2.splitlines()]
