"""What `backproof recheck` says: a kept report against the same claims decided again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec

from ..ir.graph import BackproofError
from .escaping import WHOLE, printable
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


class Formed(Protocol):
    """One claim in a first-order form, or the reason why it has none; and what another solver says of it."""

    @property
    def id(self) -> str: ...
    @property
    def left_out(self) -> str: ...
    @property
    def holds(self) -> bool: ...
    @property
    def counterexample(self) -> str: ...


class Opinions(NamedTuple):
    """Another solver's name, its answers to the questions of proofs, and to claims by themselves."""

    solver: str
    answered: Sequence[Answered]
    formed: Sequence[Formed]


class Disagreement(Record, frozen=True):
    """Two answers to one claim: the kept report's and today's, or, with the question in `smt2`, two solvers'."""

    id: str
    first: str
    second: str
    smt2: str


class SecondOpinion(Record, frozen=True):
    """Of the claims decided, those whose proof asked a solver, and those that this one decides alike throughout.

    `proved` claims about rules at instances, `formed` of them with a first-order form of their own, `alike` proved from
    that form again; `left_out`: those without one, by reason.
    """

    solver: str
    asked: Count
    questions: Count
    decided: Count
    proved: Count
    formed: Count
    alike: Count
    left_out: dict[str, Count]


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
    opinions: Opinions | None,
    exported: int | None,
) -> Recheck:
    """The record of a kept report and the one made again; a row that only one of them has is a disagreement.

    An interrupted run is compared as far as it came.
    """
    by_id = {row.id: _said(row) for row in again.rows}
    changed = [
        Disagreement(row.id, _said(row), by_id.get(row.id, "not owed"), "")
        for row in kept.rows
        if _said(row) != by_id.get(row.id) and not (again.interrupted and row.id not in by_id)
    ]
    before = {row.id for row in kept.rows}
    new = [Disagreement(row, "not owed", said, "") for row, said in by_id.items() if row not in before]
    disagreements = (*changed, *new, *(() if opinions is None else _contradictions(opinions, again.rows)))
    return Recheck(
        status=Status.CRASHED if disagreements else again.status,
        interrupted=again.interrupted,
        versions=(kept.version, again.version),
        seed=again.seed,
        counts=again.counts,
        kept=len(kept.rows),
        same=sum(_said(row) == by_id.get(row.id) for row in kept.rows),
        disagreements=disagreements,
        second=None if opinions is None else _counted(opinions, again.rows),
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
        lines.extend(_claims(record.second))
    if record.exported is not None:
        lines.append(f"{record.exported} SMT-LIB files written")
    return printable("\n".join(lines) + "\n", WHOLE)


def _counted(opinions: Opinions, rows: Sequence[Row]) -> SecondOpinion:
    """The count of another solver's answers."""
    proved = {row.id for row in rows if row.verdict is Answer.PROVED}
    formed = [form for form in opinions.formed if form.id in proved]
    return SecondOpinion(
        solver=opinions.solver,
        asked=len(opinions.answered),
        questions=len({question for opinion in opinions.answered for question, _answer in opinion.answers}),
        decided=sum(opinion.agrees for opinion in opinions.answered),
        proved=len(formed),
        formed=sum(not form.left_out for form in formed),
        alike=sum(form.holds for form in formed),
        left_out=dict(sorted(Counter(form.left_out for form in formed if form.left_out).items())),
    )


def _contradictions(opinions: Opinions, rows: Sequence[Row]) -> Iterator[Disagreement]:
    """Each question in which the other solver finds a model where a proof says that there is none; and the reverse."""
    for opinion in opinions.answered:
        for question, answer in opinion.answers:
            if answer == "sat":
                yield Disagreement(opinion.id, "unsat, as the proof says", f"sat, says {opinions.solver}", question)
    verdicts = {row.id: row.verdict for row in rows}
    for form in opinions.formed:
        if form.counterexample and verdicts.get(form.id) is Answer.PROVED:
            yield Disagreement(form.id, "proved", f"false, says {opinions.solver}", form.counterexample)
        if form.holds and verdicts.get(form.id) is Answer.REFUTED:
            yield Disagreement(form.id, "refuted", f"true, says {opinions.solver}", "")


def _said(row: Row) -> str:
    return f"{row.verdict}, where a {row.needs} is needed: {row.claim}"


def _claims(second: SecondOpinion) -> list[str]:
    share = 100 * second.alike / max(second.proved, 1)
    said = (
        f"{second.solver}: of {second.proved} proved claims about rules at instances {second.formed} have a first-order form "
        f"of their own; it proves {second.alike} of these again ({share:.0f}% of all)"
    )
    return [said, *(f"  without a form: {count}: {why}" for why, count in second.left_out.items())]


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
