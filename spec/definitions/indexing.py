"""Ops that read entries by index: at one index or at several, fixed or of the environment."""

from __future__ import annotations

from typing import Any

from ..definition import ShapeMismatch, SymbolicShape, define
from ..formula import length, naturals, where


def _without_leading(x: SymbolicShape, index: Any) -> SymbolicShape:
    if index < 0:
        raise ShapeMismatch(f"index {index} of {x}: an index is a natural number")
    return x[1:]


def _row_in_range(x: SymbolicShape, index: Any) -> SymbolicShape:
    if not 0 <= index < x[0]:
        raise ShapeMismatch(f"index {index} of {x}: it must be 0 or more and smaller than side {x[0]}")
    return x[1:]


def _gathered(x: SymbolicShape, indices: Any) -> SymbolicShape:
    if not naturals(indices):
        raise ShapeMismatch(f"indices {indices} of {x}: an index is a natural number")
    return (length(indices), *x[1:])


def _any_index(x: SymbolicShape) -> list[dict[str, int]]:
    return [{"index": index} for index in sorted({0, max(0, x[0] - 1), x[0], x[0] + 3})]


def _index_in_range(x: SymbolicShape) -> list[dict[str, int]]:
    return [{"index": index} for index in sorted({0, x[0] // 2, x[0] - 1}) if 0 <= index < x[0]]


def _index_lists(_x: SymbolicShape) -> list[dict[str, tuple[int, ...]]]:
    return [{"indices": indices} for indices in ((0, 1, 0), (1, 1, 1, 7), (2, 0, 2, 1, 2), (), (4,))]


@define("gather_scalar", "(n)", shape=_row_in_range, attributes=_index_in_range, integers={"index": 0}, source="session")
@define("gather_row", "(r,c)", shape=_row_in_range, attributes=_index_in_range, integers={"index": 0}, source="session")
def gather(x: Any, *j: Any, index: int) -> Any:
    """y[j] = x[index,j]"""
    return x[(index, *j)]


@define("gather_scalar_ref", "(n)", shape=_without_leading, attributes=_any_index, integers={"index": 0}, source="session")
@define("gather_scalar_nat", "(n)", shape=_without_leading, attributes=_any_index, integers={"index": 0}, source="session")
@define("gather_row_ref", "(r,c)", shape=_without_leading, attributes=_any_index, integers={"index": 0}, source="session")
def gather_or_zero(x: Any, *j: Any, index: int) -> Any:
    """y[j] = x[index,j], or 0 where index is no place of the leading axis"""
    return where(index < x.size(0), lambda: x[(index, *j)], lambda: 0)


@define("gather_vec_ref", "(n)", shape=_gathered, attributes=_index_lists, source="session")
@define("gather_vec_nat", "(n)", shape=_gathered, attributes=_index_lists, source="session")
@define("gather_rows_ref", "(r,c)", shape=_gathered, attributes=_index_lists, source="session")
@define("gather_rows_nat", "(r,c)", shape=_gathered, attributes=_index_lists, source="session")
def gather_each_or_zero(x: Any, t: Any, *j: Any, indices: Any) -> Any:
    """y[t,j] = x[indices[t],j], or 0 where indices[t] is no place of the leading axis"""
    return where(indices[t] < x.size(0), lambda: x[(indices[t], *j)], lambda: 0)


def _added_to(x: SymbolicShape, v: SymbolicShape, index: Any) -> SymbolicShape:
    _row_in_range(x, index)
    return x


def _row_of_first(x: SymbolicShape, *_others: SymbolicShape) -> list[dict[str, int]]:
    return _index_in_range(x)


@define("scatter_add_vec", "(n),()", shape=_added_to, attributes=_row_of_first, integers={"index": 0}, source="session")
@define("scatter_add_row", "(r,c),(c)", shape=_added_to, attributes=_row_of_first, integers={"index": 0}, source="session")
def scatter_add_one(x: Any, v: Any, i: Any, *j: Any, index: int) -> Any:
    """y[i,j] = x[i,j] + [i = index] v[j]"""
    return x[(i, *j)] + where(i == index, lambda: v[j], lambda: 0)
