"""Windows along the last axes of arrays: read and written one offset at a time, never all at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .primitive import Array


def padded(x: Array, padding: Sequence[int]) -> Array:
    """x with so many zeros before and after each of its last axes."""
    return np.pad(x, (*[(0, 0)] * (x.ndim - len(padding)), *((p, p) for p in padding)))


def cropped(x: Array, padding: Sequence[int], sides: Sequence[int]) -> Array:
    """The cells of x from `padding` on along each of its last axes, as many as the sides say."""
    return x[(..., *(slice(p, p + n) for p, n in zip(padding, sides, strict=True)))]


def seen(x: Array, offset: Sequence[int], stride: Sequence[int], counts: Sequence[int]) -> Array:
    """What each window sees at an offset: x[…, q·s+κ]."""
    return x[_cells(offset, stride, counts)]


def put(values: Array, offset: Sequence[int], stride: Sequence[int], sides: Sequence[int]) -> Array:
    """Zeros of these sides with the values where each window sees at an offset: z[…, q·s+κ] = v[…,q]."""
    before = values.ndim - len(sides)
    cells = np.zeros_like(values, shape=(*values.shape[:before], *sides))
    cells[_cells(offset, stride, values.shape[before:])] = values
    return cells


def _cells(offset: Sequence[int], stride: Sequence[int], counts: Sequence[int]) -> tuple[Any, ...]:
    axes = zip(offset, stride, counts, strict=True)
    return (..., *(slice(k, k + s * count, s) for k, s, count in axes))


def stacked(kernel: Sequence[int], term: Callable[[tuple[int, ...]], Array], offset: tuple[int, ...] = ()) -> Array:
    """term(κ) for every offset κ in the kernel, along new leading axes."""
    if len(offset) == len(kernel):
        return term(offset)
    return np.stack(tuple(stacked(kernel, term, (*offset, k)) for k in range(kernel[len(offset)])))
