"""Convolution kernels: a matrix product for each offset in the kernel, or for each row of offsets at once.

A convolution takes a row at once where what the windows see along it is no larger than the result: a product of few channels
takes much longer than its share of a product of many. So no array is larger than the padded cells or the result.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..primitive import Array, primitive
from ..shapes import windows as shapes
from ..windows import cropped, padded, put, seen, stacked

Runs = tuple[tuple[int, ...], int]
"""Runs of neighbouring offsets along the kernel's last axis: how many there are on each axis, and how long one is."""


def _alone(w: Array) -> Runs:
    return w.shape[2:], 1


def _rows(w: Array) -> Runs:
    *before, last = w.shape[2:]
    return ((*before, 1), last) if w.shape[1] * last <= w.shape[0] else _alone(w)


def _offset(run: Sequence[int], length: int, place: int) -> tuple[int, ...]:
    """The offset at a place in a run."""
    return (*run[:-1], run[-1] * length + place)


def _weights(w: Array, run: Sequence[int], length: int) -> Array:
    """The weights of a run, along a last axis."""
    start = run[-1] * length
    return w[(slice(None), slice(None), *run[:-1], slice(start, start + length))]


def _seen_along(x: Array, run: Sequence[int], length: int, stride: Sequence[int], counts: Sequence[int]) -> Array:
    """What each window sees at the offsets of a run, along a new first axis."""
    return stacked((length,), lambda place: seen(x, _offset(run, length, *place), stride, counts))


def _correlated(w: Array, x: Array, stride: Sequence[int], counts: Sequence[int], taken: Runs) -> Array:
    """y[o,q] = Σ_{c,κ} w[o,c,κ] x[c,q·s+κ]"""
    runs, length = taken
    return sum(
        np.tensordot(_weights(w, run, length), _seen_along(x, run, length, stride, counts), ((2, 1), (0, 1)))
        for run in np.ndindex(*runs)
    )


def _scattered(w: Array, x: Array, stride: Sequence[int], sides: Sequence[int], taken: Runs) -> Array:
    """y[o,r] = Σ_{c,κ,t} [t·s+κ = r] w[c,o,κ] x[c,t], for r below the sides"""
    runs, length = taken

    def along(run: Sequence[int]) -> Array:
        products = np.tensordot(_weights(w, run, length), x, ((0,), (0,)))
        return sum(put(products[:, place], _offset(run, length, place), stride, sides) for place in range(length))

    return sum(along(run) for run in np.ndindex(*runs))


def _offset_products(one: Array, x: Array, kernel: Sequence[int], stride: Sequence[int], taken: Runs) -> Array:
    """w[a,c,κ] = Σ_q one[a,q] x[c,q·s+κ]"""
    runs, length = taken
    axes = tuple(range(1, x.ndim))
    later, counts = tuple(axis + 1 for axis in axes), one.shape[1:]

    def along(run: Sequence[int]) -> Array:
        return np.tensordot(one, _seen_along(x, run, length, stride, counts), (axes, later))

    products = stacked(runs, along)
    last = len(kernel)
    # The axes are the runs, a, the places in a run, and c.
    return np.transpose(products, (last, last + 2, *range(last), last + 1)).reshape((one.shape[0], x.shape[0], *kernel))


def _along(channels: Array, axes: int) -> Array:
    """One entry a channel, with so many axes of length 1 after it."""
    return np.expand_dims(channels, tuple(range(1, axes + 1)))


def _conv(w: Array, b: Array, x: Array, stride: Sequence[int], padding: Sequence[int]) -> Array:
    counts = tuple(shapes.fitting(*axis) for axis in zip(x.shape[1:], w.shape[2:], stride, padding, strict=True))
    return _correlated(w, padded(x, padding), stride, counts, _rows(w)) + _along(b, len(counts))


def _pulled(
    y_bar: Array, w: Array, x: Array, stride: Sequence[int], padding: Sequence[int]
) -> tuple[Array, Array, Array]:
    cells = padded(x, padding)
    runs = _rows(w)
    w_bar = _offset_products(y_bar, cells, w.shape[2:], stride, runs)
    x_bar = cropped(_scattered(w, y_bar, stride, cells.shape[1:], runs), padding, x.shape[1:])
    return w_bar, np.sum(y_bar, axis=tuple(range(1, x.ndim))), x_bar


def _pushed(
    w_dot: Array, b_dot: Array, x_dot: Array, w: Array, x: Array, stride: Sequence[int], padding: Sequence[int]
) -> Array:
    return _conv(w, b_dot, x_dot, stride, padding) + _conv(w_dot, np.zeros_like(b_dot), x, stride, padding)


