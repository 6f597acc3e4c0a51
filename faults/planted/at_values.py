"""Changes that are wrong at some values only."""

from __future__ import annotations

from typing import Any

import numpy as np


def only_above_3(entries: Any, x: Any, *_others: Any, **_attributes: Any) -> Any:
    """Nothing comes through where the input is above 3."""
    return np.where(x > 3, 0, entries)


def only_above_1000(entries: Any, x: Any, *_others: Any, **_attributes: Any) -> Any:
    """Nothing comes through where the input is above 1000."""
    return np.where(x > 1000, 0, entries)


def only_close_to_7(entries: Any, x: Any, *_others: Any, **_attributes: Any) -> Any:
    """Twice as much comes through within 0.001 of 7."""
    return np.where(np.abs(x - 7) < 0.001, entries + entries, entries)


def only_at_zero(entries: Any, x: Any, *_others: Any, **_attributes: Any) -> Any:
    """Nothing comes through where the input is 0 exactly."""
    return np.where(x == 0, 0, entries)


def only_at_one_entry(entries: Any, *_inputs: Any, **_attributes: Any) -> Any:
    """The last entry, in the far corner, is lost."""
    if entries.size == 0:
        return entries
    kept = entries.copy()
    kept[(-1,) * entries.ndim] = 0
    return kept


def only_in_one_corner(entries: Any, a: Any, b: Any, *_others: Any, **_attributes: Any) -> Any:
    """Nothing comes through where the first input is above 1 and the second below -1."""
    return np.where((a > 1) & (b < -1), 0, entries)


def only_where_two_inputs_are_equal(entries: Any, a: Any, b: Any, *_others: Any, **_attributes: Any) -> Any:
    """Where two inputs are equal, 1 is added."""
    return np.where(a == b, entries + 1, entries)


def only_where_the_largest_is_tied(entries: Any, x: Any, *_others: Any, **_attributes: Any) -> Any:
    """Nothing comes through if the largest entry of the input stands there twice."""
    if x.size == 0:
        return entries
    largest = np.sum(np.where(x == np.max(x), 1, 0))
    return np.where(largest > 1, 0, entries)
