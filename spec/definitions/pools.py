"""The largest entry of each window, and of an axis; the first of several that are largest is the winner."""

from __future__ import annotations

from typing import Any

from ..definition import ShapeMismatch, SymbolicShape, define
from ..formula import Span, largest


def _accepted(op: str, window: Any, stride: Any, padding: Any) -> None:
    if window < 1 or stride < 1 or padding < 0:
        raise ShapeMismatch(
            f"{op} with windows of {window!r}, {stride!r} apart, padding {padding!r}: 1, 1 and 0 are the least"
        )


def _window_count(n: Any, k: Any, s: Any, p: Any) -> Any:
    """W(n,k,s,p): how many windows of k cells, s apart, lie in n cells between p padded ones on either side."""
    if n + 2 * p < k:
        return 0
    return (n + 2 * p - k) // s + 1


def _pooled(
    x: SymbolicShape, kernel: tuple[Any, ...], stride: tuple[Any, ...], padding: tuple[Any, ...]
) -> SymbolicShape:
    """P(n,k,s,p) windows along each axis: none where padding is more than half a window."""
    if not len(x) - 1 == len(kernel) == len(stride) == len(padding):
        raise ShapeMismatch(f"max_pool of {x}: kernel, stride and padding need an item for each axis but the first")
    sides = []
    for n, k, s, p in zip(x[1:], kernel, stride, padding, strict=True):
        _accepted("max_pool", k, s, p)
        sides.append(0 if n < 1 or 2 * p > k else _window_count(n, k, s, p))
    return (x[0], *sides)


def _window(n: Any, o: Any, k: Any, s: Any, p: Any) -> Span:
    """The cells of window o that are real: o s − p to o s − p + k − 1, and 0 to n − 1."""
    start = o * s - p
    return ((start, start + k), (0, n))


_PROFILES: tuple[tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]], ...] = (
    ((2, 2), (2, 2), (0, 0)),
    ((3, 2), (1, 1), (1, 1)),
    ((2, 3), (1, 2), (1, 1)),
    ((1, 2), (2, 3), (0, 0)),
)
"""Kernel, stride and padding: disjoint, overlapping and gapping windows, and a stride that is not the window."""

_SOLID = {"kernel": (1, 2, 3), "stride": (2, 1, 3), "padding": (0, 1, 1)}
"""Along three axes, where no rule for all sizes speaks of every window: kernel, stride and padding differ from axis to axis."""

_SHAPES = (((5, 2, 3),), ((1, 3, 1, 4),))
"""Beside small ones: many channels, and one in which there are two of these windows along each axis."""


def _windows(x: SymbolicShape) -> list[dict[str, Any]]:
    def fitted(items: tuple[int, ...]) -> tuple[int, ...]:
        return (items * len(x))[: len(x) - 1]

    chosen = [tuple(map(fitted, profile)) for profile in _PROFILES[: 4 if len(x) < 4 else 2]]
    solid = [dict(_SOLID)] if len(x) == 4 else []
    return [*({"kernel": k, "stride": s, "padding": p} for k, s, p in dict.fromkeys(chosen)), *solid]


@define(
    "max_pool", "(c,*s)", shape=_pooled, attributes=_windows, kinks="two cells of a window are equal",
    source="session", integers={"kernel": 1, "stride": 1, "padding": 0}, examples=_SHAPES,
)  # fmt: skip
def max_pool(x: Any, c: Any, *o: Any, kernel: Any, stride: Any, padding: Any) -> Any:
    """y[c,o] = max_h x[c,h] over the real cells h of window o; the winner is the first in row-major order"""
    spans = [_window(*axis) for axis in zip(x.shape[1:], o, kernel, stride, padding, strict=True)]
    return largest("max pool", lambda *h: x[(c, *h)], *spans)


def _padded2d(x: SymbolicShape, kH: Any, kW: Any, stride: Any, padding: Any) -> SymbolicShape:
    _accepted("a pool", kH, stride, padding)
    _accepted("a pool", kW, stride, padding)
    return (x[0], _window_count(x[1], kH, stride, padding), _window_count(x[2], kW, stride, padding))


def _pooled2d(x: SymbolicShape, kH: Any, kW: Any, stride: Any) -> SymbolicShape:
    return _padded2d(x, kH, kW, stride, 0)


def _windows2d(_x: SymbolicShape) -> list[dict[str, int]]:
    sizes = ((2, 2, 2), (2, 2, 1), (1, 3, 2), (3, 2, 1), (2, 1, 3))
    return [{"kH": height, "kW": width, "stride": stride} for height, width, stride in sizes]


@define(
    "max_pool2d", "(c,h,w)", shape=_pooled2d, attributes=_windows2d, kinks="two cells of a window are equal",
    source="session", ir_kinds=("max_pool2d",), integers={"kH": 1, "kW": 1, "stride": 1},
)  # fmt: skip
def max_pool2d(x: Any, c: Any, i: Any, j: Any, kH: Any, kW: Any, stride: Any) -> Any:
    """y[c,i,j] = max x[c,u,v] over i·s <= u < i·s+kH and j·s <= v < j·s+kW; the winner is the first in row-major order"""
    rows, columns = (i * stride, i * stride + kH), (j * stride, j * stride + kW)
    return largest("max pool", lambda u, v: x[c, u, v], (rows,), (columns,))


def _padded_windows2d(_x: SymbolicShape) -> list[dict[str, int]]:
    sizes = ((2, 2, 2, 1), (3, 2, 1, 1), (1, 2, 2, 1), (2, 1, 2, 2), (2, 2, 3, 0))
    return [{"kH": h, "kW": w, "stride": s, "padding": p} for h, w, s, p in sizes]


@define(
    "max_pool2d_pad", "(c,h,w)", shape=_padded2d, attributes=_padded_windows2d,
    kinks="two cells of a window are equal", ir_kinds=("max_pool2d_pad",),
    integers={"kH": 1, "kW": 1, "stride": 1, "padding": 0},
)  # fmt: skip
def max_pool2d_pad(x: Any, c: Any, i: Any, j: Any, kH: Any, kW: Any, stride: Any, padding: Any) -> Any:
    """y[c,i,j] = max x[c,u,v] over the real cells of window (i,j), the first winning; 0 where no cell is real"""
    rows = _window(x.size(1), i, kH, stride, padding)
    columns = _window(x.size(2), j, kW, stride, padding)
    return largest("max pool", lambda u, v: x[c, u, v], rows, columns)


def _without_axis(x: SymbolicShape, axis: int) -> SymbolicShape:
    if not 0 <= axis < len(x):
        raise ShapeMismatch(f"maximum of {x} along axis {axis!r}: an axis is 0 to {len(x) - 1}")
    if x[axis] < 1:
        raise ShapeMismatch(f"maximum of {x} along axis {axis}: of nothing there is no largest")
    return x[:axis] + x[axis + 1 :]


def _every_axis(x: SymbolicShape) -> list[dict[str, int]]:
    return [{"axis": axis} for axis in range(len(x))]


@define(
    "reduce_max", "(*s)", shape=_without_axis, attributes=_every_axis, kinks="two entries along the axis are equal",
)  # fmt: skip
def reduce_max(x: Any, *i: Any, axis: int) -> Any:
    """y[i,j] = max_k x[i,k,j], with k at `axis`; the winner is the first"""
    return largest("reduce max", lambda k: x[(*i[:axis], k, *i[axis:])], ((0, x.size(axis)),))
