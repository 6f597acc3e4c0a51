"""Windows along the axes of a tensor: how many there are, and what they read where they reach beyond it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .definition import ShapeMismatch
from .formula import where


def window_count(n: Any, k: Any, s: Any, p: Any) -> Any:
    """W(n,k,s,p): the windows of k cells, s apart, that lie within n cells and p more on either side.

    Raises: ShapeMismatch unless k and s are at least 1 and p is at least 0.
    """
    _check(k, s, p)
    room = n + 2 * p - k
    return 0 if room < 0 else room // s + 1


def _check(k: Any, s: Any, p: Any) -> None:
    if k < 1 or s < 1 or p < 0:
        raise ShapeMismatch("windows have at least 1 cell, are at least 1 apart, and padding is at least 0")


def pooled_count(n: Any, k: Any, s: Any, p: Any) -> Any:
    """P(n,k,s,p): W(n,k,s,p), but none where there is no cell, or where p is more than half a window.

    Raises: ShapeMismatch unless k and s are at least 1 and p is at least 0.
    """
    _check(k, s, p)
    return 0 if n < 1 or 2 * p > k else window_count(n, k, s, p)


def spread_count(n: Any, k: Any, s: Any, p: Any) -> Any:
    """Tc(n,k,s,p): the cells that n windows of k cells, s apart, cover, without p on either side.

    Raises: ShapeMismatch unless k and s are at least 1 and p is at least 0.
    """
    _check(k, s, p)
    left = (n - 1) * s + k - 2 * p
    return left if n >= 1 and left > 0 else 0


def inside(places: Sequence[Any], sides: Sequence[Any], entry: Callable[[], Any]) -> Any:
    """The entry where every place is on its side, 0 elsewhere."""
    if not places:
        return entry()
    return where(
        places[0] >= 0,
        lambda: where(places[0] < sides[0], lambda: inside(places[1:], sides[1:], entry), lambda: 0),
        lambda: 0,
    )


def equal(ones: Sequence[Any], others: Sequence[Any], entry: Callable[[], Any]) -> Any:
    """The entry where the places are pairwise equal, 0 elsewhere."""
    if not ones:
        return entry()
    return where(ones[0] == others[0], lambda: equal(ones[1:], others[1:], entry), lambda: 0)
