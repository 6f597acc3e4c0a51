"""Boolean matrices in formulas: attributes whose entries are 1 where something is allowed and 0 where it is not."""

from __future__ import annotations

from typing import Any

from ..ir.graph import Dense
from .definition import ShapeMismatch, SymbolicShape


def allowed(mask: Dense, i: Any, j: Any) -> Any:
    """Whether the entry at (i,j) is 1; a condition for `where`."""
    own = getattr(mask, "__formula__", None)
    return mask.entries[i * mask.shape[1] + j] == 1 if own is None else own("flag", mask, i, j)


def allows_any(mask: Dense, i: Any) -> Any:
    """Whether row i has an entry 1; a condition for `where`."""
    own = getattr(mask, "__formula__", None)
    return any(allowed(mask, i, j) for j in range(mask.shape[1])) if own is None else own("any flag", mask, i)


def check_mask(mask: Dense | None, shape: SymbolicShape, op: str) -> None:
    """Refuse a mask of another shape, or with entries that are neither 0 nor 1.

    Raises: ShapeMismatch.
    """
    if mask is None:
        return
    if tuple(mask.shape) != shape:
        raise ShapeMismatch(f"{op}: a mask of {mask.shape} came, {shape} was needed")
    if not hasattr(mask, "__formula__") and not set(mask.entries) <= {0, 1}:
        raise ShapeMismatch(f"{op}: a mask has entries 0 and 1 alone")
