"""The code blocks of the pages: what is to be run, what is shown of it, and where a page says that it is run elsewhere.

A comment before a block says what a reader sees from the text: `<!-- snippet: file=wrong.py; status=1 -->`.

file       the block is the content of this file; later commands of the page use it
status     what the commands end with, 0 if not said
evidence   a reason: it runs at full size alone, by `make evidence`
elsewhere  a reason: no test of pages runs it
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

LANGUAGES = {"python", "sh", "json", "text", "yaml"}
MARKS = {"file", "status", "evidence", "elsewhere"}

_FENCE = re.compile(r"^```(\S*)$")
_MARK = re.compile(r"^<!-- snippet: (.*) -->$")


@dataclass(frozen=True)
class Snippet:
    """One block: the line of its page that opens it, its language, its text and its marks."""

    line: int
    language: str
    text: str
    marks: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """What its commands end with."""
        return int(self.marks.get("status", "0"))

    @property
    def commands(self) -> list[str]:
        """Its lines, those that are continued as one."""
        return [line for line in self.text.replace("\\\n", " ").splitlines() if line.strip()]


def snippets(page: Path) -> list[Snippet]:
    """The blocks of a page in order."""
    return list(_blocks(page.read_text().splitlines()))


def _blocks(lines: list[str]) -> Iterator[Snippet]:
    opened: int | None = None
    for number, line in enumerate(lines, start=1):
        fence = _FENCE.match(line.strip())
        if fence is None:
            continue
        if opened is None:
            opened = number
            continue
        language = _FENCE.match(lines[opened - 1].strip())
        yield Snippet(opened, language[1] if language else "", "\n".join(lines[opened : number - 1]) + "\n", _marks(lines, opened))
        opened = None


def _marks(lines: list[str], opened: int) -> dict[str, str]:
    found = _MARK.match(lines[opened - 2].strip()) if opened > 1 else None
    if found is None:
        return {}
    return dict(each.strip().split("=", 1) for each in found[1].split("; "))


def is_shown(shown: str, printed: str) -> bool:
    """Whether each line shown is printed, in this order; `…` stands for anything, alone on a line for any lines."""
    lines = iter(printed.splitlines())
    wanted = [line.rstrip() for line in shown.splitlines() if line.strip() not in ("", "…")]
    patterns = [".*".join(map(re.escape, line.split("…"))) for line in wanted]
    return bool(patterns) and all(any(re.fullmatch(pattern, line.rstrip()) for line in lines) for pattern in patterns)