def _conv_transpose(w: Array, b: Array, x: Array, stride: Sequence[int], padding: Sequence[int]) -> Array:
    cells = tuple(shapes.covered(*axis) for axis in zip(x.shape[1:], w.shape[2:], stride, strict=True))
    sides = tuple(max(0, side - 2 * p) for side, p in zip(cells, padding, strict=True))
    return cropped(_scattered(w, x, stride, cells, _alone(w)), padding, sides) + _along(b, len(cells))


def _transpose_pulled(
    y_bar: Array, w: Array, x: Array, stride: Sequence[int], padding: Sequence[int]
) -> tuple[Array, Array, Array]:
    cells = padded(y_bar, padding)
    runs = _alone(w)
    w_bar = _offset_products(x, cells, w.shape[2:], stride, runs)
    return w_bar, np.sum(y_bar, axis=tuple(range(1, x.ndim))), _correlated(w, cells, stride, x.shape[1:], runs)


def _transpose_pushed(
    w_dot: Array, b_dot: Array, x_dot: Array, w: Array, x: Array, stride: Sequence[int], padding: Sequence[int]
) -> Array:
    still = _conv_transpose(w_dot, np.zeros_like(b_dot), x, stride, padding)
    return _conv_transpose(w, b_dot, x_dot, stride, padding) + still


Sides = tuple[int, ...]


@primitive("conv", shape=shapes.conv)
def conv(w: Array, b: Array, x: Array, stride: tuple[int, ...], padding: tuple[int, ...]) -> Array:
    return _conv(w, b, x, stride, padding)


@conv.vjp
def _conv_vjp(
    y_bar: Array, y: Array, w: Array, b: Array, x: Array, stride: Sides, padding: Sides
) -> tuple[Array, Array, Array]:
    return _pulled(y_bar, w, x, stride, padding)


@conv.jvp
def _conv_jvp(
    w_dot: Array, b_dot: Array, x_dot: Array, y: Array, w: Array, b: Array, x: Array, stride: Sides, padding: Sides
) -> Array:
    return _pushed(w_dot, b_dot, x_dot, w, x, stride, padding)


@primitive("conv2d", shape=shapes.conv2d)
def conv2d(w: Array, b: Array, x: Array, stride: int, padding: int) -> Array:
    return _conv(w, b, x, (stride, stride), (padding, padding))


@conv2d.vjp
def _conv2d_vjp(
    y_bar: Array, y: Array, w: Array, b: Array, x: Array, stride: int, padding: int
) -> tuple[Array, Array, Array]:
    return _pulled(y_bar, w, x, (stride, stride), (padding, padding))


@conv2d.jvp
def _conv2d_jvp(
    w_dot: Array, b_dot: Array, x_dot: Array, y: Array, w: Array, b: Array, x: Array, stride: int, padding: int
) -> Array:
    return _pushed(w_dot, b_dot, x_dot, w, x, (stride, stride), (padding, padding))


@primitive("conv_transpose", shape=shapes.conv_transpose)
def conv_transpose(w: Array, b: Array, x: Array, stride: tuple[int, ...], padding: tuple[int, ...]) -> Array:
    return _conv_transpose(w, b, x, stride, padding)


@conv_transpose.vjp
def _conv_transpose_vjp(
    y_bar: Array, y: Array, w: Array, b: Array, x: Array, stride: Sides, padding: Sides
) -> tuple[Array, Array, Array]:
    return _transpose_pulled(y_bar, w, x, stride, padding)


@conv_transpose.jvp
def _conv_transpose_jvp(
    w_dot: Array, b_dot: Array, x_dot: Array, y: Array, w: Array, b: Array, x: Array, stride: Sides, padding: Sides
) -> Array:
    return _transpose_pushed(w_dot, b_dot, x_dot, w, x, stride, padding)


@primitive("conv_transpose2d", shape=shapes.conv_transpose2d)
def conv_transpose2d(w: Array, b: Array, x: Array, stride: int, padding: int) -> Array:
    return _conv_transpose(w, b, x, (stride, stride), (padding, padding))


@conv_transpose2d.vjp
def _conv_transpose2d_vjp(
    y_bar: Array, y: Array, w: Array, b: Array, x: Array, stride: int, padding: int
) -> tuple[Array, Array, Array]:
    return _transpose_pulled(y_bar, w, x, (stride, stride), (padding, padding))


@conv_transpose2d.jvp
def _conv_transpose2d_jvp(
    w_dot: Array, b_dot: Array, x_dot: Array, y: Array, w: Array, b: Array, x: Array, stride: int, padding: int
) -> Array:
    return _transpose_pushed(w_dot, b_dot, x_dot, w, x, (stride, stride), (padding, padding))
