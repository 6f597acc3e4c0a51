"""What `backproof conventions` says: the derivative that each convention declares at each kink, and where they differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Protocol

from .report import Record


class Declared(Protocol):
    """One kink of one op, and by convention the weight of the branch above, or what else is declared."""

    @property
    def op(self) -> str: ...
    @property
    def kink(self) -> str: ...
    @property
    def where(self) -> str: ...
    @property
    def weights(self) -> Mapping[str, object]: ...


class KinkRecord(Record, frozen=True):
    """One kink: at it the derivative is w · above′ + (1 − w) · below′, with w as each convention says."""

    op: str
    kink: str
    where: str
    weights: dict[str, str]
    differ: bool


class ConventionsRecord(Record, frozen=True):
    """Every kink of every op."""

    kinks: tuple[KinkRecord, ...]


def conventions_record(found: Iterable[Declared]) -> ConventionsRecord:
    """The record of what is declared."""
    return ConventionsRecord(tuple(map(_kink, found)))


def conventions_text(record: ConventionsRecord) -> str:
    """A Markdown table, which a person reads as it is."""
    names = list(record.kinks[0].weights) if record.kinks else []
    lines = [("op", "kink", "where", *names, "differ"), ("---",) * (len(names) + 4)]
    lines += [
        (kink.op, kink.kink, kink.where, *(phrase(kink.weights[name]) for name in names), "yes" if kink.differ else "")
        for kink in record.kinks
    ]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _kink(each: Declared) -> KinkRecord:
    weights = {name: str(weight) for name, weight in each.weights.items()}
    return KinkRecord(each.op, each.kink, each.where, weights, len(set(weights.values())) > 1)


def phrase(weight: str) -> str:
    return _PHRASES.get(weight, f"{weight} of above")


_PHRASES: Mapping[str, str] = MappingProxyType(
    {
        "0": "below or first", "1": "above or last", "1/2": "half of each",
        "evenly": "an equal share of each", "none": "no derivative",
    }
)  # fmt: skip
"""Weights in words."""
