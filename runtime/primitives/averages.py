"""Kernels of pools that every cell of a window has a share in: one pass over the cells for each offset in the window."""

from __future__ import annotations

import math

import numpy as np

from ..primitive import Array, primitive
from ..shapes import windows as shapes
from ..windows import cropped, padded, put, seen

Sizes = tuple[int, ...]
"""A number for each axis but the first."""


def _averaged(x: Array, kernel: Sizes, stride: Sizes, padding: Sizes, counts: Sizes) -> Array:
    cells = padded(x, padding)
    return sum(seen(cells, kappa, stride, counts) for kappa in np.ndindex(*kernel)) / math.prod(kernel)


def _shared(y_bar: Array, x: Array, kernel: Sizes, stride: Sizes, padding: Sizes) -> Array:
    sides = tuple(n + 2 * p for n, p in zip(x.shape[1:], padding, strict=True))
    shares = y_bar / math.prod(kernel)
    return cropped(sum(put(shares, kappa, stride, sides) for kappa in np.ndindex(*kernel)), padding, x.shape[1:])


@primitive("avg_pool", shape=shapes.pool)
def avg_pool(x: Array, kernel: tuple[int, ...], stride: tuple[int, ...], padding: tuple[int, ...]) -> Array:
    return _averaged(x, kernel, stride, padding, shapes.pool(x.shape, kernel, stride, padding)[1:])


@avg_pool.vjp
def _avg_pool_vjp(y_bar: Array, y: Array, x: Array, kernel: Sizes, stride: Sizes, padding: Sizes) -> tuple[Array]:
    return (_shared(y_bar, x, kernel, stride, padding),)


@avg_pool.jvp
def _avg_pool_jvp(x_dot: Array, y: Array, x: Array, kernel: Sizes, stride: Sizes, padding: Sizes) -> Array:
    return _averaged(x_dot, kernel, stride, padding, y.shape[1:])


@primitive("avg_pool2d", shape=shapes.pool2d)
def avg_pool2d(x: Array, kH: int, kW: int, stride: int) -> Array:
    return _averaged(x, (kH, kW), (stride, stride), (0, 0), shapes.pool2d(x.shape, kH, kW, stride)[1:])


@avg_pool2d.vjp
def _avg_pool2d_vjp(y_bar: Array, y: Array, x: Array, kH: int, kW: int, stride: int) -> tuple[Array]:
    return (_shared(y_bar, x, (kH, kW), (stride, stride), (0, 0)),)


@avg_pool2d.jvp
def _avg_pool2d_jvp(x_dot: Array, y: Array, x: Array, kH: int, kW: int, stride: int) -> Array:
    return _averaged(x_dot, (kH, kW), (stride, stride), (0, 0), y.shape[1:])


@primitive("avg_pool2d_pad", shape=shapes.pool2d)
def avg_pool2d_pad(x: Array, kH: int, kW: int, stride: int, padding: int) -> Array:
    counts = shapes.pool2d(x.shape, kH, kW, stride, padding)[1:]
    return _averaged(x, (kH, kW), (stride, stride), (padding, padding), counts)


@avg_pool2d_pad.vjp
def _avg_pool2d_pad_vjp(
    y_bar: Array, y: Array, x: Array, kH: int, kW: int, stride: int, padding: int
) -> tuple[Array]:
    return (_shared(y_bar, x, (kH, kW), (stride, stride), (padding, padding)),)


@avg_pool2d_pad.jvp
def _avg_pool2d_pad_jvp(x_dot: Array, y: Array, x: Array, kH: int, kW: int, stride: int, padding: int) -> Array:
    return _averaged(x_dot, (kH, kW), (stride, stride), (padding, padding), y.shape[1:])
