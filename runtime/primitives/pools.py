"""Kernels that take the largest entry of each window, or along an axis.

Windows are reduced axis by axis, the last axis first: the first row with the largest entry and the first such entry in
it are what comes first in row-major order. A padded cell is −∞, which every real cell beats.
"""

from __future__ import annotations

import numpy as np

from ..primitive import Array, primitive
from ..shapes import pools as shapes

Sizes = tuple[int, ...]
"""A number for each axis but the first."""


def _windows(x: Array, axis: int, size: int, stride: int, padding: int, fill: float) -> Array:
    """The windows along an axis, their cells along a new last one; what lies outside x is `fill`."""
    edges = [(padding, padding) if k == axis else (0, 0) for k in range(x.ndim)]
    padded = np.pad(x, edges, constant_values=fill)
    windows = np.lib.stride_tricks.sliding_window_view(padded, size, axis=axis)
    return windows[(slice(None),) * axis + (slice(None, None, stride),)]


def _tops(x: Array, axis: int, size: int, stride: int, padding: int) -> Array:
    """The largest cell of each window along an axis; −∞ where none is real."""
    if axis < x.ndim - 1:
        return np.max(_windows(x, axis, size, stride, padding, -np.inf), axis=-1)
    # numpy compares row with row fast, and the few neighbours in each window of a row slowly: so rows become columns.
    columns = np.swapaxes(x, axis - 1, axis).copy()
    tops = np.max(_windows(columns, axis - 1, size, stride, padding, -np.inf), axis=-1)
    return np.swapaxes(tops, axis - 1, axis)


def _pooled(x: Array, kernel: Sizes, stride: Sizes, padding: Sizes) -> Array:
    """The largest cell of each window; −∞ where none is real."""
    for axis in range(x.ndim - 1, 0, -1):
        x = _tops(x, axis, kernel[axis - 1], stride[axis - 1], padding[axis - 1])
    return x


def _winners(x: Array, kernel: Sizes, stride: Sizes, padding: Sizes) -> list[Array]:
    """For each axis but the first, in each window along it, which cell is the first of the largest."""
    places = []
    for axis in range(x.ndim - 1, 0, -1):
        windows = _windows(x, axis, kernel[axis - 1], stride[axis - 1], padding[axis - 1], -np.inf)
        places.append(np.argmax(windows, axis=-1, keepdims=True))
        if axis > 1:
            x = _tops(x, axis, kernel[axis - 1], stride[axis - 1], padding[axis - 1])
    return places[::-1]


def _pulled(y_bar: Array, x: Array, kernel: Sizes, stride: Sizes, padding: Sizes) -> Array:
    """Each window's cotangent added to the cell that wins in it; the axis reduced last goes first."""
    if 0 in y_bar.shape:
        return np.zeros_like(x)
    for axis, place in enumerate(_winners(x, kernel, stride, padding), start=1):
        y_bar = _spread(y_bar, place, axis, x.shape[axis], kernel[axis - 1], stride[axis - 1], padding[axis - 1])
    return y_bar


def _spread(
    y_bar: Array, place: Array, axis: int, length: int, size: int, stride: int, padding: int
) -> Array:
    """One axis of windows back to its cells; padded cells receive something only where none is real."""
    before = (slice(None),) * axis
    sides = (*y_bar.shape[:axis], length + 2 * padding, *y_bar.shape[axis + 1 :])
    reach = stride * y_bar.shape[axis]

    def won(offset: int) -> Array:
        """What the windows give whose winner is this many cells from their start."""
        cells = np.zeros_like(y_bar, shape=sides)
        cells[(*before, slice(offset, offset + reach, stride))] = np.where(place[..., 0] == offset, y_bar, 0)
        return cells

    cells: Array = sum(won(offset) for offset in range(size))
    return cells[(*before, slice(padding, padding + length))]


