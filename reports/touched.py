"""What a run since a revision says of it: what changed, and what was decided for that."""

from __future__ import annotations

from textwrap import wrap

import msgspec

from .report import Report, RunCost, Since

WIDTH = 110
MOST_NAMES = 20


def with_since(report: Report, since: Since) -> Report:
    """The report of a run that was asked to compare with a revision."""
    return msgspec.structs.replace(report, cost=msgspec.structs.replace(report.cost, since=since))


def touched(cost: RunCost) -> tuple[str, ...]:
    """Its lines, for a terminal; none if no revision was named."""
    if cost.since is None:
        return ()
    since = cost.since
    files = f"since {since.revision} ({since.commit[:12]}): {_counted(since.changed)} changed"
    if since.matter:
        said = f"{files}, {len(since.matter)} that a verdict may depend on: {_named(since.matter)}"
    else:
        said = f"{files}, and nothing that a verdict depends on changed"
    return (*_wrapped(said), *_wrapped(f"decided in this run: {_named(cost.decided) or 'nothing'}"))


def _counted(files: tuple[str, ...]) -> str:
    return "1 file" if len(files) == 1 else f"{len(files)} files"


def _named(names: tuple[str, ...]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join(names if more <= 0 else [*names[:MOST_NAMES], f"and {more} more"])


def _wrapped(text: str) -> list[str]:
    return wrap(text, WIDTH, subsequent_indent="  ", break_on_hyphens=False)
