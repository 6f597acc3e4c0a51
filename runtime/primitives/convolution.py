"""Convolution kernels: one matrix product for each offset in the kernel, so that no array is larger than the padded ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..primitive import Array, primitive
from ..shapes import windows as shapes
from ..windows import cropped, padded, put, seen, stacked


def _correlated(w: Array, x: Array, stride: Sequence[int], counts: Sequence[int]) -> Array:
    """y[o,q] = Σ_{c,κ} w[o,c,κ] x[c,q·s+κ]"""
    kernel = w.shape[2:]
    return sum(np.tensordot(w[(..., *kappa)], seen(x, kappa, stride, counts), 1) for kappa in np.ndindex(*kernel))


def _scattered(w: Array, x: Array, stride: Sequence[int], sides: Sequence[int]) -> Array:
    """y[o,r] = Σ_{c,κ,t} [t·s+κ = r] w[c,o,κ] x[c,t], for r below the sides"""
    kernel = w.shape[2:]
    return sum(
        put(np.tensordot(w[(..., *kappa)], x, ((0,), (0,))), kappa, stride, sides) for kappa in np.ndindex(*kernel)
    )


def _offset_products(one: Array, x: Array, kernel: Sequence[int], stride: Sequence[int]) -> Array:
    """w[a,c,κ] = Σ_q one[a,q] x[c,q·s+κ]"""
    axes = tuple(range(1, x.ndim))
    counts = one.shape[1:]
    products = stacked(kernel, lambda kappa: np.tensordot(one, seen(x, kappa, stride, counts), (axes, axes)))
    last = len(kernel)
    return np.transpose(products, (last, last + 1, *range(last)))


def _along(channels: Array, axes: int) -> Array:
    """One entry a channel, with so many axes of length 1 after it."""
    return np.expand_dims(channels, tuple(range(1, axes + 1)))


def _conv(w: Array, b: Array, x: Array, stride: Sequence[int], padding: Sequence[int]) -> Array:
    counts = tuple(shapes.fitting(*axis) for axis in zip(x.shape[1:], w.shape[2:], stride, padding, strict=True))
    return _correlated(w, padded(x, padding), stride, counts) + _along(b, len(counts))


def _pulled(
    y_bar: Array, w: Array, x: Array, stride: Sequence[int], padding: Sequence[int]
) -> tuple[Array, Array, Array]:
    cells = padded(x, padding)
    w_bar = _offset_products(y_bar, cells, w.shape[2:], stride)
    x_bar = cropped(_scattered(w, y_bar, stride, cells.shape[1:]), padding, x.shape[1:])
    return w_bar, np.sum(y_bar, axis=tuple(range(1, x.ndim))), x_bar


def _pushed(
    w_dot: Array, b_dot: Array, x_dot: Array, w: Array, x: Array, stride: Sequence[int], padding: Sequence[int]
) -> Array:
    return _conv(w, b_dot, x_dot, stride, padding) + _conv(w_dot, np.zeros_like(b_dot), x, stride, padding)


def _conv_transpose(w: Array, b: Array, x: Array, stride: Sequence[int], padding: Sequence[int]) -> Array:
    cells = tuple(shapes.covered(*axis) for axis in zip(x.shape[1:], w.shape[2:], stride, strict=True))
    sides = tuple(max(0, side - 2 * p) for side, p in zip(cells, padding, strict=True))
    return cropped(_scattered(w, x, stride, cells), padding, sides) + _along(b, len(cells))


def _transpose_pulled(
    y_bar: Array, w: Array, x: Array, stride: Sequence[int], padding: Sequence[int]
) -> tuple[Array, Array, Array]:
    cells = padded(y_bar, padding)
    w_bar = _offset_products(x, cells, w.shape[2:], stride)
    return w_bar, np.sum(y_bar, axis=tuple(range(1, x.ndim))), _correlated(w, cells, stride, x.shape[1:])


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
