"""Kernels that centre entries and divide them by the root of their mean square.

A variance is the mean of the squares of centred entries, never a difference of means of squares, which cancels.
"""

from __future__ import annotations

import math

import numpy as np

from ..primitive import Array, primitive
from ..shapes import norms as shapes


def _mean(x: Array, axes: tuple[int, ...]) -> Array:
    return np.sum(x, axis=axes, keepdims=True) / math.prod([x.shape[axis] for axis in axes])


def _mean_product(a: Array, b: Array, axes: tuple[int, ...]) -> Array:
    """The mean of a·b. Along the last axis alone it is a matrix product, row by row: no array of products is made."""
    if axes != (a.ndim - 1,):
        return _mean(a * b, axes)
    return np.squeeze(np.expand_dims(a, -2) @ np.expand_dims(b, -1), -1) / a.shape[-1]


def _mean_square(x: Array, axes: tuple[int, ...]) -> Array:
    return _mean_product(x, x, axes)


def _normalised(x: Array, axes: tuple[int, ...], eps: float) -> tuple[Array, Array]:
    """The centred entries over their deviation, and the deviation."""
    mean = _mean(x, axes)
    deviation = np.sqrt(_mean_square(x - mean, axes) + eps)
    # Centred a second time rather than kept: fewer large arrays at once take less time than the subtraction does.
    return (x - mean) / deviation, deviation


def _projected(v: Array, x_hat: Array, axes: tuple[int, ...]) -> Array:
    """What normalisation makes of a tangent times the deviation, and of a cotangent too: its derivative is symmetric."""
    return v - _mean(v, axes) - x_hat * _mean_product(v, x_hat, axes)


@primitive("layer_norm", shape=shapes.rows)
def layer_norm(x: Array, gamma: Array, beta: Array, eps: float = 1e-6) -> Array:
    return _normalised(x, (1,), eps)[0] * gamma + beta


@layer_norm.vjp
def _layer_norm_vjp(
    y_bar: Array, y: Array, x: Array, gamma: Array, beta: Array, eps: float = 1e-6
) -> tuple[Array, Array, Array]:
    x_hat, deviation = _normalised(x, (1,), eps)
    products = y_bar * x_hat
    # The means along a row of ȳ γ and of ȳ γ x̂, as matrix products.
    mean, aligned = (np.expand_dims(rows @ gamma, 1) / x.shape[1] for rows in (y_bar, products))
    # γ first, then the deviation: its reciprocal alone may take a tangent or cotangent out of range, though not the result.
    x_bar = (y_bar * gamma - mean - x_hat * aligned) / deviation
    return x_bar, np.sum(products, axis=0), np.sum(y_bar, axis=0)


@layer_norm.jvp
def _layer_norm_jvp(
    x_dot: Array, gamma_dot: Array, beta_dot: Array, y: Array, x: Array, gamma: Array, beta: Array, eps: float = 1e-6
) -> Array:
    x_hat, deviation = _normalised(x, (1,), eps)
    return _projected(x_dot, x_hat, (1,)) * gamma / deviation + x_hat * gamma_dot + beta_dot


def _planes(statistic: Array) -> Array:
    """One number a channel, over its plane."""
    return np.expand_dims(statistic, (1, 2))


@primitive("batchnorm_channel_first", shape=shapes.channels)
def batchnorm_channel_first(x: Array, gamma: Array, beta: Array, eps: float = 1e-6) -> Array:
    return _normalised(x, (1, 2), eps)[0] * _planes(gamma) + _planes(beta)


@batchnorm_channel_first.vjp
def _batchnorm_vjp(
    y_bar: Array, y: Array, x: Array, gamma: Array, beta: Array, eps: float = 1e-6
) -> tuple[Array, Array, Array]:
    x_hat, deviation = _normalised(x, (1, 2), eps)
    x_bar = _projected(y_bar * _planes(gamma), x_hat, (1, 2)) / deviation
    return x_bar, np.sum(y_bar * x_hat, axis=(1, 2)), np.sum(y_bar, axis=(1, 2))


@batchnorm_channel_first.jvp
def _batchnorm_jvp(
    x_dot: Array, gamma_dot: Array, beta_dot: Array, y: Array, x: Array, gamma: Array, beta: Array, eps: float = 1e-6
) -> Array:
    x_hat, deviation = _normalised(x, (1, 2), eps)
    moved = _projected(x_dot, x_hat, (1, 2)) * _planes(gamma) / deviation
    return moved + x_hat * _planes(gamma_dot) + _planes(beta_dot)


def _stored_deviation(variance: Array, eps: float) -> Array:
    return np.sqrt(np.maximum(variance, 0) + eps)


