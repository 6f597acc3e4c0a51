"""Ops that divide by a sum over an axis."""

from __future__ import annotations

from typing import Any

from ..definition import ShapeMismatch, SymbolicShape, define
from ..formula import exp, total


def _checked_axis(x: SymbolicShape, axis: int | None = None) -> SymbolicShape:
    if axis is not None and not 0 <= axis < len(x):
        raise ShapeMismatch(f"softmax of {x} along axis {axis!r}: an axis is 0 to {len(x) - 1}")
    return x


def _axes(x: SymbolicShape) -> list[dict[str, int]]:
    return [{}, *({"axis": axis} for axis in range(len(x) - 1))]


@define("softmax", "(*s)", shape=_checked_axis, attributes=_axes, source="session", ir_kinds=("softmax",))
def softmax(x: Any, *i: Any, axis: int | None = None) -> Any:
    """y[i,k,j] = e^x[i,k,j] / Σ_l e^x[i,l,j], with k at `axis`, the last unless given; 1 for rank 0"""
    if not i:
        return exp(x[()]) / exp(x[()])
    place = len(i) - 1 if axis is None else axis
    return exp(x[i]) / total(lambda k: exp(x[(*i[:place], k, *i[place + 1 :])]), x.size(place))
