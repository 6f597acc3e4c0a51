"""Ops that take a square root, of an entry or of a sum of squares."""

from __future__ import annotations

from typing import Any

from ..definition import ShapeMismatch, SymbolicShape, define
from ..formula import root, total


@define("sqrt", "(*s)", kinks="x = 0", source="session", ir_kinds=("sqrt",))
def sqrt_(x: Any, *i: Any) -> Any:
    """y[i] = √max(x[i], 0)"""
    return root("sqrt", x[i])


def _without_axis(x: SymbolicShape, axis: int) -> SymbolicShape:
    if not 0 <= axis < len(x):
        raise ShapeMismatch(f"norm of {x} along axis {axis!r}: an axis is 0 to {len(x) - 1}")
    return x[:axis] + x[axis + 1 :]


def _every_axis(x: SymbolicShape) -> list[dict[str, int]]:
    return [{"axis": axis} for axis in range(len(x))]


@define("norm", "(*s)", shape=_without_axis, attributes=_every_axis, kinks="every entry along the axis is 0")
def norm(x: Any, *i: Any, axis: int) -> Any:
    """y[i,j] = √(Σ_k x[i,k,j]²), with k at `axis`"""
    square = total(lambda k: x[(*i[:axis], k, *i[axis:])] ** 2, x.size(axis))
    return square if isinstance(square, int) else root("norm", square)  # a sum of nothing is the number 0, its own root
