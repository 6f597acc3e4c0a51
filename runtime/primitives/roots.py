"""Kernels that take a square root; where it is 0, what they divide by is 1 instead and what they return is 0.

A norm divides by the largest absolute value before it squares, so that no square is out of range though the norm is not.
"""

from __future__ import annotations

import numpy as np

from ..primitive import Array, primitive
from ..shapes.pointwise import same
from ..shapes.reduction import reduced


@primitive("sqrt", shape=same)
def sqrt(x: Array) -> Array:
    return np.sqrt(np.maximum(x, 0))


@sqrt.vjp
def _sqrt_vjp(y_bar: Array, y: Array, x: Array) -> tuple[Array]:
    return (np.where(x > 0, y_bar / (2 * np.where(x > 0, y, 1)), 0),)


@sqrt.jvp
def _sqrt_jvp(x_dot: Array, y: Array, x: Array) -> Array:
    return np.where(x > 0, x_dot / (2 * np.where(x > 0, y, 1)), 0)


def _parts(x: Array, axis: int) -> tuple[Array, Array, Array]:
    """The largest absolute value, or 1 where that is 0; the entries over it; and the sum of their squares, 0 or at least 1."""
    largest = np.max(np.abs(x), axis=axis, keepdims=True)
    scale = np.where(largest <= 0, 1, largest)
    part = x / scale
    return scale, part, np.sum(part * part, axis=axis, keepdims=True)


@primitive("norm", shape=reduced)
def norm(x: Array, axis: int) -> Array:
    if x.shape[axis] == 0:
        return np.sum(x, axis=axis)
    scale, _part, square = _parts(x, axis)
    return np.squeeze(scale * np.sqrt(square), axis)


def _direction(x: Array, axis: int) -> Array:
    """x over its norm, also where that norm is out of range; 0 where it is 0."""
    if x.shape[axis] == 0:
        return x.copy()
    _scale, part, square = _parts(x, axis)
    none = square <= 0  # so that what is no number stays none
    return np.where(none, 0, part / np.where(none, 1, np.sqrt(square)))


@norm.vjp
def _norm_vjp(y_bar: Array, y: Array, x: Array, axis: int) -> tuple[Array]:
    return (np.expand_dims(y_bar, axis) * _direction(x, axis),)


@norm.jvp
def _norm_jvp(x_dot: Array, y: Array, x: Array, axis: int) -> Array:
    return np.sum(_direction(x, axis) * x_dot, axis=axis)
