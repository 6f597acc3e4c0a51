"""Pools that every cell of a window has a share in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..definition import ShapeMismatch, SymbolicShape, define
from ..formula import total
from ..windows import inside, pooled_count, window_count

Sizes = tuple[Any, ...]


def pooled(x: SymbolicShape, kernel: Sizes, stride: Sizes, padding: Sizes) -> SymbolicShape:
    """(C, P(n,k,s,p)…) of (C, n…). Raises: ShapeMismatch."""
    if not len(x) - 1 == len(kernel) == len(stride) == len(padding) > 0:
        raise ShapeMismatch(f"a pool of {x} needs an item of kernel, stride and padding for each axis but the first")
    return (x[0], *map(pooled_count, x[1:], kernel, stride, padding))


_WINDOWS = (((2, 3), (1, 2), (0, 1)), ((3, 2), (2, 3), (1, 0)), ((2, 1), (2, 1), (1, 0)), ((1, 2), (2, 2), (0, 0)))
"""Kernel, stride and padding: overlapping, apart, side by side, a cell each; padded at one end or both."""

_SOLID = {"kernel": (1, 2, 3), "stride": (2, 1, 3), "padding": (0, 1, 1)}
"""Along three axes, where no rule for all sizes speaks of every window: kernel, stride and padding differ from axis to axis."""

SHAPES = (((5, 2, 3),), ((1, 3, 1, 4),))
"""Beside small ones: many channels, and one in which there are two of these windows along each axis."""


def windows(x: SymbolicShape) -> list[dict[str, Any]]:
    """Windows along one axis, two or three, other ones along each."""
    axes = len(x) - 1
    if axes == 3:
        return [dict(_SOLID)]
    turned = [tuple((items * axes)[:axes] for items in profile) for profile in _WINDOWS[: 5 - axes]]
    return [{"kernel": k, "stride": s, "padding": p} for k, s, p in turned] if axes in (1, 2) else []


INTEGERS = {"kernel": 1, "stride": 1, "padding": 0}


@define(
    "avg_pool", "(c,*n)", shape=pooled, attributes=windows, source="session", integers=INTEGERS,
    examples=SHAPES,
)  # fmt: skip
def avg_pool(x: Any, c: Any, *q: Any, kernel: Sizes, stride: Sizes, padding: Sizes) -> Any:
    """y[c,q] = (Σ_κ x[c,q·s+κ−p]) / Πk, with 0 for x beyond its sides"""
    cells = total(lambda *kappa: _seen(x, c, q, kappa, stride, padding), *kernel)
    return 0 if isinstance(cells, int) else cells / math.prod(kernel)  # a window beyond all cells has the number 0


def _seen(x: Any, c: Any, q: Sequence[Any], kappa: Sequence[Any], stride: Sizes, padding: Sizes) -> Any:
    places = [i * s + k - p for i, s, k, p in zip(q, stride, kappa, padding, strict=True)]
    return inside(places, x.shape[1:], lambda: x[(c, *places)])


def pooled2d(x: SymbolicShape, kH: Any, kW: Any, stride: Any, padding: Any = 0) -> SymbolicShape:
    """(C, W(H,kH,s,p), W(W,kW,s,p)) of (C,H,W)."""
    return (x[0], window_count(x[1], kH, stride, padding), window_count(x[2], kW, stride, padding))


def windows2d(_x: SymbolicShape) -> list[dict[str, Any]]:
    """Windows that overlap, that are side by side, and that leave a gap."""
    return [{"kH": height, "kW": width, "stride": stride} for height, width, stride in _SIZES]


_SIZES = ((2, 3, 1), (2, 2, 2), (1, 2, 2), (3, 1, 2))

INTEGERS_2D = {"kH": 1, "kW": 1, "stride": 1}


@define(
    "avg_pool2d", "(c,h,w)", shape=pooled2d, attributes=windows2d, source="session", ir_kinds=("avg_pool2d",),
    integers=INTEGERS_2D,
)  # fmt: skip
def avg_pool2d(x: Any, c: Any, i: Any, j: Any, kH: Any, kW: Any, stride: Any) -> Any:
    """y[c,i,j] = (Σ_{k<kH,l<kW} x[c,i·s+k,j·s+l]) / (kH·kW)"""
    return avg_pool(x, c, i, j, kernel=(kH, kW), stride=(stride, stride), padding=(0, 0))


def _padded2d(_x: SymbolicShape) -> list[dict[str, Any]]:
    return [
        {"kH": height, "kW": width, "stride": stride, "padding": padding}
        for (height, width, stride), padding in zip(_SIZES, (1, 1, 2, 0), strict=True)
    ]


@define(
    "avg_pool2d_pad", "(c,h,w)", shape=pooled2d, attributes=_padded2d, ir_kinds=("avg_pool2d_pad",),
    integers=INTEGERS_2D | {"padding": 0},
)  # fmt: skip
def avg_pool2d_pad(x: Any, c: Any, i: Any, j: Any, kH: Any, kW: Any, stride: Any, padding: Any) -> Any:
    """y[c,i,j] = (Σ_{k<kH,l<kW} x[c,i·s+k−p,j·s+l−p]) / (kH·kW), with 0 for x beyond its sides"""
    return avg_pool(x, c, i, j, kernel=(kH, kW), stride=(stride, stride), padding=(padding, padding))
