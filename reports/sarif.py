"""Refutations that have a source line, in SARIF 2.1.0: one result for each op and kernel, which counts its obligations.

What is not met and has no line, and what is not proved, is said in the notifications of the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from ..equivalence.family import Family
from .counterexample import draw
from .escaping import one_line, printable
from .op_lines import part_of
from .report import Report, Row
from .standing import SAID, only_tested, refuted, replay_commands, undecided, why_not
from .status import Status

SCHEMA = "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/main/sarif-2.1/schema/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"

SourceLines = Mapping[tuple[str, str], tuple[str, int]]
"""The file and line of each kernel by op and part; that of the tape by ("", "engine")."""

RULES = {
    "forward": "The forward kernel does not compute the op's formula",
    "vjp": "The VJP kernel is not the derived VJP",
    "jvp": "The JVP kernel is not the derived JVP",
    "engine": "The tape's reverse loop is not the recursion",
}
_QUANTITIES = {"primal": "forward", "cotangent": "vjp", "tangent": "jvp"}

MOST_NOTIFICATIONS = 1000
LONGEST = 10_000
"""Units: characters."""


def sarif(report: Report, lines: SourceLines, repository: Path, folder: str) -> bytes:
    """The log; `repository` is the folder that paths are relative to, `folder` where the report is kept."""
    found = refuted(report.rows)
    placed: dict[tuple[str, str], list[Row]] = {}
    for row in found:
        kernel = (row.op, _kernel(row))
        if kernel in lines:
            placed.setdefault(kernel, []).append(row)
    commands = replay_commands(report, folder)
    results = [_result(kernel, rows, lines[kernel], repository, commands) for kernel, rows in placed.items()]
    unplaced = [row for row in found if (row.op, _kernel(row)) not in lines]
    run = {
        "tool": {"driver": {"name": "backproof", "version": report.version, "rules": list(map(_rule, RULES))}},
        "originalUriBaseIds": {ROOT: {"description": {"text": "The repository that was checked out."}}},
        "invocations": [
            {
                "executionSuccessful": not report.interrupted,
                "exitCode": report.status,
                "exitCodeDescription": SAID.get(Status(report.status), "every obligation is met"),
                "toolExecutionNotifications": list(_notifications(report, unplaced)),
            }
        ],
        "results": results,
        "columnKind": "unicodeCodePoints",
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _kernel(row: Row) -> str:
    """Which kernel is to blame: the one that the claim is about, else the one whose quantity differs first."""
    if row.family is Family.ENGINE:
        return "engine"
    if part_of(row) in RULES:
        return part_of(row)
    found = row.counterexample
    values = () if found is None else (*found.leaves, *found.nodes)
    differing = {sides.quantity for value in values for sides in value.sides if sides.differs}
    return next((kernel for quantity, kernel in _QUANTITIES.items() if quantity in differing), "forward")


def _rule(kernel: str) -> dict[str, Any]:
    return {
        "id": f"backproof/{kernel}",
        "shortDescription": {"text": RULES[kernel]},
        "fullDescription": {"text": f"{RULES[kernel]}: there is an input on which both were run in exact arithmetic and differ."},
        "defaultConfiguration": {"level": "error"},
    }


def _result(
    kernel: tuple[str, str], rows: Sequence[Row], place: tuple[str, int], repository: Path, commands: Mapping[str, str]
) -> dict[str, Any]:
    op, part = kernel
    first = rows[0]
    return {
        "ruleId": f"backproof/{part}",
        "ruleIndex": list(RULES).index(part),
        "level": "error",
        "kind": "fail",
        "message": {"text": _message(first, len(rows), commands.get(first.id))},
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(place[0], repository), "region": {"startLine": place[1]}}}],
        "partialFingerprints": {"opAndKernel/v1": one_line(f"{op}:{part}", LONGEST)},
        "occurrenceCount": len(rows),
        "properties": {"obligations": [printable(row.id, LONGEST) for row in rows]},
    }


def _message(row: Row, times: int, command: str | None) -> str:
    """The first refutation: its claim, how to see it again, and its values."""
    lines = [f"{row.op or 'the tape'}: refuted: {row.claim}: {row.detail}", f"{row.id}; obligations refuted: {times}"]
    if command is not None:
        lines.append(f"see it again: {command}")
    return printable("\n".join(lines if row.counterexample is None else [*lines, "", *draw(row.counterexample)]), LONGEST)


def _artifact(file: str, repository: Path) -> dict[str, str]:
    """The file by its path in the repository; one outside by its URI."""
    path = Path(file)
    if path.is_relative_to(repository):
        return {"uri": quote(path.relative_to(repository).as_posix()), "uriBaseId": ROOT}
    return {"uri": path.as_uri()}


def _notifications(report: Report, unplaced: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """What is refuted without a line, what is not met, and what is only tested."""
    said = [("error", f"refuted, without a source line: {row.id}: {row.detail}") for row in unplaced]
    said += [("warning", f"not met: {row.id}: {why_not(row)}: {row.detail}") for row in undecided(report.rows)]
    for level, text in said[:MOST_NOTIFICATIONS]:
        yield _notification(level, text)
    if len(said) > MOST_NOTIFICATIONS:
        yield _notification("error", f"and {len(said) - MOST_NOTIFICATIONS} more that are not met: see report.json")
    if report.status not in (Status.MET, Status.REFUTED):
        yield _notification("error", SAID.get(Status(report.status), SAID[Status.NOT_MET]))
    tested = len(only_tested(report.rows))
    yield _notification("note", f"not proved, and no proof was owed: {tested} of {len(report.rows)} obligations were tested")


def _notification(level: str, text: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": one_line(text, LONGEST)}}
