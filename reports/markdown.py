"""A report in Markdown, for the step summary of a CI job: failures first, at most 1 MiB however much there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ..equivalence.family import Family
from .counterexample import draw
from .escaping import code, fenced, markdown
from .op_lines import OpLine, op_lines
from .report import Answer, Report, Row
from .standing import SAID, only_tested, passes, refuted, replay_commands, undecided, why_not
from .status import Status

MOST_BYTES = 1024 * 1024
"""What GitHub takes for one step, which may have written some of it already."""

FAILURES_BYTES = 500_000
TABLE_BYTES = 200_000

SHOWN_REFUTATIONS = 20
LONGEST_COUNTEREXAMPLE = 10_000
LONGEST_NAME = 200
"""Units: characters."""


def step_summary(report: Report, folder: str) -> bytes:
    """The document; `folder` is where the report is kept."""
    failed, unmet, ops = refuted(report.rows), undecided(report.rows), op_lines(report.rows)
    not_proved = (
        f"Not proved: {len(failed)} refuted, {len(unmet)} undecided or too weakly shown, and {len(only_tested(report.rows))} "
        "that owed a test and no proof. A proof rests on what its row names, and holds under the assumptions there."
    )
    parts = [
        f"## backproof: {headline(report)}",
        _counts(report),
        _within(_refutations(failed, report, folder), FAILURES_BYTES, f"{len(failed)} refutations"),
        _within(_undecided(unmet), TABLE_BYTES, f"{len(unmet)} obligations that are not met"),
        not_proved,
        _by_family(report.rows),
        _within(_op_table(ops), TABLE_BYTES, f"{len(ops)} ops"),
    ]
    return ("\n\n".join(filter(None, parts)) + "\n").encode("utf-8", "backslashreplace")


def headline(report: Report) -> str:
    """The answer in one line; only an explicit yes of every obligation is MET."""
    failing = sum(not passes(row) for row in report.rows)
    if report.status == Status.MET and not failing:
        return f"MET, all {len(report.rows)} obligations"
    said = SAID.get(Status(report.status), SAID[Status.NOT_MET]).upper()
    return f"{said} ({failing} of {len(report.rows)} obligations do not pass)"


def _counts(report: Report) -> str:
    counts = report.counts
    return (
        f"{counts.proved} proved, {counts.tested} tested, **{counts.refuted} refuted**, **{counts.unknown} unknown**; "
        f"{counts.graphs} graphs, seed {report.seed}, {report.cost.seconds:.0f} s, backproof {markdown(report.version, 40)}"
    )


def _within(groups: Iterable[Sequence[str]], budget: int, all_of_them: str) -> str:
    """Groups of lines while they fit, in bytes; then that there are more."""
    kept: list[str] = []
    for group in groups:
        text = "\n".join(group)
        budget -= len(text.encode("utf-8", "backslashreplace")) + 1
        if budget < 0:
            return "\n".join([*kept, f"\nAnd so on: report.json holds all {all_of_them}."])
        kept.append(text)
    return "\n".join(kept)


def _refutations(rows: Sequence[Row], report: Report, folder: str) -> Iterator[list[str]]:
    """The first refutation of each op in full, then each other one in a line."""
    commands = replay_commands(report, folder)
    subjects: set[tuple[str, str]] = set()
    others = []
    for row in rows:
        subject = (row.op, "" if row.op else row.family)
        if subject in subjects or len(subjects) >= SHOWN_REFUTATIONS:
            others.append(row)
        else:
            subjects.add(subject)
            yield _in_full(row, commands.get(row.id))
    for row in others:
        yield [f"* refuted: {code(row.id, LONGEST_NAME)}, {code(commands.get(row.id, ''), 3 * LONGEST_NAME)}"]


def _in_full(row: Row, command: str | None) -> list[str]:
    lines = [f"### Refuted: {code(row.id, LONGEST_NAME)}", "", f"{code(row.claim, 500)}", "", code(row.detail, 500), ""]
    if row.counterexample is not None:
        lines += [fenced("\n".join(line.rstrip() for line in draw(row.counterexample)), LONGEST_COUNTEREXAMPLE), ""]
    return [*lines, *(() if command is None else ("See it again:", "", fenced(command, 3000), ""))]


def _undecided(rows: Sequence[Row]) -> Iterator[list[str]]:
    if rows:
        yield ["### Not met, and not refuted", "", "| obligation | why | detail |", "|---|---|---|"]
    for row in rows:
        yield [f"| {code(row.id, LONGEST_NAME)} | {code(why_not(row), 100)} | {code(row.detail, 300)} |"]


def _by_family(rows: Sequence[Row]) -> str:
    lines = ["| | owed | " + " | ".join(Answer) + " | not met |", "|---|" + "---:|" * (len(Answer) + 2)]
    for family in Family:
        mine = [row for row in rows if row.family is family]
        answers = Counter(row.verdict for row in mine)
        cells = (len(mine), *(answers[answer] for answer in Answer), sum(not passes(row) for row in mine))
        lines.append(f"| {family} | " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def _op_table(lines: Sequence[OpLine]) -> Iterator[list[str]]:
    if lines:
        heads = ("op", "forward", "VJP", "JVP", "adjoint", "all shapes", "floats", "obligations", "not met")
        yield ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for line in lines:
        cells = (code(line.op, LONGEST_NAME), *line.parts, line.all_shapes, line.floats, str(line.rows), str(line.not_met))
        yield ["| " + " | ".join(cells) + " |"]
