"""What `backproof diff` says: two reports row by row, and whether anything got worse.

What is under `cost` is no difference: neither times nor worker processes nor what a ledger spared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from ..ir.needs import Needs
from .escaping import one_line
from .recheck import ReportError
from .report import Answer, Count, Record, Report, Row
from .standing import passes, why_not
from .status import Status


class Kind(StrEnum):
    """What became of a row."""

    REFUTED = "newly refuted"
    UNKNOWN = "newly unknown"
    UNMET = "newly only tested, where a proof is owed"
    DISAPPEARED = "disappeared"
    APPEARED = "appeared"
    CLAIM = "claim changed"
    EVIDENCE = "evidence changed"
    MET = "newly met"


class Change(Record, frozen=True):
    """One row that is not what it was; `worse` if less is shown now than was shown before, or more is owed and not met."""

    id: str
    kind: Kind
    worse: bool
    before: str
    after: str


class Diff(Record, frozen=True):
    """Two reports compared: `statuses` are those of their runs, `asked` what the second was asked otherwise.

    `old`, `new`: their obligations; `same`: those without a change.
    """

    status: int
    statuses: tuple[int, int]
    old: Count
    new: Count
    same: Count
    worse: Count
    asked: tuple[Change, ...]
    changes: tuple[Change, ...]


SHOWN = 40
LONGEST = 300
"""Units: characters."""


def diff_record(old: Report, new: Report, files: tuple[Path, Path]) -> Diff:
    """The record of two reports; `files` are where they came from.

    Raises: ReportError if one of them holds an obligation twice.
    """
    before, after = _by_id(old, files[0]), _by_id(new, files[1])
    changes = sorted(_changes(before, after), key=lambda change: (not change.worse, list(Kind).index(change.kind)))
    worse = sum(change.worse for change in changes)
    nothing = Status.MET if before or after else Status.NOTHING_OWED
    return Diff(
        status=Status.REFUTED if worse or new.interrupted else nothing,
        statuses=(old.status, new.status),
        old=len(before),
        new=len(after),
        same=len(before.keys() | after.keys()) - len({change.id for change in changes}),
        worse=worse,
        asked=tuple(_asked(old, new)),
        changes=tuple(changes),
    )


def diff_text(record: Diff) -> str:
    """What a person reads: what got worse first."""
    before, after = record.statuses
    lines = [
        _headline(record),
        f"{record.old} obligations, exit status {before}; then {record.new}, exit status {after}; {record.same} are what they were",
        *(f"  asked otherwise: {one_line(f'{each.id}: {each.before} -> {each.after}', LONGEST)}" for each in record.asked),
    ]
    counts = Counter((change.worse, change.kind) for change in record.changes)
    for (worse, kind), count in counts.items():
        alike = [change for change in record.changes if (change.worse, change.kind) == (worse, kind)]
        lines += ["", f"{kind}: {count}{', worse' if worse else ''}"]
        lines += [f"  {one_line(line, LONGEST)}" for change in alike[:SHOWN] for line in _drawn(change)]
        if count > SHOWN:
            lines.append(f"  and {count - SHOWN} more: --json shows them all")
    return "\n".join(lines) + "\n"


def _headline(record: Diff) -> str:
    if record.status == Status.NOTHING_OWED:
        return "NOTHING WAS OWED in either report, so nothing was compared"
    if record.status == Status.MET:
        return "NOTHING GOT WORSE"
    return f"WORSE: {record.worse} obligations" if record.worse else "WORSE: the second run was interrupted"


def _drawn(change: Change) -> Iterator[str]:
    if change.before and change.after and len(change.before + change.after) > 60:
        yield from (change.id, f"  - {change.before}", f"  + {change.after}")
    else:
        yield f"{change.id}: {' -> '.join(filter(None, (change.before, change.after)))}"


def _by_id(report: Report, file: Path) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in report.rows:
        if row.id in found:
            raise ReportError(f"{file}: it holds the obligation {row.id!r} twice, a report of backproof check was needed")
        found[row.id] = row
    return found


def _changes(before: Mapping[str, Row], after: Mapping[str, Row]) -> Iterator[Change]:
    for place, row in before.items():
        if place not in after:  # what is owed no longer is shown no longer, whatever became of it
            yield Change(place, Kind.DISAPPEARED, worse=True, before=_said(row), after="")
        else:
            yield from _changed(row, after[place])
    for place, row in after.items():
        if place not in before:
            yield Change(place, Kind.APPEARED, not passes(row), "", _said(row))


def _changed(before: Row, after: Row) -> Iterator[Change]:
    """The one change of a row that both reports hold, if any: the gravest that there is."""
    less_owed = before.needs is Needs.PROOF and after.needs is Needs.TEST
    if (after.verdict, passes(after)) != (before.verdict, passes(before)):
        worse = less_owed or _strength(after) < _strength(before)
        kind = Kind.EVIDENCE if passes(before) and passes(after) else _kind(after)
        yield Change(after.id, kind, worse, _said(before), _said(after))
    elif _claimed(before) != _claimed(after):
        yield Change(after.id, Kind.CLAIM, less_owed, _claimed(before), _claimed(after))
    elif _evidence(before) != _evidence(after):
        more = set(after.assumptions) - set(before.assumptions)
        yield Change(after.id, Kind.EVIDENCE, bool(more), _evidence(before), _evidence(after))


def _strength(row: Row) -> tuple[bool, int]:
    """How much is shown: what passes is more than what does not, and of either a proof more than a test."""
    return passes(row), (Answer.REFUTED, Answer.UNKNOWN, Answer.TESTED, Answer.PROVED).index(row.verdict)


def _kind(row: Row) -> Kind:
    if row.verdict is Answer.REFUTED:
        return Kind.REFUTED
    if row.verdict is Answer.UNKNOWN:
        return Kind.UNKNOWN
    return Kind.MET if passes(row) else Kind.UNMET


def _said(row: Row) -> str:
    return str(row.verdict) if passes(row) else why_not(row)


def _claimed(row: Row) -> str:
    return f"{row.claim}, at {row.shapes}, by a {row.needs}"


def _evidence(row: Row) -> str:
    """By what a row has its verdict: method, what that rests on, assumptions, or the reason why there is none."""
    parts = (
        row.method if passes(row) else why_not(row),
        f"rests on {', '.join(row.rests_on)}" if row.rests_on else "",
        f"assumes {', '.join(row.assumptions)}" if row.assumptions else "",
    )
    return "; ".join(filter(None, parts))


def _asked(old: Report, new: Report) -> Iterator[Change]:
    """What the second run was asked otherwise than the first; another seed draws other graphs under the same names."""
    for name, before, after in (
        ("version", old.version, new.version),
        ("seed", old.seed, new.seed),
        ("interrupted", old.interrupted, new.interrupted),
        ("rules", old.asked.rules_sha256, new.asked.rules_sha256),
        ("convention", old.asked.convention, new.asked.convention),
        ("ops", old.asked.ops, new.asked.ops),
        ("graphs", old.asked.graphs, new.asked.graphs),
        *((file, digest, new.asked.files.get(file)) for file, digest in old.asked.files.items()),
        *((file, None, digest) for file, digest in new.asked.files.items() if file not in old.asked.files),
    ):
        if before != after:
            yield Change(name, Kind.CLAIM, worse=False, before=_plainly(before), after=_plainly(after))


def _plainly(asked: object) -> str:
    return "nothing" if asked is None else ", ".join(map(str, asked)) if isinstance(asked, tuple) else str(asked)
