"""Ops that take the logarithm of a sum of exponentials along an axis."""

from __future__ import annotations

from typing import Any

from ..definition import ShapeMismatch, SymbolicShape, define
from ..formula import exp, log, total


def _along_axis(x: SymbolicShape, axis: int | None = None) -> SymbolicShape:
    if axis is not None and not 0 <= axis < len(x):
        raise ShapeMismatch(f"log_softmax of {x} along axis {axis!r}: an axis is 0 to {len(x) - 1}")
    return x


def _last_and_others(x: SymbolicShape) -> list[dict[str, int]]:
    return [{}, *({"axis": axis} for axis in range(len(x) - 1))]


@define("log_softmax", "(*s)", shape=_along_axis, attributes=_last_and_others, source="session")
def log_softmax(x: Any, *i: Any, axis: int | None = None) -> Any:
    """y[i,k,j] = x[i,k,j] − log Σ_l e^x[i,l,j], with k at `axis`, the last unless given; 0 for rank 0"""
    if not i:
        return x[()] - x[()]
    place = len(i) - 1 if axis is None else axis
    return x[i] - log(total(lambda k: exp(x[(*i[:place], k, *i[place + 1 :])]), x.size(place)))


def _without_axis(x: SymbolicShape, axis: int) -> SymbolicShape:
    if not 0 <= axis < len(x):
        raise ShapeMismatch(f"logsumexp of {x} along axis {axis!r}: an axis is 0 to {len(x) - 1}")
    if isinstance(x[axis], int) and x[axis] == 0:
        raise ShapeMismatch(f"logsumexp of {x} along axis {axis}: a sum of nothing has no logarithm")
    return x[:axis] + x[axis + 1 :]


def _every_axis(x: SymbolicShape) -> list[dict[str, int]]:
    return [{"axis": axis} for axis in range(len(x))]


@define("logsumexp", "(*s)", shape=_without_axis, attributes=_every_axis)
def logsumexp(x: Any, *i: Any, axis: int) -> Any:
    """y[i,j] = log Σ_k e^x[i,k,j], with k at `axis`"""
    return log(total(lambda k: exp(x[(*i[:axis], k, *i[axis:])]), x.size(axis)))
