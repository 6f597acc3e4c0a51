"""Every row of a report for the page's own table: texts once, and rows as numbers of texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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


def table(rows: Iterable[Row], places: Places, budget: int) -> tuple[str, int]:
    """The rows as JSON that may stand in a script element, those that do not pass first; and how many fit in."""
    numbers: dict[str, int] = {}
    texts: list[str] = []
    told: list[list[Any]] = []

    def number(text: str) -> int:
        short = one_line(text, LONGEST)
        if short not in numbers:
            numbers[short] = len(texts)
            texts.append(short)
        return numbers[short]

    for row in sorted(rows, key=passes):
        known = len(texts)
        line = _line(row, places.of(row), number)
        budget -= len(_script(line)) + 1 + sum(len(_script(text)) + 1 for text in texts[known:])
        if budget < 0:
            break
        told.append(line)
    return _script({"texts": texts, "rows": told}), len(told)


def _line(row: Row, places: list[int], number: Callable[[str], int]) -> list[Any]:
    """Id, whether it passes, milliseconds, places; then the numbers of its texts."""
    why = "" if passes(row) else f"{why_not(row)}: {row.detail}" if row.detail else why_not(row)
    said = (row.family, row.op, row.verdict, row.claim, why, row.method, ", ".join(row.rests_on), "; ".join(row.assumptions), worst(row))
    return [one_line(row.id, LONGEST), int(passes(row)), round(1000 * row.cost.seconds), *places, *map(number, said)]


def worst(row: Row) -> str:
    """The worst errors in ulps that a row's notes tell, without where."""
    found = [(name.partition(":")[0], said.split()) for name, said in row.notes.items() if name.endswith("worst error, ulps")]
    return ", ".join(f"{form} {words[0]}" for form, words in found if words)


def _script(value: Any) -> str:
    return msgspec.json.encode(value).decode().translate(_OPENING)
