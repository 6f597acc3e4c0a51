"""Kernels that read entries by index: at one index or at several, fixed or of the environment."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..primitive import Array, primitive
from ..shapes import indexing as shapes


def gather(x: Array, index: int) -> Array:
    return x[index, ...]


def _gather_vjp(y_bar: Array, y: Array, x: Array, index: int) -> tuple[Array]:
    return (_alone(y_bar, x, index),)


def _gather_jvp(x_dot: Array, y: Array, x: Array, index: int) -> Array:
    return x_dot[index, ...]


def gather_or_zero(x: Array, index: int) -> Array:
    return x[index, ...] if index < x.shape[0] else np.zeros_like(x, shape=x.shape[1:])


def _gather_or_zero_vjp(y_bar: Array, y: Array, x: Array, index: int) -> tuple[Array]:
    return (_alone(y_bar, x, index) if index < x.shape[0] else np.zeros_like(x),)


def _gather_or_zero_jvp(x_dot: Array, y: Array, x: Array, index: int) -> Array:
    return gather_or_zero(x_dot, index)


def gather_each_or_zero(x: Array, indices: tuple[int, ...]) -> Array:
    if x.shape[0] == 0:
        return np.zeros_like(x, shape=(len(indices), *x.shape[1:]))
    # An index out of range reads the first row, which is then dropped: no copy of the table is made.
    asked = np.array(indices, dtype=np.intp)
    read = x[np.where(asked < x.shape[0], asked, 0)]
    for axis in range(1, x.ndim):
        asked = np.expand_dims(asked, axis)
    return np.where(asked < x.shape[0], read, 0)


def _gather_each_or_zero_vjp(y_bar: Array, y: Array, x: Array, indices: tuple[int, ...]) -> tuple[Array]:
    table_bar = np.zeros_like(x, shape=(x.shape[0] + 1, *x.shape[1:]))
    np.add.at(table_bar, _rows(indices, x.shape[0]), y_bar)
    return (table_bar[: x.shape[0]],)


def _gather_each_or_zero_jvp(x_dot: Array, y: Array, x: Array, indices: tuple[int, ...]) -> Array:
    return gather_each_or_zero(x_dot, indices)


def _rows(indices: tuple[int, ...], count: int) -> Array:
    """The indices as an array, with `count` in place of each one that is out of range."""
    asked = np.array(indices, dtype=np.intp)
    return np.where(asked < count, asked, count)


def scatter_add_one(x: Array, v: Array, index: int) -> Array:
    return x + _alone(v, x, index)


def _scatter_add_one_vjp(y_bar: Array, y: Array, x: Array, v: Array, index: int) -> tuple[Array, Array]:
    return y_bar, y_bar[index, ...]


def _scatter_add_one_jvp(x_dot: Array, v_dot: Array, y: Array, x: Array, v: Array, index: int) -> Array:
    return x_dot + _alone(v_dot, x, index)


def _alone(v: Array, x: Array, index: int) -> Array:
    """Zeros like x, with v at an index of the leading axis."""
    total = np.zeros_like(x)
    total[index, ...] = v
    return total


for _op, _rank in (("gather_scalar", 1), ("gather_row", 2)):
    _entry = primitive(_op, shape=partial(shapes.row_in_range, _rank))(gather)
    _entry.vjp(_gather_vjp)
    _entry.jvp(_gather_jvp)

for _op, _rank in (("gather_scalar_ref", 1), ("gather_scalar_nat", 1), ("gather_row_ref", 2)):
    _entry = primitive(_op, shape=partial(shapes.row, _rank))(gather_or_zero)
    _entry.vjp(_gather_or_zero_vjp)
    _entry.jvp(_gather_or_zero_jvp)

for _op, _rank in (("gather_vec_ref", 1), ("gather_vec_nat", 1), ("gather_rows_ref", 2), ("gather_rows_nat", 2)):
    _entry = primitive(_op, shape=partial(shapes.rows, _rank))(gather_each_or_zero)
    _entry.vjp(_gather_each_or_zero_vjp)
    _entry.jvp(_gather_each_or_zero_jvp)

for _op, _rank in (("scatter_add_vec", 1), ("scatter_add_row", 2)):
    _entry = primitive(_op, shape=partial(shapes.added_row, _rank))(scatter_add_one)
    _entry.vjp(_scatter_add_one_vjp)
    _entry.jvp(_scatter_add_one_jvp)
