"""Kernels of pools that take a smooth maximum of each window: one pass over the cells for each offset in it.

With u = x for β > 0 and −x for β < 0, and the top of a window its largest u, no exponential of |β| (u − top) overflows,
and that of the top is 1: so neither does their sum, and its logarithm is at least 0.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..primitive import Array, primitive
from ..shapes import windows as shapes
from ..windows import cropped, padded, put, seen

Sizes = tuple[int, ...]
"""A number for each axis but the first."""


def _tops(u: Array, kernel: Sizes, stride: Sizes, padding: Sizes) -> Array:
    """The largest cell of each window. Beyond the edge stands what is at the edge, which every window holds a cell of."""
    tops = np.pad(u, ((0, 0), *((p, p) for p in padding)), mode="edge")
    for axis, (size, step) in enumerate(zip(kernel, stride, strict=True), start=1):
        views = np.lib.stride_tricks.sliding_window_view(tops, size, axis)
        tops = np.max(views[(*[slice(None)] * axis, slice(None, None, step))], axis=-1)
    return tops


def _weights(
    x: Array, kernel: Sizes, stride: Sizes, padding: Sizes, beta: float
) -> tuple[Callable[[Sizes], Array], Array]:
    """e^(|β| (u − top)) at each offset, 0 for a cell beyond the edge; and the tops."""
    u = x if beta > 0 else -x
    tops = _tops(u, kernel, stride, padding)
    cells, real, counts = padded(u, padding), padded(np.ones_like(x[:1]), padding), tops.shape[1:]

    def weight(kappa: Sizes) -> Array:
        here = seen(real, kappa, stride, counts)
        return here * np.exp(abs(beta) * (here * (seen(cells, kappa, stride, counts) - tops)))

    return weight, tops


def _smooth(x: Array, kernel: Sizes, stride: Sizes, padding: Sizes, beta: float, sides: Sizes) -> Array:
    if 0 in sides:
        return np.zeros_like(x, shape=sides)
    weight, tops = _weights(x, kernel, stride, padding, beta)
    largest = tops + np.log(sum(weight(kappa) for kappa in np.ndindex(*kernel))) / abs(beta)
    return largest if beta > 0 else -largest


def _pulled(y_bar: Array, x: Array, kernel: Sizes, stride: Sizes, padding: Sizes, beta: float) -> Array:
    if 0 in y_bar.shape:
        return np.zeros_like(x)
    weight, _ = _weights(x, kernel, stride, padding, beta)
    shares = y_bar / sum(weight(kappa) for kappa in np.ndindex(*kernel))
    sides = tuple(n + 2 * p for n, p in zip(x.shape[1:], padding, strict=True))
    cells = sum(put(shares * weight(kappa), kappa, stride, sides) for kappa in np.ndindex(*kernel))
    return cropped(cells, padding, x.shape[1:])


def _pushed(x_dot: Array, y: Array, x: Array, kernel: Sizes, stride: Sizes, padding: Sizes, beta: float) -> Array:
    if 0 in y.shape:
        return np.zeros_like(y)
    weight, _ = _weights(x, kernel, stride, padding, beta)
    cells, counts = padded(x_dot, padding), y.shape[1:]
    moved = sum(weight(kappa) * seen(cells, kappa, stride, counts) for kappa in np.ndindex(*kernel))
    return moved / sum(weight(kappa) for kappa in np.ndindex(*kernel))


@primitive("smooth_max_pool", shape=shapes.smooth_pool)
def smooth_max_pool(
    x: Array, kernel: tuple[int, ...], stride: tuple[int, ...], padding: tuple[int, ...], beta: float
) -> Array:
    return _smooth(x, kernel, stride, padding, beta, shapes.pool(x.shape, kernel, stride, padding))


@smooth_max_pool.vjp
def _smooth_max_pool_vjp(
    y_bar: Array, y: Array, x: Array, kernel: Sizes, stride: Sizes, padding: Sizes, beta: float
) -> tuple[Array]:
    return (_pulled(y_bar, x, kernel, stride, padding, beta),)


@smooth_max_pool.jvp
def _smooth_max_pool_jvp(
    x_dot: Array, y: Array, x: Array, kernel: Sizes, stride: Sizes, padding: Sizes, beta: float
) -> Array:
    return _pushed(x_dot, y, x, kernel, stride, padding, beta)


@primitive("smooth_max_pool2d", shape=shapes.smooth_pool2d)
def smooth_max_pool2d(x: Array, kH: int, kW: int, stride: int, beta: float) -> Array:
    return _smooth(x, (kH, kW), (stride, stride), (0, 0), beta, shapes.pool2d(x.shape, kH, kW, stride))


@smooth_max_pool2d.vjp
def _smooth_max_pool2d_vjp(
    y_bar: Array, y: Array, x: Array, kH: int, kW: int, stride: int, beta: float
) -> tuple[Array]:
    return (_pulled(y_bar, x, (kH, kW), (stride, stride), (0, 0), beta),)


@smooth_max_pool2d.jvp
def _smooth_max_pool2d_jvp(
    x_dot: Array, y: Array, x: Array, kH: int, kW: int, stride: int, beta: float
) -> Array:
    return _pushed(x_dot, y, x, (kH, kW), (stride, stride), (0, 0), beta)
