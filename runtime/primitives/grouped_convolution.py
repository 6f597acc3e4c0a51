"""Kernels of a convolution with a batch, groups and dilation: matrix products, one for each offset in the kernel.

Channels stand in rows of groups, and last while they are multiplied: (b, c, *q) is read as (b, g, *q, i).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..primitive import Array, primitive
from ..shapes import windows as shapes
from ..windows import cropped, padded, put, seen, stacked

Sizes = tuple[int, ...]
"""A number for each axis of cells."""


def _grouped(x: Array, groups: int) -> Array:
    """(b, g·i, *q) as (b, g, *q, i)."""
    return np.moveaxis(x.reshape((x.shape[0], groups, x.shape[1] // groups, *x.shape[2:])), 2, -1)


def _ungrouped(x: Array) -> Array:
    """(b, g, *q, i) as (b, g·i, *q)."""
    batch, groups, *sides, inner = x.shape
    return np.moveaxis(x, -1, 2).reshape((batch, groups * inner, *sides))


def _matrices(w: Array, kappa: Sizes, groups: int) -> Array:
    """(o, i, *k) at an offset as (g, 1, …, m, i), with a 1 for each axis of cells but the last."""
    rows = w[(..., *kappa)].reshape((groups, w.shape[0] // groups, w.shape[1]))
    return np.expand_dims(rows, tuple(range(1, w.ndim - 2)))


def _placed(kappa: Sizes, dilation: Sizes) -> Sizes:
    return tuple(k * d for k, d in zip(kappa, dilation, strict=True))


def _correlated(w: Array, x: Array, stride: Sizes, dilation: Sizes, groups: int, counts: Sequence[int]) -> Array:
    """y[t,o,q] = Σ_{γ,κ} w[o,γ,κ] x[t,⌊o/m⌋·i+γ,q·s+κ·d]"""
    return _ungrouped(
        sum(
            _grouped(seen(x, _placed(kappa, dilation), stride, counts), groups) @ _matrices(w, kappa, groups).mT
            for kappa in np.ndindex(*w.shape[2:])
        )
    )


def _conv(
    w: Array, b: Array, x: Array, stride: Sizes, padding: Sizes, dilation: Sizes, groups: int
) -> Array:
    axes = zip(x.shape[2:], w.shape[2:], stride, padding, dilation, strict=True)
    counts = tuple(shapes.fitting(n, (k - 1) * d + 1, s, p) for n, k, s, p, d in axes)
    products = _correlated(w, padded(x, padding), stride, dilation, groups, counts)
    return products + np.expand_dims(b, tuple(range(1, x.ndim - 1)))


@primitive("conv_nd", shape=shapes.conv_nd)
def conv_nd(
    w: Array, b: Array, x: Array, stride: tuple[int, ...], padding: tuple[int, ...], dilation: tuple[int, ...], groups: int
) -> Array:
    return _conv(w, b, x, stride, padding, dilation, groups)


@conv_nd.vjp
def _conv_nd_vjp(
    y_bar: Array, y: Array, w: Array, b: Array, x: Array, stride: Sizes, padding: Sizes, dilation: Sizes, groups: int
) -> tuple[Array, Array, Array]:
    cells, counts, axes = padded(x, padding), y_bar.shape[2:], tuple(range(2, x.ndim))
    rows, inner = w.shape[0] // groups, w.shape[1]
    summed = (0, *axes)

    def product(kappa: Sizes) -> Array:
        here = seen(cells, _placed(kappa, dilation), stride, counts)
        blocks = tuple(
            np.tensordot(y_bar[:, g * rows : (g + 1) * rows], here[:, g * inner : (g + 1) * inner], (summed, summed))
            for g in range(groups)
        )
        return np.stack(blocks).reshape((w.shape[0], inner))

    products = stacked(w.shape[2:], product)
    last = len(axes)
    grouped = _grouped(y_bar, groups)
    x_bar = sum(
        put(_ungrouped(grouped @ _matrices(w, kappa, groups)), _placed(kappa, dilation), stride, cells.shape[2:])
        for kappa in np.ndindex(*w.shape[2:])
    )
    w_bar = np.transpose(products, (last, last + 1, *range(last)))
    return w_bar, np.sum(y_bar, axis=summed), cropped(x_bar, padding, x.shape[2:])


@conv_nd.jvp
def _conv_nd_jvp(
    w_dot: Array, b_dot: Array, x_dot: Array, y: Array, w: Array, b: Array, x: Array,
    stride: Sizes, padding: Sizes, dilation: Sizes, groups: int,
) -> Array:  # fmt: skip
    still = _conv(w_dot, np.zeros_like(b_dot), x, stride, padding, dilation, groups)
    return _conv(w, b_dot, x_dot, stride, padding, dilation, groups) + still
