"""Ops that take a range of an axis, or put zeros around an array."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..definition import ShapeMismatch, SymbolicShape, define
from ..formula import where


def _sliced(x: SymbolicShape, axis: int, start: Any, length: Any, step: Any = 1) -> SymbolicShape:
    if not 0 <= axis < len(x):
        raise ShapeMismatch(f"slice of {x} along axis {axis!r}: an axis is 0 to {len(x) - 1}")
    if start < 0 or length < 0 or step < 1:
        raise ShapeMismatch(f"slice of {length} from {start} on in steps of {step}: a step is 1 or more, the others 0")
    if start > x[axis] or (length > 0 and start + step * (length - 1) >= x[axis]):
        raise ShapeMismatch(f"slice of {length} from {start} on along axis {axis} of {x}: it must lie inside")
    return (*x[:axis], length, *x[axis + 1 :])


def _ranges(side: int) -> list[dict[str, int]]:
    """The whole, all but the first, the last, a middle part and nothing."""
    ranges = [(0, side), (1, side - 1), (side - 1, 1), (1, side - 2), (side, 0)]
    return [{"start": start, "length": length} for start, length in dict.fromkeys(ranges) if start >= 0 <= length]


def _ranges_of_axes(x: SymbolicShape) -> Iterator[dict[str, int]]:
    for axis, side in enumerate(x):
        yield from ({"axis": axis} | part for part in _ranges(side))
        yield {"axis": axis, "start": side // 3, "length": (side - side // 3 + 1) // 2, "step": 2}


@define("slice", "(*s)", shape=_sliced, attributes=_ranges_of_axes, integers={"start": 0, "length": 0, "step": 1})
def slice_(x: Any, *i: Any, axis: int, start: int, length: int, step: int = 1) -> Any:
    """y[i,k,j] = x[i,start+step·k,j] for k < length, with k at `axis`"""
    return x[(*i[:axis], start + step * i[axis], *i[axis + 1 :])]


def _leading(x: SymbolicShape, start: Any, length: Any) -> SymbolicShape:
    return _sliced(x, 0, start, length)


def _leading_ranges(x: SymbolicShape) -> list[dict[str, int]]:
    return _ranges(x[0])


@define(
    "slice_leading_axis_range", "(n,*s)", shape=_leading, attributes=_leading_ranges, source="session",
    integers={"start": 0, "length": 0},
)  # fmt: skip
def slice_leading_axis_range(x: Any, k: Any, *j: Any, start: int, length: int) -> Any:
    """y[k,j] = x[start+k,j] for k < length"""
    return x[(start + k, *j)]


def _padded(x: SymbolicShape, before: Any, after: Any) -> SymbolicShape:
    if not len(x) == len(before) == len(after) or any(side < 0 for side in (*before, *after)):
        raise ShapeMismatch(f"pad of {x} by {before} and {after}: two numbers of at least 0 are needed for each axis")
    return tuple(b + side + a for b, side, a in zip(before, x, after, strict=True))


def _margins(x: SymbolicShape) -> list[dict[str, tuple[int, ...]]]:
    axes = range(len(x))
    margins = ((0, 0), (1, 0), (0, 2), (1, 1))
    even = [{"before": (b,) * len(x), "after": (a,) * len(x)} for b, a in margins]
    return [*even, {"before": tuple(k % 2 for k in axes), "after": tuple((k + 1) % 3 for k in axes)}]


@define("pad", "(*s)", shape=_padded, attributes=_margins, integers={"before": 0, "after": 0})
def pad(x: Any, *i: Any, before: tuple[int, ...], after: tuple[int, ...]) -> Any:
    """y[i] = x[i−before] where that is an index of x, 0 elsewhere"""
    places = tuple(k - b for k, b in zip(i, before, strict=True))

    def inside(axis: int) -> Any:
        if axis == len(places):
            return x[places]
        upper = lambda: where(places[axis] < x.size(axis), lambda: inside(axis + 1), lambda: 0)
        return where(places[axis] >= 0, upper, lambda: 0)

    return inside(0)
