"""Kernels that take the logarithm of a sum of exponentials along an axis.

The largest entry is subtracted first, so that no exponential overflows; it is added again, or cancels.
"""

from __future__ import annotations

import numpy as np

from ..primitive import Array, primitive
from ..shapes import pointwise, reduction


@primitive("log_softmax", shape=pointwise.along_axis)
def log_softmax(x: Array, axis: int | None = None) -> Array:
    if x.ndim == 0:
        return np.zeros_like(x)
    place = x.ndim - 1 if axis is None else axis
    if x.shape[place] == 0:
        return x.copy()
    shifted = x - np.max(x, axis=place, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=place, keepdims=True))


@log_softmax.vjp
def _log_softmax_vjp(y_bar: Array, y: Array, x: Array, axis: int | None = None) -> tuple[Array]:
    if x.ndim == 0:
        return (np.zeros_like(x),)
    place = x.ndim - 1 if axis is None else axis
    return (y_bar - np.exp(y) * np.sum(y_bar, axis=place, keepdims=True),)


@log_softmax.jvp
def _log_softmax_jvp(x_dot: Array, y: Array, x: Array, axis: int | None = None) -> Array:
    if x.ndim == 0:
        return np.zeros_like(x)
    place = x.ndim - 1 if axis is None else axis
    return x_dot - np.sum(np.exp(y) * x_dot, axis=place, keepdims=True)


@primitive("logsumexp", shape=reduction.without_full_axis)
def logsumexp(x: Array, axis: int) -> Array:
    shifted = x - np.max(x, axis=axis, keepdims=True)
    return np.max(x, axis=axis) + np.log(np.sum(np.exp(shifted), axis=axis))


@logsumexp.vjp
def _logsumexp_vjp(y_bar: Array, y: Array, x: Array, axis: int) -> tuple[Array]:
    return (np.expand_dims(y_bar, axis) * np.exp(x - np.expand_dims(y, axis)),)


@logsumexp.jvp
def _logsumexp_jvp(x_dot: Array, y: Array, x: Array, axis: int) -> Array:
    return np.sum(np.exp(x - np.expand_dims(y, axis)) * x_dot, axis=axis)
