"""Axes as numpy reads them."""

from __future__ import annotations

from typing import Any

from .polynomial import refuse


def axes_of(axis: Any, rank: int) -> list[int]:
    """Axes as numpy reads them, from 0 and in order; where it takes a tuple it may not take a list."""
    listed = list(axis) if isinstance(axis, tuple) else [axis]
    axes = sorted(k % rank for k in listed if type(k) is int and -rank <= k < rank)
    if len(set(axes)) != len(listed):
        refuse(f"the axis {axis!r} of {rank}")
    return axes


def axis_of(axis: Any, rank: int) -> int:
    """One axis as numpy reads it, from 0."""
    if type(axis) is not int:
        refuse(f"the axis {axis!r}")
    (place,) = axes_of(axis, rank)
    return place
