"""Kernels of losses beside the mean squared error."""

from __future__ import annotations

import numpy as np

from ..primitive import Array, primitive
from ..shapes import losses as shapes


@primitive("huber", shape=shapes.huber)
def huber(prediction: Array, target: Array, delta: float) -> Array:
    count = prediction.size if prediction.size > 0 else 1
    difference = prediction - target
    # Within the bends d d/2, beyond them delta (|d| − delta/2): no square of a large difference is formed.
    bent = _bent(difference, delta)
    return np.sum(bent * (difference - bent / 2)) / count


@huber.vjp
def _huber_vjp(y_bar: Array, y: Array, prediction: Array, target: Array, delta: float) -> tuple[Array, Array]:
    count = prediction.size if prediction.size > 0 else 1
    prediction_bar = _bent(prediction - target, delta) * y_bar / count
    return prediction_bar, -prediction_bar


@huber.jvp
def _huber_jvp(p_dot: Array, t_dot: Array, y: Array, prediction: Array, target: Array, delta: float) -> Array:
    count = prediction.size if prediction.size > 0 else 1
    return np.sum(_bent(prediction - target, delta) * (p_dot - t_dot)) / count


def _bent(difference: Array, delta: float) -> Array:
    """The difference, no farther from 0 than delta."""
    return np.where(difference > delta, delta, np.where(difference > -delta, difference, -delta))


@primitive("cross_entropy", shape=shapes.cross_entropy)
def cross_entropy(x: Array, indices: tuple[int, ...]) -> Array:
    shifted = x - np.max(x, axis=1, keepdims=True)
    logarithms = np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    return np.sum(np.where(_hot(x, indices), logarithms - shifted, 0)) / x.shape[0]


@cross_entropy.vjp
def _cross_entropy_vjp(y_bar: Array, y: Array, x: Array, indices: tuple[int, ...]) -> tuple[Array]:
    return (y_bar * _slopes(x, indices) / x.shape[0],)


@cross_entropy.jvp
def _cross_entropy_jvp(x_dot: Array, y: Array, x: Array, indices: tuple[int, ...]) -> Array:
    return np.sum(_slopes(x, indices) * x_dot) / x.shape[0]


def _slopes(x: Array, indices: tuple[int, ...]) -> Array:
    """The probabilities of a row less 1 at its class; 0 in a row without one."""
    weights = np.exp(x - np.max(x, axis=1, keepdims=True))
    probabilities = weights / np.sum(weights, axis=1, keepdims=True)
    ones = np.where(_hot(x, indices), np.ones_like(x), 0)
    return np.sum(ones, axis=1, keepdims=True) * probabilities - ones


def _hot(x: Array, indices: tuple[int, ...]) -> Array:
    """Where a column is the class of its row."""
    return np.expand_dims(np.array(indices, dtype=np.intp), 1) == np.arange(x.shape[1])
