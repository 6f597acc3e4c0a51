"""docs/results.md, from what came of every claim."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence

from repetition import Outcome

_SECTION = "\n## "
_FAILED = ("**It does not hold", "**DOES NOT HOLD**")


def page(outcomes: Sequence[Outcome], environment: Mapping[str, str]) -> str:
    """The whole page."""
    said = _said({each.claim.name: each.holds for each in outcomes})
    seconds = sum(each.seconds for each in outcomes)
    return "\n".join(
        [
            "# Results",
            "",
            "`make reproduce` runs every claim of the README and of these pages from fixed seeds, and writes this page. A figure that no longer",
            "holds fails, by name, with exit status 1. `make reproduce CLAIMS=\"theorem ops\"` runs some of them again, and says of each where.",
            "Seconds are told, and nothing is asked of them.",
            "",
            said,
            "",
            f"The whole took {seconds / 60:.0f} minutes.",
            "",
            "| | |",
            "|---|---|",
            *(f"| {name} | {value} |" for name, value in environment.items()),
            "",
            *(line for each in outcomes for line in _section(each)),
        ]
    )


def replaced(text: str, outcomes: Sequence[Outcome], environment: Mapping[str, str]) -> str:
    """A page with the sections of claims that were repeated alone, each with its commit, in place of what it said of them."""
    head, *sections = text.split(_SECTION)
    held = {section.partition("\n")[0]: section for section in sections}
    for each in outcomes:
        lines = [*_section(each), f"Repeated alone, at commit {environment['commit']}.", ""]
        held[each.claim.name] = "\n".join(lines).removeprefix("## ")
    before = _said({section.partition("\n")[0]: _holds(section) for section in sections})
    after = _said({name: _holds(section) for name, section in held.items()})
    return _SECTION.join((head.replace(before, after), *held.values()))


def _holds(section: str) -> bool:
    return not any(mark in section for mark in _FAILED)


def _said(holds: Mapping[str, bool]) -> str:
    failed = [name for name, each in holds.items() if not each]
    return f"**Not repeated: {', '.join(failed)}.**" if failed else f"All {len(holds)} claims were repeated."


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
