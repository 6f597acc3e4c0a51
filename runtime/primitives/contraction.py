"""Kernels that multiply and sum over a shared axis."""

from __future__ import annotations

import math

import numpy as np

from ..primitive import Array, primitive
from ..shapes import contraction as shapes


@primitive("matmul", shape=shapes.matmul)
def matmul(a: Array, b: Array) -> Array:
    return a @ b


@matmul.vjp
def _matmul_vjp(y_bar: Array, y: Array, a: Array, b: Array) -> tuple[Array, Array]:
    return _gathered_in(y_bar @ b.mT, a), _gathered_in(a.mT @ y_bar, b)


@matmul.jvp
def _matmul_jvp(a_dot: Array, b_dot: Array, y: Array, a: Array, b: Array) -> Array:
    return a_dot @ b + a @ b_dot


def _gathered_in(x_bar: Array, x: Array) -> Array:
    """The cotangent of x summed over the axes along which x was repeated, so that it has the shape of x."""
    new = x_bar.ndim - x.ndim
    copies = tuple(new + k for k in range(x.ndim) if x.shape[k] != x_bar.shape[new + k])
    return np.sum(np.sum(x_bar, axis=copies, keepdims=True), axis=tuple(range(new)))


@primitive("bmm", shape=shapes.bmm)
def bmm(a: Array, b: Array) -> Array:
    return a @ b


@bmm.vjp
def _bmm_vjp(y_bar: Array, y: Array, a: Array, b: Array) -> tuple[Array, Array]:
    return y_bar @ b.mT, a.mT @ y_bar


@bmm.jvp
def _bmm_jvp(a_dot: Array, b_dot: Array, y: Array, a: Array, b: Array) -> Array:
    return a_dot @ b + a @ b_dot


@primitive("linear", shape=shapes.linear)
def linear(w: Array, b: Array, x: Array) -> Array:
    return x @ w.T + b


@linear.vjp
def _linear_vjp(y_bar: Array, y: Array, w: Array, b: Array, x: Array) -> tuple[Array, Array, Array]:
    rows = math.prod(x.shape[:-1])
    flat_bar = y_bar.reshape((rows, w.shape[0]))
    flat_x = x.reshape((rows, w.shape[1]))
    return flat_bar.T @ flat_x, flat_bar.sum(axis=0), y_bar @ w


@linear.jvp
def _linear_jvp(w_dot: Array, b_dot: Array, x_dot: Array, y: Array, w: Array, b: Array, x: Array) -> Array:
    return x_dot @ w.T + x @ w_dot.T + b_dot
