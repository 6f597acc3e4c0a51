"""Kernels for running sums and products. None divides by an entry, so that zeros need no case of their own."""

from __future__ import annotations

import numpy as np

from ..primitive import Array, primitive
from ..shapes import scans as shapes


def _part(x: Array, axis: int, start: int | None, stop: int | None) -> Array:
    """x[start:stop] along an axis."""
    return x[(*(slice(None),) * axis, slice(start, stop))]


def _before(x: Array, axis: int) -> Array:
    """At each place the product of the entries before it, along an axis that is not empty."""
    return np.concatenate((np.ones_like(_part(x, axis, None, 1)), np.cumprod(_part(x, axis, None, -1), axis)), axis)


def _others(x: Array, axis: int) -> Array:
    """At each place the product of all other entries along an axis that is not empty."""
    return _before(x, axis) * np.flip(_before(np.flip(x, axis), axis), axis)


def _recurrence(factors: Array, terms: Array, axis: int) -> Array:
    """t[k] = terms[k] + factors[k] t[k−1] along an axis, with t[−1] = 0.

    By doubling: after a turn, t[k] covers twice as many terms and factors[k] the product of as many factors, so that
    ⌈log₂ n⌉ turns of arithmetic on whole arrays are enough.
    """
    reach = 1
    while reach < terms.shape[axis]:
        carried = _part(factors, axis, reach, None) * _part(terms, axis, None, -reach)
        terms = np.concatenate((_part(terms, axis, None, reach), _part(terms, axis, reach, None) + carried), axis)
        joined = _part(factors, axis, reach, None) * _part(factors, axis, None, -reach)
        factors = np.concatenate((_part(factors, axis, None, reach), joined), axis)
        reach = 2 * reach
    return terms


@primitive("cumsum", shape=shapes.along)
def cumsum(x: Array, axis: int) -> Array:
    return np.cumsum(x, axis=axis)


@cumsum.vjp
def _cumsum_vjp(y_bar: Array, y: Array, x: Array, axis: int) -> tuple[Array]:
    return (np.flip(np.cumsum(np.flip(y_bar, axis), axis=axis), axis),)


@cumsum.jvp
def _cumsum_jvp(x_dot: Array, y: Array, x: Array, axis: int) -> Array:
    return np.cumsum(x_dot, axis=axis)


@primitive("cumprod", shape=shapes.along)
def cumprod(x: Array, axis: int) -> Array:
    return np.cumprod(x, axis=axis)


@cumprod.vjp
def _cumprod_vjp(y_bar: Array, y: Array, x: Array, axis: int) -> tuple[Array]:
    # x̄[i] = Π_{j<i} x[j] · s[i], where s[i] = ȳ[i] + x[i+1] s[i+1] sums ȳ[k] Π_{i<j<=k} x[j] over k >= i.
    if x.size == 0:
        return (np.zeros_like(x),)
    factors = np.concatenate((np.zeros_like(_part(x, axis, None, 1)), _part(np.flip(x, axis), axis, None, -1)), axis)
    return (_before(x, axis) * np.flip(_recurrence(factors, np.flip(y_bar, axis), axis), axis),)


@cumprod.jvp
def _cumprod_jvp(x_dot: Array, y: Array, x: Array, axis: int) -> Array:
    # ẏ[k] = x[k] ẏ[k−1] + ẋ[k] Π_{j<k} x[j]
    return np.zeros_like(y) if x.size == 0 else _recurrence(x, _before(x, axis) * x_dot, axis)


@primitive("prod", shape=shapes.reduced)
def prod(x: Array, axis: int | None = None) -> Array:
    return np.prod(x, axis=axis)


@prod.vjp
def _prod_vjp(y_bar: Array, y: Array, x: Array, axis: int | None = None) -> tuple[Array]:
    if x.size == 0:
        return (np.zeros_like(x),)
    if axis is None:
        return (y_bar * _others(x.reshape((x.size,)), 0).reshape(x.shape),)
    return (np.expand_dims(y_bar, axis) * _others(x, axis),)


@prod.jvp
def _prod_jvp(x_dot: Array, y: Array, x: Array, axis: int | None = None) -> Array:
    if x.size == 0:
        return np.zeros_like(y)
    if axis is None:
        return np.sum(x_dot.reshape((x.size,)) * _others(x.reshape((x.size,)), 0))
    return np.sum(x_dot * _others(x, axis), axis=axis)
