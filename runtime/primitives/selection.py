"""Kernels that read, add to or replace entries along any one axis."""

from __future__ import annotations

import numpy as np

from ..primitive import Array, primitive
from ..shapes import selection as shapes


@primitive("select", shape=shapes.without)
def select(x: Array, axis: int, index: int) -> Array:
    return x[_along(axis, index)]


@select.vjp
def _select_vjp(y_bar: Array, y: Array, x: Array, axis: int, index: int) -> tuple[Array]:
    x_bar = np.zeros_like(x)
    x_bar[_along(axis, index)] = y_bar
    return (x_bar,)


@select.jvp
def _select_jvp(x_dot: Array, y: Array, x: Array, axis: int, index: int) -> Array:
    return x_dot[_along(axis, index)]


def _along(axis: int, key: int | slice) -> tuple[object, ...]:
    """The index that applies a key to an axis and keeps the others."""
    return (*[slice(None)] * axis, key, ...)


@primitive("index_select", shape=shapes.selected)
def index_select(x: Array, axis: int, indices: tuple[int, ...]) -> Array:
    return _picked(x, axis, indices)


@index_select.vjp
def _index_select_vjp(y_bar: Array, y: Array, x: Array, axis: int, indices: tuple[int, ...]) -> tuple[Array]:
    return (_summed(y_bar, x, axis, indices),)


@index_select.jvp
def _index_select_jvp(x_dot: Array, y: Array, x: Array, axis: int, indices: tuple[int, ...]) -> Array:
    return _picked(x_dot, axis, indices)


def _picked(x: Array, axis: int, indices: tuple[int, ...]) -> Array:
    return np.take(x, np.array(indices, dtype=np.intp), axis=axis)


def _summed(v: Array, x: Array, axis: int, indices: tuple[int, ...]) -> Array:
    """Zeros like x, to which the entries of v along an axis are added, each at its index."""
    total = np.zeros_like(np.moveaxis(x, axis, 0))
    np.add.at(total, np.array(indices, dtype=np.intp), np.moveaxis(v, axis, 0))
    return np.moveaxis(total, 0, axis)


@primitive("embedding", shape=shapes.embedded)
def embedding(table: Array, indices: tuple[int, ...]) -> Array:
    return table[np.array(indices, dtype=np.intp)]


@embedding.vjp
def _embedding_vjp(y_bar: Array, y: Array, table: Array, indices: tuple[int, ...]) -> tuple[Array]:
    table_bar = np.zeros_like(table)
    np.add.at(table_bar, np.array(indices, dtype=np.intp), y_bar)
    return (table_bar,)


@embedding.jvp
def _embedding_jvp(table_dot: Array, y: Array, table: Array, indices: tuple[int, ...]) -> Array:
    return table_dot[np.array(indices, dtype=np.intp)]


@primitive("scatter_add", shape=shapes.added)
def scatter_add(x: Array, v: Array, axis: int, indices: tuple[int, ...]) -> Array:
    return x + _summed(v, x, axis, indices)


@scatter_add.vjp
def _scatter_add_vjp(
    y_bar: Array, y: Array, x: Array, v: Array, axis: int, indices: tuple[int, ...]
) -> tuple[Array, Array]:
    return y_bar, _picked(y_bar, axis, indices)


@scatter_add.jvp
def _scatter_add_jvp(
    x_dot: Array, v_dot: Array, y: Array, x: Array, v: Array, axis: int, indices: tuple[int, ...]
) -> Array:
    return x_dot + _summed(v_dot, x, axis, indices)


@primitive("slice_assign", shape=shapes.assigned)
def slice_assign(x: Array, v: Array, axis: int, start: int) -> Array:
    return _replaced(x, v, axis, start)


@slice_assign.vjp
def _slice_assign_vjp(y_bar: Array, y: Array, x: Array, v: Array, axis: int, start: int) -> tuple[Array, Array]:
    stop = start + v.shape[axis]
    return _replaced(y_bar, np.zeros_like(v), axis, start), y_bar[_along(axis, slice(start, stop))]


@slice_assign.jvp
def _slice_assign_jvp(x_dot: Array, v_dot: Array, y: Array, x: Array, v: Array, axis: int, start: int) -> Array:
    return _replaced(x_dot, v_dot, axis, start)


def _replaced(x: Array, v: Array, axis: int, start: int) -> Array:
    """x with v in place of its entries from `start` on along an axis."""
    before, after = x[_along(axis, slice(None, start))], x[_along(axis, slice(start + v.shape[axis], None))]
    return np.concatenate((before, v, after), axis=axis)
