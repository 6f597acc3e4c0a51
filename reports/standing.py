"""Which rows of a report pass, and why the others do not: the same for every file that is made of it."""

from __future__ import annotations

from collections.abc import Iterable
from shlex import quote

from ..ir.needs import Needs
from .files import refutation_names
from .report import Answer, Report, Row
from .status import Status

SAID = {
    Status.REFUTED: "refuted",
    Status.NOT_MET: "not met",
    Status.NOTHING_OWED: "nothing was owed, so nothing was shown",
    Status.INTERRUPTED: "interrupted: only what was decided until then is reported",
}
"""Why a run is not green."""


def passes(row: Row) -> bool:
    """Whether a row is an explicit yes, as strong as was owed."""
    return row.met and (row.verdict is Answer.PROVED or (row.verdict is Answer.TESTED and row.needs is Needs.TEST))


def refuted(rows: Iterable[Row]) -> list[Row]:
    """The rows with a counterexample, or said to have one."""
    return [row for row in rows if row.verdict is Answer.REFUTED]


def undecided(rows: Iterable[Row]) -> list[Row]:
    """The rows that neither pass nor are refuted."""
    return [row for row in rows if not passes(row) and row.verdict is not Answer.REFUTED]


def only_tested(rows: Iterable[Row]) -> list[Row]:
    """The rows that pass without a proof, since a test was all that was owed."""
    return [row for row in rows if passes(row) and row.verdict is not Answer.PROVED]


def why_not(row: Row) -> str:
    """Why a row does not pass, in a few words."""
    if row.verdict is Answer.TESTED:
        return f"tested at {row.method}, where a {row.needs} is needed"
    return f"{row.verdict}: {row.reason}" if row.reason else str(row.verdict)


def replay_commands(report: Report, folder: str) -> dict[str, str]:
    """The command that shows each refutation again, by the row's id."""
    names = refutation_names(report)
    return {each: f"backproof replay {quote(f'{folder}/refutations/{name}')}{_options(report)}" for each, name in names.items()}


def _options(report: Report) -> str:
    rules = "" if report.rules is None else f" --rules {quote(report.rules)}"
    return rules + ("" if report.asked.convention == "torchlean" else f" --convention {report.asked.convention}")
