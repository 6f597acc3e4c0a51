"""Kernels that sum entries away."""

from __future__ import annotations

import numpy as np

from ..primitive import Array, primitive
from ..shapes import reduction as shapes


@primitive("sum", shape=shapes.scalar)
def sum_(x: Array) -> Array:
    return np.sum(x)


@sum_.vjp
def _sum_vjp(y_bar: Array, y: Array, x: Array) -> tuple[Array]:
    return (np.broadcast_to(y_bar, x.shape),)


@sum_.jvp
def _sum_jvp(x_dot: Array, y: Array, x: Array) -> Array:
    return np.sum(x_dot)


@primitive("reduce_sum", shape=shapes.without_axis)
def reduce_sum(x: Array, axis: int) -> Array:
    return np.sum(x, axis=axis)


@reduce_sum.vjp
def _reduce_sum_vjp(y_bar: Array, y: Array, x: Array, axis: int) -> tuple[Array]:
    return (np.broadcast_to(np.expand_dims(y_bar, axis), x.shape),)


@reduce_sum.jvp
def _reduce_sum_jvp(x_dot: Array, y: Array, x: Array, axis: int) -> Array:
    return np.sum(x_dot, axis=axis)


@primitive("reduce_mean", shape=shapes.without_axis)
def reduce_mean(x: Array, axis: int) -> Array:
    return np.sum(x, axis=axis) / x.shape[axis]


@reduce_mean.vjp
def _reduce_mean_vjp(y_bar: Array, y: Array, x: Array, axis: int) -> tuple[Array]:
    return (np.broadcast_to(np.expand_dims(y_bar / x.shape[axis], axis), x.shape),)


@reduce_mean.jvp
def _reduce_mean_jvp(x_dot: Array, y: Array, x: Array, axis: int) -> Array:
    return np.sum(x_dot, axis=axis) / x.shape[axis]


@primitive("mse_loss", shape=shapes.scalar)
def mse_loss(prediction: Array, target: Array) -> Array:
    count = prediction.size if prediction.size > 0 else 1
    difference = prediction - target
    return np.sum(difference * difference) / count


@mse_loss.vjp
def _mse_loss_vjp(y_bar: Array, y: Array, prediction: Array, target: Array) -> tuple[Array, Array]:
    count = prediction.size if prediction.size > 0 else 1
    prediction_bar = 2 * (prediction - target) * y_bar / count
    return prediction_bar, -prediction_bar


@mse_loss.jvp
def _mse_loss_jvp(p_dot: Array, t_dot: Array, y: Array, prediction: Array, target: Array) -> Array:
    count = prediction.size if prediction.size > 0 else 1
    return np.sum(2 * (prediction - target) * (p_dot - t_dot)) / count
