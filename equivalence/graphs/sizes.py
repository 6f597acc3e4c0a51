"""What the size of a graph lets be done with it."""

from __future__ import annotations

from ...ir.exchange import Case

MOST_OF_A_VALUE = 64
"""A graph with a larger value is not compared entry by entry in exact numbers: its rules and its engine are proved apart."""

MOST_DIRECTED = 100_000
"""A graph with more entries in all is not run in exact numbers."""

MOST_BOUNDED = 250_000
"""A graph with more entries in all is not run on tracked numbers."""


def is_small(case: Case) -> bool:
    """Whether a case is run end to end, entry by entry."""
    return all(seed.size <= MOST_OF_A_VALUE for seed in case.seeds)


def can_be_directed(case: Case) -> bool:
    """Whether a case is small enough to be run in exact numbers at all."""
    return _entries(case) <= MOST_DIRECTED


def can_be_bounded(case: Case) -> bool:
    """Whether a case is small enough for a bound on the error of every float."""
    return _entries(case) <= MOST_BOUNDED


def _entries(case: Case) -> int:
    return sum(seed.size for seed in case.seeds)
