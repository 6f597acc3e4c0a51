"""Points near a case: where arithmetic cannot tell a branch at one, it may at the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...ir.exchange import Case

_STEPS = (0.25, -0.25, 0.125, 0.375, -0.5)
"""Shifts of the leaves, tried in turn until the arithmetic can tell every branch."""


def nearby(case: Case) -> Iterator[Case]:
    """The case itself, then with all its leaves shifted."""
    yield case
    for step in _STEPS:
        yield replace(case, leaves=tuple(leaf + step for leaf in case.leaves))
