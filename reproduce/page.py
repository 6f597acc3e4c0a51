"""docs/results.md, from what came of every claim."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence

from outcome import Outcome


def page(outcomes: Sequence[Outcome], environment: Mapping[str, str]) -> str:
    """The whole page."""
    failed = [each.claim.name for each in outcomes if not each.holds]
    said = f"**Not repeated: {', '.join(failed)}.**" if failed else f"All {len(outcomes)} claims were repeated."
    seconds = sum(each.seconds for each in outcomes)
    return "\n".join(
        [
            "# Results",
            "",
            "`make reproduce` runs every claim of the README and of these pages from fixed seeds, and writes this page. A figure that no longer",
            "holds fails, by name, with exit status 1. `make reproduce CLAIMS=\"theorem ops\"` runs some of them, and leaves the page as it is.",
            "Seconds are told, and nothing is asked of them.",
            "",
            f"{said} It took {seconds / 60:.0f} minutes.",
            "",
            "| | |",
            "|---|---|",
            *(f"| {name} | {value} |" for name, value in environment.items()),
            "",
            *(line for each in outcomes for line in _section(each)),
        ]
    )


def _section(outcome: Outcome) -> Iterator[str]:
    claim = outcome.claim
    yield f"## {claim.name}"
    yield ""
    yield f"{claim.says} ({', '.join(_link(page) for page in claim.where)})"
    yield ""
    prefix = [f"{name}={value}" for name, value in claim.environment]
    yield f"    {' '.join([*prefix, shlex.join(claim.command)])}"
    yield ""
    if outcome.problem:
        yield f"**It does not hold: {outcome.problem}**"
        yield ""
    yield "| figure | came | must be | |"
    yield "|---|---|---|---|"
    for figure, value in outcome.figures:
        asked = "" if figure.bound is None else str(figure.bound)
        holds = "" if figure.bound is None else "holds" if figure.bound.holds(value) else "**DOES NOT HOLD**"
        yield f"| {figure.name} | {value:g} | {asked} | {holds} |"
    yield f"| wall clock, seconds | {outcome.seconds:.0f} | | |"
    yield ""


def _link(page: str) -> str:
    """To a page, from the folder docs."""
    return f"[{page}]({page.removeprefix('docs/') if page.startswith('docs/') else '../' + page})"
