"""How figures are read from what commands print."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from claim import Read


def at(*path: str) -> Read:
    """The figure at a path of a document."""

    def read(document: Any) -> float:
        for key in path:
            document = document[key]
        return float(document)

    return read


def count(rows: str, holds: Callable[[Any], bool]) -> Read:
    """How many of a list of rows are so."""
    return lambda document: sum(map(holds, document[rows]))


def every(rows: str) -> Read:
    """How many rows there are."""
    return lambda document: len(document[rows])


def passed(text: str) -> dict[str, float]:
    """What pytest prints at its end: how many tests passed, failed and broke, and the figures that they recorded."""
    found = {word: 0.0 for word in ("passed", "failed", "error")}
    for number, word in re.findall(r"(\d+) (passed|failed|error)", text):
        found[word] = float(number)
    figures = re.findall(r"^(.+): ([-+0-9.e]+)$", text, re.MULTILINE)
    return {**found, **{name: float(value) for name, value in figures}}


def last_line(text: str) -> dict[str, float]:
    """The accuracy that the example prints."""
    found = re.search(r"test accuracy ([0-9.]+)", text)
    return {} if found is None else {"accuracy": float(found[1])}


def in_every_part(op: Any) -> bool:
    return {op[part] for part in ("forward", "vjp", "jvp", "adjoint")} == {"proved"}


def seconds(document: Any) -> float:
    return float(document["cost"]["seconds"])


FIRST_ORDER_IN_REVERSE = "autograd check_grads, order 1, reverse"


def call(found: Any, name: str) -> float:
    return float(found["rows"][name]["call"])


def fastest_peer(found: Any) -> float:
    """Of those that are called as usual: autograd's in reverse alone, once differentiated, is asked for by name."""
    return min(call(found, name) for name in found["rows"] if not name.startswith("backproof") and name != FIRST_ORDER_IN_REVERSE)


def nodes(row: Any) -> int:
    return len(row["counterexample"]["graph"]["nodes"])
