"""A report as text for a terminal: the answer, what was checked, and at the end, where a person looks, what failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from textwrap import wrap

from ..equivalence.family import Family
from .counterexample import draw
from .escaping import WHOLE, printable
from .report import Answer, Report, Row, RunCost
from .standing import replay_commands
from .status import Status
from .touched import touched

SHOWN_REFUTATIONS = 3
SHOWN_UNKNOWNS = 8
WIDTH = 110


def summary(report: Report, folder: str | None, ledger: str | None) -> str:
    """What a person reads; `folder` is where the report was kept, and `ledger` where proofs are, if anywhere."""
    parts = [
        _headline(report),
        _by_family(report.rows),
        _named(report.rows),
        _lemmas(report.rows),
        _graphs(report),
        _findings(report.rows),
        "\n".join((*touched(report.cost), *taken(report.cost, len(report.rows), ledger), *_again(report.cost), _repeat(report, folder))),
        _open(report.rows),
        *_refutations(report, folder),
        "" if report.status == Status.MET else _headline(report),
    ]
    return printable("\n\n".join(part for part in parts if part) + "\n", WHOLE)


def taken(cost: RunCost, owed: int, ledger: str | None) -> tuple[str, ...]:
    """How much an earlier run decided, in a line, if there is a ledger."""
    return () if ledger is None else (f"taken from the ledger {ledger}: {cost.from_ledger} of {owed} obligations",)


def _again(cost: RunCost) -> tuple[str, ...]:
    return (f"decided again, because a worker process died: {cost.done_again} obligations",) if cost.done_again else ()


def _headline(report: Report) -> str:
    owed, counts = len(report.rows), report.counts
    match Status(report.status):
        case Status.MET:
            said = f"MET: all {owed} obligations"
        case Status.REFUTED:
            said = f"REFUTED: {counts.refuted} of {owed} obligations"
        case Status.NOTHING_OWED:
            said = "NOT MET: nothing was owed, so nothing was shown"
        case Status.INTERRUPTED:
            said = f"INTERRUPTED: {owed} obligations were decided, {counts.unmet} of them not met"
        case _:
            said = f"NOT MET: {counts.unmet} of {owed} obligations, none refuted"
    return f"{said} ({report.cost.seconds:.1f} s)"


def _by_family(rows: Sequence[Row]) -> str:
    lines = [f"{'':8}{'owed':>8}" + "".join(f"{answer:>9}" for answer in Answer) + f"{'not met':>9}"]
    for family in Family:
        mine = [row for row in rows if row.family is family]
        counts = Counter(row.verdict for row in mine)
        unmet = sum(not row.met for row in mine)
        lines.append(
            f"{family:8}{len(mine):>8}" + "".join(f"{counts[answer]:>9}" for answer in Answer) + f"{unmet:>9}"
        )
    return "\n".join(lines)


def _named(rows: Sequence[Row]) -> str:
    """The theorem in one line, and each graph file in one."""
    lemmas = [row for row in rows if row.id.startswith("theorem:")]
    lines = [f"the theorem: {sum(row.met for row in lemmas)} of {len(lemmas)} lemmas proved"] if lemmas else []
    files: dict[str, list[str]] = {}
    for row in rows:
        kind, _, rest = row.id.partition(":")
        name = rest.rpartition(":")[0]
        if kind == "graph" and not name.startswith("generated-"):
            files.setdefault(name, []).append(f"{row.family} {row.verdict}")
    return "\n".join([*lines, *(f"{name}: {', '.join(said)}" for name, said in files.items())])


def _lemmas(rows: Sequence[Row]) -> str:
    """How many rules were proved for all sizes, and how many of these were decided a second time."""
    proved = [row for row in rows if row.id.startswith("lemma:") and row.verdict is Answer.PROVED]
    again = sum(any(name.startswith("decided again") for name in row.notes) for row in proved)
    return f"{len(proved)} rules proved for all sizes, {again} of them by evaluation up to a bound too" if proved else ""


def _findings(rows: Sequence[Row]) -> str:
    """What kernels lose in floats that their problem does not: the worst of each kind and format, and how many rows have some."""
    found = [(name, said, row.id) for row in rows for name, said in row.notes.items() if "inside a kernel" in name]
    worst = {name: (said, row) for name, said, row in sorted(found, key=lambda each: float(each[1].split()[0]))}
    lines = [f"{name}: {said} ({row})" for name, (said, row) in sorted(worst.items())]
    return "\n".join([f"lost in floats inside kernels, in {len({row for *_, row in found})} rows; the worst:", *lines]) if found else ""


def _graphs(report: Report) -> str:
    counted = report.distributions
    if not counted.graphs:
        return ""
    spread = "   ".join(
        f"{name} {_spread(table)}"
        for name, table in (("nodes", counted.nodes), ("depth", counted.depth), ("fan-out", counted.fan_out),
                            ("rank", counted.rank))
    )
    share = 100 * counted.zero_size / max(counted.values, 1)
    lines = [
        f"{counted.graphs} generated graphs (least / median / most): {spread}   zero-size values {share:.0f}%",
        _listed("showing", counted.features),
        _listed("draws", report.draws),
    ]
    return "\n".join(lines)


def _spread(table: Mapping[int, int]) -> str:
    return f"{min(table)}/{_median(table)}/{max(table)}"


def _median(table: Mapping[int, int]) -> int:
    """The lower median of counted numbers."""
    middle, seen = (sum(table.values()) + 1) // 2, 0
    for number in sorted(table):
        seen += table[number]
        if seen >= middle:
            return number
    return 0


def _listed(what: str, counts: Mapping[str, int]) -> str:
    text = f"  {what}: " + ", ".join(f"{name} {times}" for name, times in counts.items())
    return "\n".join(wrap(text, WIDTH, subsequent_indent="    "))


def _refutations(report: Report, folder: str | None) -> list[str]:
    """How many more there are than the first of each op, then these."""
    refuted = [row for row in report.rows if row.verdict is Answer.REFUTED]
    firsts = {_subject(row): row for row in reversed(refuted)}
    shown = [row for row in refuted if row is firsts[_subject(row)]][:SHOWN_REFUTATIONS]
    texts = [_refutation(row, report, folder) for row in shown]
    rest = Counter(_subject(row) for row in refuted) - Counter(map(_subject, shown))
    if rest:
        texts.insert(0, "also refuted: " + ", ".join(f"{subject} ({times})" for subject, times in sorted(rest.items())))
    return texts


def _subject(row: Row) -> str:
    return row.op or f"{row.family} obligations"


def _refutation(row: Row, report: Report, folder: str | None) -> str:
    lines = [f"refuted ({row.reason}): {row.id}", f"  {row.claim}"]
    if not row.detail.startswith(row.claim):
        lines.append(f"  {row.detail}")
    if row.counterexample is not None:
        lines.extend(f"  {line}".rstrip() for line in draw(row.counterexample))
        lines.append(f"  {_replay(row, report, folder)}")
    return "\n".join(lines)


def _replay(row: Row, report: Report, folder: str | None) -> str:
    if folder is None:
        return "to keep and replay it: the same command with --out DIR"
    return f"see it again: {replay_commands(report, folder)[row.id]}"


def _open(rows: Sequence[Row]) -> str:
    undecided = [row for row in rows if not row.met and row.verdict is not Answer.REFUTED]
    lines = [f"not met: {row.id}: {row.verdict}, {row.reason or row.method}: {row.detail}"
             for row in undecided[:SHOWN_UNKNOWNS]]
    if len(undecided) > SHOWN_UNKNOWNS:
        reasons = Counter(row.reason or row.verdict for row in undecided[SHOWN_UNKNOWNS:])
        lines.append("and not met: " + ", ".join(f"{times} {reason}" for reason, times in sorted(reasons.items())))
    return "\n".join(lines)


def _repeat(report: Report, folder: str | None) -> str:
    kept = "" if folder is None else f"; the whole report is {folder}/report.json, and a page to read {folder}/report.html"
    return f"seed {report.seed}{kept}"
