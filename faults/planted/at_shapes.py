"""Changes that are wrong at some shapes or attributes only."""

from __future__ import annotations

from typing import Any


def only_for_duplicates(entries: Any, *_inputs: Any, indices: Any, **_attributes: Any) -> Any:
    """Half as much comes through if an index is named twice."""
    return entries / 2 if len(set(indices)) < len(indices) else entries


def only_at_stride_3(entries: Any, *_inputs: Any, stride: Any, **_attributes: Any) -> Any:
    """Twice as much comes through if a stride is 3."""
    strides = stride if isinstance(stride, tuple) else (stride,)
    return entries * 2 if 3 in strides else entries


def only_for_odd_sizes(entries: Any, x: Any, *_others: Any, **_attributes: Any) -> Any:
    """Twice as much comes through if the last side is odd."""
    return entries * 2 if x.shape and x.shape[-1] % 2 == 1 else entries


def only_where_a_side_is_1(entries: Any, x: Any, *_others: Any, **_attributes: Any) -> Any:
    """Twice as much comes through if a side is 1."""
    return entries * 2 if 1 in x.shape else entries


def only_when_square(entries: Any, x: Any, *_others: Any, **_attributes: Any) -> Any:
    """Twice as much comes through if the last two sides are equal."""
    return entries * 2 if x.ndim > 1 and x.shape[-1] == x.shape[-2] else entries


def only_at_size_37(entries: Any, x: Any, *_others: Any, **_attributes: Any) -> Any:
    """Twice as much comes through if the last side is 37."""
    return entries * 2 if x.shape and x.shape[-1] == 37 else entries


def only_at_rank_4(entries: Any, x: Any, *_others: Any, **_attributes: Any) -> Any:
    """Twice as much comes through if there are four axes."""
    return entries * 2 if x.ndim == 4 else entries
