"""A claim: a command, the figures that are read from what it prints, and what must hold of each."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

Read = Callable[[Any], float]
"""A figure from the document that a command prints."""

_HOLDS: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {"=": operator.eq, ">=": operator.ge, "<=": operator.le}
)


@dataclass(frozen=True, slots=True)
class Bound:
    """What must hold of a figure, such as >= 0.95."""

    sign: str
    limit: float

    def holds(self, figure: float) -> bool:
        """Whether it does. No number, as of a command that printed none, holds nothing."""
        return _HOLDS[self.sign](figure, self.limit)

    def __str__(self) -> str:
        return f"{self.sign} {self.limit:g}"


EXACTLY_0 = Bound("=", 0)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure by name; `bound` is None for what is told and asked nothing of, as seconds are."""

    name: str
    read: Read
    bound: Bound | None


@dataclass(frozen=True, slots=True)
class Claim:
    """What a page says, and the command that shows it.

    The command must end with one of `statuses`. `parse` makes a document of what it prints. `packages` are those that it
    needs beside the default ones, `before` what is run first.
    """

    name: str
    says: str
    where: tuple[str, ...]
    command: tuple[str, ...]
    parse: Callable[[str], Any]
    figures: tuple[Figure, ...]
    statuses: tuple[int, ...] = (0,)
    environment: tuple[tuple[str, str], ...] = ()
    packages: tuple[str, ...] = ()
    before: tuple[tuple[str, ...], ...] = ()
