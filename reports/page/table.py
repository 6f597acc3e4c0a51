"""Every row of a report for the page's own table: texts once, and rows as numbers of texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from ..escaping import one_line
from ..report import Row
from ..standing import passes, why_not

LONGEST = 400
"""Units: characters."""

_OPENING = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
"""What may not stand in a script element as it is."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where on the page more is said of a row, by its id: the numbers of its refutation, its question and its graph."""

    refutations: Mapping[str, int]
    questions: Mapping[str, int]
    graphs: Mapping[str, int]

    def of(self, row: Row) -> list[int]:
        """The three numbers, 0 where there is nothing."""
        graph = row.id.removeprefix("graph:").rpartition(":")[0] if row.id.startswith("graph:") else ""
        return [self.refutations.get(row.id, 0), self.questions.get(row.id, 0), self.graphs.get(graph, 0)]


class _Texts:
    """Texts by number, each once; and the bytes that those which are new will take."""

    def __init__(self) -> None:
        self.numbers: dict[Any, int] = {"": 0}
        self.taken = 0

    def number(self, text: Any) -> int:
        """The number of a text, or of a list of numbers."""
        if text not in self.numbers:
            self.numbers[text] = len(self.numbers)
            self.taken += len(_script(text)) + 1
        return self.numbers[text]


def table(rows: Iterable[Row], places: Places, budget: int) -> tuple[str, int]:
    """The rows as JSON that may stand in a script element, those that do not pass first; and how many fit in.

    A row is the numbers of the two halves of its id, milliseconds, the number of its kind, that of its errors, and its
    places, without zeros at the end. A kind is whether it passes and the numbers of the texts that many rows share.
    """
    texts, kinds = _Texts(), _Texts()
    kind_of: dict[tuple[object, ...], int] = {}  # thousands of rows are of a few kinds
    told: list[list[int]] = []
    known = (0, 0)
    for row in sorted(rows, key=passes):
        line = _line(row, places.of(row), texts, _kind(row, texts, kinds, kind_of))
        budget -= len(_script(line)) + 1 + texts.taken + kinds.taken
        if budget < 0:
            break
        texts.taken = kinds.taken = 0
        known = (len(texts.numbers), len(kinds.numbers))
        told.append(line)
    held = {"texts": [*texts.numbers][: known[0]], "kinds": [*kinds.numbers][: known[1]], "rows": told}
    return _script(held), len(told)


def _line(row: Row, places: list[int], texts: _Texts, kind: int) -> list[int]:
    stem, colon, part = one_line(row.id, LONGEST).rpartition(":")
    line = [texts.number(stem + colon), texts.number(part), round(1000 * row.cost.seconds), kind]
    line += [texts.number(one_line(worst(row), LONGEST)), *places]
    while not line[-1]:
        line.pop()
    return line


def _kind(row: Row, texts: _Texts, kinds: _Texts, known: dict[tuple[object, ...], int]) -> int:
    why = "" if passes(row) else f"{why_not(row)}: {row.detail}" if row.detail else why_not(row)
    said = (passes(row), row.family, row.op, row.verdict, row.claim, why, row.method, row.rests_on, row.assumptions)
    if said not in known:
        shown = (*said[1:7], ", ".join(row.rests_on), "; ".join(row.assumptions))
        known[said] = kinds.number((int(passes(row)), *(texts.number(one_line(str(text), LONGEST)) for text in shown)))
    return known[said]


def worst(row: Row) -> str:
    """The worst errors in ulps that a row's notes tell, without where."""
    found = [(name.partition(":")[0], said.split()) for name, said in row.notes.items() if name.endswith("worst error, ulps")]
    return ", ".join(f"{form} {words[0]}" for form, words in found if words)


def _script(value: Any) -> str:
    return msgspec.json.encode(value).decode().translate(_OPENING)
