"""Ops that read, add to or replace entries along any one axis, at places that are in range."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..definition import ShapeMismatch, SymbolicShape, define
from ..formula import below, length, naturals, total, where


def _checked(x: SymbolicShape, axis: int) -> None:
    if not 0 <= axis < len(x):
        raise ShapeMismatch(f"axis {axis!r} of {x}: an axis is 0 to {len(x) - 1}")


def _checked_indices(x: SymbolicShape, axis: int, indices: Any) -> None:
    _checked(x, axis)
    if not (naturals(indices) and below(indices, x[axis])):
        raise ShapeMismatch(f"indices {indices} of axis {axis} of {x}: an index is 0 or more and smaller than the side")


def _without(x: SymbolicShape, axis: int, index: Any) -> SymbolicShape:
    _checked(x, axis)
    if not 0 <= index < x[axis]:
        raise ShapeMismatch(f"index {index} of axis {axis} of {x}: it must be 0 or more and smaller than the side")
    return x[:axis] + x[axis + 1 :]


def _places(x: SymbolicShape) -> Iterator[dict[str, int]]:
    for axis, side in enumerate(x):
        yield from ({"axis": axis, "index": index} for index in sorted({0, side - 1}) if index in range(side))


@define("select", "(*s)", shape=_without, attributes=_places, integers={"index": 0})
def select(x: Any, *i: Any, axis: int, index: int) -> Any:
    """y[i,j] = x[i,index,j], with index at `axis`"""
    return x[(*i[:axis], index, *i[axis:])]


def _selected(x: SymbolicShape, axis: int, indices: Any) -> SymbolicShape:
    _checked_indices(x, axis, indices)
    return (*x[:axis], length(indices), *x[axis + 1 :])


def _lists(x: SymbolicShape) -> Iterator[dict[str, Any]]:
    """The last place twice and the first, and nothing."""
    for axis, side in enumerate(x):
        lists = [(side - 1, 0, side - 1), ()] if side else [()]
        yield from ({"axis": axis, "indices": indices} for indices in lists)


@define("index_select", "(*s)", shape=_selected, attributes=_lists)
def index_select(x: Any, *i: Any, axis: int, indices: Any) -> Any:
    """y[i,t,j] = x[i,indices[t],j], with t at `axis`"""
    return x[(*i[:axis], indices[i[axis]], *i[axis + 1 :])]


def _embedded(table: SymbolicShape, indices: Any) -> SymbolicShape:
    return _selected(table, 0, indices)


def _tokens(table: SymbolicShape) -> list[dict[str, Any]]:
    last = table[0] - 1
    lists: list[tuple[int, ...]] = [(last, 0, last), tuple(range(last, -1, -1)), ()]
    return [{"indices": indices} for indices in lists if table[0] or not indices]


@define("embedding", "(v,d)", shape=_embedded, attributes=_tokens)
def embedding(table: Any, t: Any, j: Any, indices: Any) -> Any:
    """y[t,j] = table[indices[t],j]"""
    return table[indices[t], j]


def _resized(x: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Shapes that differ from x along one axis at most: with its own side, 3 and 0."""
    for axis, side in enumerate(x):
        yield from (((*x[:axis], other, *x[axis + 1 :]),) for other in dict.fromkeys((3, side, 0)) if side or not other)


def _checked_beside(x: SymbolicShape, v: SymbolicShape, axis: int) -> None:
    _checked(x, axis)
    if len(v) != len(x) or any(v[k] != x[k] for k in range(len(x)) if k != axis):
        raise ShapeMismatch(f"{v} along axis {axis} of {x}: all other sides must be equal")


def _added(x: SymbolicShape, v: SymbolicShape, axis: int, indices: Any) -> SymbolicShape:
    _checked_beside(x, v, axis)
    _checked_indices(x, axis, indices)
    if length(indices) != v[axis]:
        raise ShapeMismatch(f"{v} at indices {indices} of axis {axis}: each entry along the axis needs an index")
    return x


def _axes_beside(x: SymbolicShape, v: SymbolicShape) -> Iterator[int]:
    if len(x) == len(v):
        yield from (axis for axis in range(len(x)) if x[:axis] + x[axis + 1 :] == v[:axis] + v[axis + 1 :])


def _places_for(x: SymbolicShape, v: SymbolicShape) -> Iterator[dict[str, Any]]:
    """The last place twice, then the one before it twice, and so on."""
    for axis in _axes_beside(x, v):
        if x[axis] or not v[axis]:
            yield {"axis": axis, "indices": tuple((x[axis] - 1 - t // 2) % x[axis] for t in range(v[axis]))}


@define("scatter_add", "(*s),(*t)", shape=_added, attributes=_places_for, beside=_resized)
def scatter_add(x: Any, v: Any, *i: Any, axis: int, indices: Any) -> Any:
    """y[i,k,j] = x[i,k,j] + Σ_t [indices[t] = k] v[i,t,j], with k at `axis`"""

    def added(t: Any) -> Any:
        return where(indices[t] == i[axis], lambda: v[(*i[:axis], t, *i[axis + 1 :])], lambda: 0)

    return x[i] + total(added, length(indices))


def _assigned(x: SymbolicShape, v: SymbolicShape, axis: int, start: Any) -> SymbolicShape:
    _checked_beside(x, v, axis)
    if not 0 <= start <= x[axis] - v[axis]:
        raise ShapeMismatch(f"{v} from {start} on along axis {axis} of {x}: it must lie inside")
    return x


def _starts(x: SymbolicShape, v: SymbolicShape) -> Iterator[dict[str, int]]:
    for axis in _axes_beside(x, v):
        yield from ({"axis": axis, "start": start} for start in sorted({0, x[axis] - v[axis]}) if start >= 0)


def _shortened(x: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Shapes that differ from x along one axis at most, with its own side, 1 and 0."""
    for axis, side in enumerate(x):
        yield from (((*x[:axis], other, *x[axis + 1 :]),) for other in dict.fromkeys((1, side, 0)) if other <= side)


@define("slice_assign", "(*s),(*t)", shape=_assigned, attributes=_starts, beside=_shortened, integers={"start": 0})
def slice_assign(x: Any, v: Any, *i: Any, axis: int, start: int) -> Any:
    """y[i,k,j] = v[i,k−start,j] where start ≤ k < start + n, elsewhere x[i,k,j], with k at `axis`, n the side of v"""
    k = i[axis] - start

    def inside() -> Any:
        return where(k < v.size(axis), lambda: v[(*i[:axis], k, *i[axis + 1 :])], lambda: x[i])

    return where(k >= 0, inside, lambda: x[i])