@primitive("batch_norm2d_nchw_eval", shape=shapes.stored)
def batch_norm2d_nchw_eval(
    x: Array, gamma: Array, beta: Array, mean: Array, variance: Array, eps: float = 1e-6
) -> Array:
    return (x - _planes(mean)) * _planes(gamma / _stored_deviation(variance, eps)) + _planes(beta)


@batch_norm2d_nchw_eval.vjp
def _batch_norm2d_vjp(
    y_bar: Array, y: Array, x: Array, gamma: Array, beta: Array, mean: Array, variance: Array, eps: float = 1e-6
) -> tuple[Array, ...]:
    deviation = _stored_deviation(variance, eps)
    scale = gamma / deviation
    beta_bar = np.sum(y_bar, axis=(0, 2, 3))
    gamma_bar = np.sum(y_bar * (x - _planes(mean)), axis=(0, 2, 3)) / deviation
    variance_bar = np.where(variance > 0, -(gamma_bar / deviation) * scale / 2, 0)
    return y_bar * _planes(scale), gamma_bar, beta_bar, -beta_bar * scale, variance_bar


@batch_norm2d_nchw_eval.jvp
def _batch_norm2d_jvp(
    x_dot: Array,
    gamma_dot: Array,
    beta_dot: Array,
    mean_dot: Array,
    variance_dot: Array,
    y: Array,
    x: Array,
    gamma: Array,
    beta: Array,
    mean: Array,
    variance: Array,
    eps: float = 1e-6,
) -> Array:
    deviation = _stored_deviation(variance, eps)
    growth = np.where(variance > 0, gamma * variance_dot / deviation / deviation / 2, 0)
    moved = (x_dot - _planes(mean_dot)) * _planes(gamma) + (x - _planes(mean)) * _planes(gamma_dot - growth)
    return moved / _planes(deviation) + _planes(beta_dot)


def _from(axis: int, x: Array) -> tuple[int, ...]:
    return tuple(range(axis, x.ndim))


@primitive("layernorm", shape=shapes.suffix)
def layernorm(x: Array, axis: int, eps: float = 1e-6) -> Array:
    return _normalised(x, _from(axis, x), eps)[0]


@layernorm.vjp
def _layernorm_vjp(y_bar: Array, y: Array, x: Array, axis: int, eps: float = 1e-6) -> tuple[Array]:
    x_hat, deviation = _normalised(x, _from(axis, x), eps)
    return (_projected(y_bar, x_hat, _from(axis, x)) / deviation,)


@layernorm.jvp
def _layernorm_jvp(x_dot: Array, y: Array, x: Array, axis: int, eps: float = 1e-6) -> Array:
    x_hat, deviation = _normalised(x, _from(axis, x), eps)
    return _projected(x_dot, x_hat, _from(axis, x)) / deviation


def _root_mean_square(x: Array, eps: float) -> Array:
    return np.sqrt(_mean(x * x, (x.ndim - 1,)) + eps)


@primitive("rms_norm", shape=shapes.last)
def rms_norm(x: Array, gamma: Array, eps: float = 1e-6) -> Array:
    return x / _root_mean_square(x, eps) * gamma


@rms_norm.vjp
def _rms_norm_vjp(y_bar: Array, y: Array, x: Array, gamma: Array, eps: float = 1e-6) -> tuple[Array, Array]:
    scale = _root_mean_square(x, eps)
    x_hat = x / scale
    v = y_bar * gamma
    gamma_bar = np.sum(y_bar * x_hat, axis=tuple(range(x.ndim - 1)))
    return (v - x_hat * _mean(v * x_hat, (x.ndim - 1,))) / scale, gamma_bar


@rms_norm.jvp
def _rms_norm_jvp(x_dot: Array, gamma_dot: Array, y: Array, x: Array, gamma: Array, eps: float = 1e-6) -> Array:
    scale = _root_mean_square(x, eps)
    x_hat = x / scale
    return (x_dot - x_hat * _mean(x_dot * x_hat, (x.ndim - 1,))) * gamma / scale + x_hat * gamma_dot


def _centred(x: Array, axis: int) -> Array:
    return x - _mean(x, (axis,))


@primitive("var", shape=shapes.corrected)
def var(x: Array, axis: int, correction: int = 0) -> Array:
    centred = _centred(x, axis)
    return np.sum(centred * centred, axis=axis) / (x.shape[axis] - correction)


@var.vjp
def _var_vjp(y_bar: Array, y: Array, x: Array, axis: int, correction: int = 0) -> tuple[Array]:
    return (2 * _centred(x, axis) * np.expand_dims(y_bar, axis) / (x.shape[axis] - correction),)


@var.jvp
def _var_jvp(x_dot: Array, y: Array, x: Array, axis: int, correction: int = 0) -> Array:
    return np.sum(2 * _centred(x, axis) * x_dot, axis=axis) / (x.shape[axis] - correction)
