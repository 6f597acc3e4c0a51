"""What is noted of float runs beside the verdict: the worst error and where it was, and findings; each a number first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...ir.exchange import Case
from ..kernel.numbers.formats import Format
from ..kernel.verdict import Refuted, Tested, Verdict

ENTRIES = "entries"
"""How many entries were compared."""

WORST, WORST_WIDE = "worst error, ulps", "worst error over exponent ranges, ulps"

Notes = tuple[tuple[str, str], ...]

_WIDTH = 160
"""Characters of an input that are shown."""


def worst_note(format_: Format, ulps: float, where: str, case: Case) -> tuple[str, str]:
    """The worst error of a case, where it was, and at which leaves."""
    return f"{format_.name}: {WORST}", f"{ulps:.3g} in {where}, leaves {shown(case)}"


def shown(case: Case) -> str:
    """The leaves of a case, cut."""
    text = "; ".join(str(leaf.tolist()) for leaf in case.leaves)
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]}..."


def over_exponents(notes: Notes) -> Notes:
    """The notes of a case at small or large magnitudes."""
    return tuple((name.replace(WORST, WORST_WIDE), said) for name, said in notes)


def together(answers: Sequence[tuple[Verdict, Notes]], detail: str) -> tuple[Verdict, Notes]:
    """Tested if all are, with the entries of all and the largest of each other note; else a refutation, if there is one."""
    weaker = [verdict for verdict, _notes in answers if not isinstance(verdict, Tested)]
    if weaker:
        return next((verdict for verdict in weaker if isinstance(verdict, Refuted)), weaker[0]), ()
    entries = sum(verdict.points for verdict, _notes in answers if isinstance(verdict, Tested))
    largest = largest_of(note for _verdict, notes in answers for note in notes)
    return Tested(entries, detail), tuple({**largest, ENTRIES: str(entries)}.items())


def largest_of(notes: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Of the notes of each name the one with the largest number."""
    largest: dict[str, str] = {}
    for name, said in notes:
        largest[name] = max(largest.get(name, said), said, key=figure)
    return largest


def figure(said: str) -> float:
    """The number with which a note begins."""
    return float(said.split()[0])