def _pushed(x_dot: Array, x: Array, y: Array, kernel: Sizes, stride: Sizes, padding: Sizes) -> Array:
    """The tangent of the cell that wins in each window; 0 where none is real."""
    if 0 in y.shape:
        return np.zeros_like(y)
    places = _winners(x, kernel, stride, padding)
    for axis in range(x.ndim - 1, 0, -1):
        windows = _windows(x_dot, axis, kernel[axis - 1], stride[axis - 1], padding[axis - 1], 0)
        x_dot = np.take_along_axis(windows, places[axis - 1], axis=-1)[..., 0]
    return x_dot


@primitive("max_pool", shape=shapes.max_pool)
def max_pool(x: Array, kernel: Sizes, stride: Sizes, padding: Sizes) -> Array:
    sides = shapes.max_pool(x.shape, kernel, stride, padding)
    return np.zeros_like(x, shape=sides) if 0 in sides else _pooled(x, kernel, stride, padding)


@max_pool.vjp
def _max_pool_vjp(y_bar: Array, y: Array, x: Array, kernel: Sizes, stride: Sizes, padding: Sizes) -> tuple[Array]:
    return (_pulled(y_bar, x, kernel, stride, padding),)


@max_pool.jvp
def _max_pool_jvp(x_dot: Array, y: Array, x: Array, kernel: Sizes, stride: Sizes, padding: Sizes) -> Array:
    return _pushed(x_dot, x, y, kernel, stride, padding)


@primitive("max_pool2d", shape=shapes.max_pool2d)
def max_pool2d(x: Array, kH: int, kW: int, stride: int) -> Array:
    sides = shapes.max_pool2d(x.shape, kH, kW, stride)
    return np.zeros_like(x, shape=sides) if 0 in sides else _pooled(x, (kH, kW), (stride, stride), (0, 0))


@max_pool2d.vjp
def _max_pool2d_vjp(y_bar: Array, y: Array, x: Array, kH: int, kW: int, stride: int) -> tuple[Array]:
    return (_pulled(y_bar, x, (kH, kW), (stride, stride), (0, 0)),)


@max_pool2d.jvp
def _max_pool2d_jvp(x_dot: Array, y: Array, x: Array, kH: int, kW: int, stride: int) -> Array:
    return _pushed(x_dot, x, y, (kH, kW), (stride, stride), (0, 0))


@primitive("max_pool2d_pad", shape=shapes.max_pool2d)
def max_pool2d_pad(x: Array, kH: int, kW: int, stride: int, padding: int) -> Array:
    sides = shapes.max_pool2d(x.shape, kH, kW, stride, padding)
    if 0 in sides:
        return np.zeros_like(x, shape=sides)
    y = _pooled(x, (kH, kW), (stride, stride), (padding, padding))
    return np.where(y > -np.inf, y, 0)


@max_pool2d_pad.vjp
def _max_pool2d_pad_vjp(y_bar: Array, y: Array, x: Array, kH: int, kW: int, stride: int, padding: int) -> tuple[Array]:
    return (_pulled(y_bar, x, (kH, kW), (stride, stride), (padding, padding)),)


@max_pool2d_pad.jvp
def _max_pool2d_pad_jvp(x_dot: Array, y: Array, x: Array, kH: int, kW: int, stride: int, padding: int) -> Array:
    return _pushed(x_dot, x, y, (kH, kW), (stride, stride), (padding, padding))


@primitive("reduce_max", shape=shapes.without_axis)
def reduce_max(x: Array, axis: int) -> Array:
    return np.max(x, axis=axis)


@reduce_max.vjp
def _reduce_max_vjp(y_bar: Array, y: Array, x: Array, axis: int) -> tuple[Array]:
    x_bar = np.zeros_like(x)
    place = np.argmax(x, axis=axis, keepdims=True)
    np.put_along_axis(x_bar, place, np.expand_dims(y_bar, axis), axis=axis)
    return (x_bar,)


@reduce_max.jvp
def _reduce_max_jvp(x_dot: Array, y: Array, x: Array, axis: int) -> Array:
    place = np.argmax(x, axis=axis, keepdims=True)
    return np.take_along_axis(x_dot, place, axis=axis).reshape(y.shape)
