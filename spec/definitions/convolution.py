"""Convolutions as networks have them: a kernel that is not turned round, and zeros around the cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ...ir.graph import Shape
from ..definition import ShapeMismatch, SymbolicShape, define
from ..formula import total
from ..windows import equal, inside, spread_count, window_count

_INTEGERS = {"stride": 1, "padding": 0}

_MOST_AXES = 3


def _checked(op: str, kernel: SymbolicShape, sides: SymbolicShape, attributes: Sequence[SymbolicShape]) -> None:
    counts = {len(kernel), len(sides), *map(len, attributes)}
    if len(counts) != 1 or not kernel:
        raise ShapeMismatch(f"{op} needs an item of kernel, stride and padding for each axis after the channels")


def _convolved(
    w: SymbolicShape, b: SymbolicShape, x: SymbolicShape, stride: SymbolicShape, padding: SymbolicShape
) -> SymbolicShape:
    _checked("conv", w[2:], x[1:], (stride, padding))
    if w[1] < 1:
        raise ShapeMismatch("conv needs an input channel")
    return (w[0], *map(window_count, x[1:], w[2:], stride, padding))


_MOVES = ((1, 0), (2, 1), (3, 0), (1, 2))
"""Stride and padding along an axis."""


def _moves(axes: int) -> list[dict[str, Any]]:
    """Strides and paddings that differ from axis to axis."""
    turns = [[_MOVES[(turn + axis) % len(_MOVES)] for axis in range(axes)] for turn in range(4 - axes)]
    return [{"stride": tuple(s for s, _ in turn), "padding": tuple(p for _, p in turn)} for turn in turns]


def _axis_moves(w: SymbolicShape, b: SymbolicShape, x: SymbolicShape) -> list[dict[str, Any]]:
    return _moves(len(x) - 1) if 1 < len(x) == len(w) - 1 <= 1 + _MOST_AXES else []


_LINES = (((2, 1, 2), (1, 5)), ((1, 2, 3), (2, 4)), ((2, 2, 1), (2, 3)), ((1, 1, 2), (1, 1)), ((1, 1, 3), (1, 7)))
_PLANES = (((2, 1, 2, 3), (1, 3, 4)), ((1, 2, 1, 2), (2, 2, 5)), ((1, 1, 2, 2), (1, 1, 4)))
_SOLIDS = (((1, 1, 2, 1, 2), (1, 2, 3, 2)),)
"""Shapes of kernel and cells."""


def _biased(pairs: Iterable[tuple[Shape, Shape]], outputs: int) -> tuple[tuple[Shape, ...], ...]:
    """With a bias between them, one entry for each channel at axis `outputs` of the kernel."""
    return tuple((w, (w[outputs],), x) for w, x in pairs)


@define(
    "conv", "(o,i,*k),(o),(i,*n)", shape=_convolved, attributes=_axis_moves, source="session", integers=_INTEGERS,
    examples=_biased((*_LINES, *_PLANES, *_SOLIDS), 0),
)  # fmt: skip
def conv(w: Any, b: Any, x: Any, o: Any, *q: Any, stride: Any, padding: Any) -> Any:
    """y[o,q] = b[o] + Σ_{c,κ} w[o,c,κ] x[c,q·s+κ−p], with 0 for x beyond its sides"""

    def term(c: Any, *kappa: Any) -> Any:
        places = [i * s + k - p for i, s, k, p in zip(q, stride, kappa, padding, strict=True)]
        return inside(places, x.shape[1:], lambda: w[(o, c, *kappa)] * x[(c, *places)])

    return total(term, w.size(1), *w.shape[2:]) + b[o]


def _convolved2d(
    w: SymbolicShape, b: SymbolicShape, x: SymbolicShape, stride: Any, padding: Any
) -> SymbolicShape:
    return _convolved(w, b, x, (stride, stride), (padding, padding))


def _moves2d(*_shapes: SymbolicShape) -> list[dict[str, Any]]:
    return [{"stride": s, "padding": p} for s, p in _MOVES[:3]]


@define(
    "conv2d", "(o,i,k,l),(o),(i,h,w)", shape=_convolved2d, attributes=_moves2d, source="session",
    ir_kinds=("conv2d",), integers=_INTEGERS, examples=_biased(_PLANES, 0),
)  # fmt: skip
def conv2d(w: Any, b: Any, x: Any, o: Any, i: Any, j: Any, stride: Any, padding: Any) -> Any:
    """y[o,i,j] = b[o] + Σ_{c,k,l} w[o,c,k,l] x[c,i·s+k−p,j·s+l−p], with 0 for x beyond its sides"""
    return conv(w, b, x, o, i, j, stride=(stride, stride), padding=(padding, padding))


def _turned(pairs: Iterable[tuple[Shape, Shape]]) -> Iterable[tuple[Shape, Shape]]:
    """With the input channels first in the kernel, and with fewer cells: here they become more."""
    return (((w[1], w[0], *w[2:]), (x[0], *(min(side, 3) for side in x[1:]))) for w, x in pairs)


def _spread(
    w: SymbolicShape, b: SymbolicShape, x: SymbolicShape, stride: SymbolicShape, padding: SymbolicShape
) -> SymbolicShape:
    _checked("conv_transpose", w[2:], x[1:], (stride, padding))
    if w[0] < 1:
        raise ShapeMismatch("conv_transpose needs an input channel")
    return (w[1], *map(spread_count, x[1:], w[2:], stride, padding))


@define(
    "conv_transpose", "(i,o,*k),(o),(i,*n)", shape=_spread, attributes=_axis_moves, source="session",
    integers=_INTEGERS, examples=_biased(_turned((*_LINES, *_PLANES, *_SOLIDS)), 1),
)  # fmt: skip
def conv_transpose(w: Any, b: Any, x: Any, o: Any, *q: Any, stride: Any, padding: Any) -> Any:
    """y[o,q] = b[o] + Σ_{c,κ,t} [t·s+κ = q+p] w[c,o,κ] x[c,t]"""

    def term(c: Any, *indices: Any) -> Any:
        kappa, t = indices[: len(q)], indices[len(q) :]
        reached = [i * s + k for i, s, k in zip(t, stride, kappa, strict=True)]
        wanted = [i + p for i, p in zip(q, padding, strict=True)]
        return equal(reached, wanted, lambda: w[(c, o, *kappa)] * x[(c, *t)])

    return total(term, w.size(0), *w.shape[2:], *x.shape[1:]) + b[o]


def _spread2d(w: SymbolicShape, b: SymbolicShape, x: SymbolicShape, stride: Any, padding: Any) -> SymbolicShape:
    return _spread(w, b, x, (stride, stride), (padding, padding))


@define(
    "conv_transpose2d", "(i,o,k,l),(o),(i,h,w)", shape=_spread2d, attributes=_moves2d, source="session",
    integers=_INTEGERS, examples=_biased(_turned(_PLANES), 1),
)  # fmt: skip
def conv_transpose2d(w: Any, b: Any, x: Any, o: Any, i: Any, j: Any, stride: Any, padding: Any) -> Any:
    """y[o,i,j] = b[o] + Σ_{c,k,l,t,u} [t·s+k = i+p] [u·s+l = j+p] w[c,o,k,l] x[c,t,u]"""
    return conv_transpose(w, b, x, o, i, j, stride=(stride, stride), padding=(padding, padding))
