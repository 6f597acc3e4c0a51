"""Kernels of plain arithmetic, entry by entry: extremes, negatives, powers, sine and cosine, choices."""

from __future__ import annotations

import numpy as np

from ..primitive import Array, primitive
from ..shapes.pointwise import kept, same, with_exponent


@primitive("min", shape=same)
def min_(a: Array, b: Array) -> Array:
    return np.minimum(a, b)


@min_.vjp
def _min_vjp(y_bar: Array, y: Array, a: Array, b: Array) -> tuple[Array, Array]:
    half = y_bar / 2
    a_bar = np.where(a < b, y_bar, np.where(a > b, 0, half))
    b_bar = np.where(a > b, y_bar, np.where(a < b, 0, half))
    return a_bar, b_bar


@min_.jvp
def _min_jvp(a_dot: Array, b_dot: Array, y: Array, a: Array, b: Array) -> Array:
    return np.where(a < b, a_dot, np.where(a > b, b_dot, (a_dot + b_dot) / 2))


@primitive("neg", shape=same)
def neg(x: Array) -> Array:
    return -x


@neg.vjp
def _neg_vjp(y_bar: Array, y: Array, x: Array) -> tuple[Array]:
    return (-y_bar,)


@neg.jvp
def _neg_jvp(x_dot: Array, y: Array, x: Array) -> Array:
    return -x_dot


@primitive("square", shape=same)
def square(x: Array) -> Array:
    return x * x


@square.vjp
def _square_vjp(y_bar: Array, y: Array, x: Array) -> tuple[Array]:
    return (2 * (x * y_bar),)


@square.jvp
def _square_jvp(x_dot: Array, y: Array, x: Array) -> Array:
    return 2 * (x * x_dot)


@primitive("inv", shape=same)
def inv(x: Array) -> Array:
    return 1 / x


@inv.domain
def _inv_domain(x: Array) -> Array:
    return x != 0


@inv.vjp
def _inv_vjp(y_bar: Array, y: Array, x: Array) -> tuple[Array]:
    # Not y_bar y²: the square may overflow where the product does not.
    return (-(y_bar * y) * y,)


@inv.jvp
def _inv_jvp(x_dot: Array, y: Array, x: Array) -> Array:
    return -(x_dot * y) * y


@primitive("sin", shape=same)
def sin(x: Array) -> Array:
    return np.sin(x)


@sin.vjp
def _sin_vjp(y_bar: Array, y: Array, x: Array) -> tuple[Array]:
    return (y_bar * np.cos(x),)


@sin.jvp
def _sin_jvp(x_dot: Array, y: Array, x: Array) -> Array:
    return np.cos(x) * x_dot


@primitive("cos", shape=same)
def cos(x: Array) -> Array:
    return np.cos(x)


@cos.vjp
def _cos_vjp(y_bar: Array, y: Array, x: Array) -> tuple[Array]:
    return (-y_bar * np.sin(x),)


@cos.jvp
def _cos_jvp(x_dot: Array, y: Array, x: Array) -> Array:
    return -np.sin(x) * x_dot


@primitive("where", shape=same)
def where(mask: Array, a: Array, b: Array) -> Array:
    return np.where(mask != 0, a, b)


@where.vjp
def _where_vjp(y_bar: Array, y: Array, mask: Array, a: Array, b: Array) -> tuple[Array, Array, Array]:
    return np.zeros_like(mask), np.where(mask != 0, y_bar, 0), np.where(mask != 0, 0, y_bar)


@where.jvp
def _where_jvp(mask_dot: Array, a_dot: Array, b_dot: Array, y: Array, mask: Array, a: Array, b: Array) -> Array:
    return np.where(mask != 0, a_dot, b_dot)


@primitive("dropout", shape=kept)
def dropout(x: Array, mask: Array, keep: float) -> Array:
    return x * mask / keep


@dropout.vjp
def _dropout_vjp(y_bar: Array, y: Array, x: Array, mask: Array, keep: float) -> tuple[Array, Array]:
    return y_bar * mask / keep, np.zeros_like(mask)


@dropout.jvp
def _dropout_jvp(x_dot: Array, mask_dot: Array, y: Array, x: Array, mask: Array, keep: float) -> Array:
    return x_dot * mask / keep


@primitive("pow", shape=with_exponent)
def pow_(x: Array, exponent: float) -> Array:
    return x**exponent


@pow_.domain
def _pow_domain(x: Array, exponent: float) -> Array | bool:
    if exponent % 1 != 0:
        return x > 0
    return x != 0 if exponent < 0 else True


@pow_.vjp
def _pow_vjp(y_bar: Array, y: Array, x: Array, exponent: float) -> tuple[Array]:
    return (_pow_pulled(y_bar, y, x, exponent),)


@pow_.jvp
def _pow_jvp(x_dot: Array, y: Array, x: Array, exponent: float) -> Array:
    return _pow_pulled(x_dot, y, x, exponent)


def _pow_pulled(moved: Array, y: Array, x: Array, exponent: float) -> Array:
    """The derivative times a tangent or cotangent; where x is never 0 by y/x, whose exponent needs no rounding."""
    if exponent == 0:
        return np.zeros_like(x)
    if exponent % 1 != 0 or exponent < 0:
        return exponent * (moved * y) / x
    return exponent * x ** (exponent - 1) * moved
