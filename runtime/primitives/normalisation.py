"""Kernels that divide by a sum over an axis."""

from __future__ import annotations

import numpy as np

from ..primitive import Array, primitive
from ..shapes import pointwise as shapes


@primitive("softmax", shape=shapes.along_axis)
def softmax(x: Array, axis: int | None = None) -> Array:
    if x.ndim == 0:
        return np.ones_like(x)
    place = x.ndim - 1 if axis is None else axis
    if x.shape[place] == 0:
        return x.copy()
    # The largest entry is subtracted so that no exponential overflows; it cancels in the quotient.
    weights = np.exp(x - np.max(x, axis=place, keepdims=True))
    return weights / np.sum(weights, axis=place, keepdims=True)


@softmax.vjp
def _softmax_vjp(y_bar: Array, y: Array, x: Array, axis: int | None = None) -> tuple[Array]:
    if x.ndim == 0:
        return (np.zeros_like(x),)
    place = x.ndim - 1 if axis is None else axis
    return (y * (y_bar - np.sum(y_bar * y, axis=place, keepdims=True)),)


@softmax.jvp
def _softmax_jvp(x_dot: Array, y: Array, x: Array, axis: int | None = None) -> Array:
    if x.ndim == 0:
        return np.zeros_like(x)
    place = x.ndim - 1 if axis is None else axis
    return y * (x_dot - np.sum(x_dot * y, axis=place, keepdims=True))
