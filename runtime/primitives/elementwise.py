"""Kernels that work entry by entry."""

from __future__ import annotations

import numpy as np

from ..primitive import Array, primitive
from ..shapes.pointwise import same


@primitive("add", shape=same)
def add(a: Array, b: Array) -> Array:
    return a + b


@add.vjp
def _add_vjp(y_bar: Array, y: Array, a: Array, b: Array) -> tuple[Array, Array]:
    return y_bar, y_bar


@add.jvp
def _add_jvp(a_dot: Array, b_dot: Array, y: Array, a: Array, b: Array) -> Array:
    return a_dot + b_dot


@primitive("sub", shape=same)
def sub(a: Array, b: Array) -> Array:
    return a - b


@sub.vjp
def _sub_vjp(y_bar: Array, y: Array, a: Array, b: Array) -> tuple[Array, Array]:
    return y_bar, -y_bar


@sub.jvp
def _sub_jvp(a_dot: Array, b_dot: Array, y: Array, a: Array, b: Array) -> Array:
    return a_dot - b_dot


@primitive("mul", shape=same)
def mul(a: Array, b: Array) -> Array:
    return a * b


@mul.vjp
def _mul_vjp(y_bar: Array, y: Array, a: Array, b: Array) -> tuple[Array, Array]:
    return y_bar * b, y_bar * a


@mul.jvp
def _mul_jvp(a_dot: Array, b_dot: Array, y: Array, a: Array, b: Array) -> Array:
    return a_dot * b + a * b_dot


@primitive("scale", shape=same)
def scale(x: Array, c: float) -> Array:
    return x * c


@scale.vjp
def _scale_vjp(y_bar: Array, y: Array, x: Array, c: float) -> tuple[Array]:
    return (y_bar * c,)


@scale.jvp
def _scale_jvp(x_dot: Array, y: Array, x: Array, c: float) -> Array:
    return x_dot * c


@primitive("div", shape=same)
def div(a: Array, b: Array) -> Array:
    return a / b


@div.vjp
def _div_vjp(y_bar: Array, y: Array, a: Array, b: Array) -> tuple[Array, Array]:
    a_bar = y_bar / b
    return a_bar, -a_bar * y


@div.jvp
def _div_jvp(a_dot: Array, b_dot: Array, y: Array, a: Array, b: Array) -> Array:
    return (a_dot - y * b_dot) / b


@primitive("abs", shape=same)
def abs_(x: Array) -> Array:
    return np.abs(x)


@abs_.vjp
def _abs_vjp(y_bar: Array, y: Array, x: Array) -> tuple[Array]:
    # Comparisons, not sign: a NaN gives 0 (contract row 6).
    return (np.where(x > 0, y_bar, np.where(x < 0, -y_bar, 0)),)


@abs_.jvp
def _abs_jvp(x_dot: Array, y: Array, x: Array) -> Array:
    return np.where(x > 0, x_dot, np.where(x < 0, -x_dot, 0))


@primitive("relu", shape=same)
def relu(x: Array) -> Array:
    return np.maximum(x, 0)


@relu.vjp
def _relu_vjp(y_bar: Array, y: Array, x: Array) -> tuple[Array]:
    return (np.where(x > 0, y_bar, 0),)


@relu.jvp
def _relu_jvp(x_dot: Array, y: Array, x: Array) -> Array:
    return np.where(x > 0, x_dot, 0)


@primitive("clamp", shape=same)
def clamp(x: Array, lo: float, hi: float) -> Array:
    return np.minimum(hi, np.maximum(lo, x))


@clamp.vjp
def _clamp_vjp(y_bar: Array, y: Array, x: Array, lo: float, hi: float) -> tuple[Array]:
    return (np.where((x > lo) & (x < hi), y_bar, 0),)


@clamp.jvp
def _clamp_jvp(x_dot: Array, y: Array, x: Array, lo: float, hi: float) -> Array:
    return np.where((x > lo) & (x < hi), x_dot, 0)


@primitive("max", shape=same)
def max_(a: Array, b: Array) -> Array:
    return np.maximum(a, b)


@max_.vjp
def _max_vjp(y_bar: Array, y: Array, a: Array, b: Array) -> tuple[Array, Array]:
    half = y_bar / 2
    a_bar = np.where(a > b, y_bar, np.where(a < b, 0, half))
    b_bar = np.where(a < b, y_bar, np.where(a > b, 0, half))
    return a_bar, b_bar


@max_.jvp
def _max_jvp(a_dot: Array, b_dot: Array, y: Array, a: Array, b: Array) -> Array:
    return np.where(a > b, a_dot, np.where(a < b, b_dot, (a_dot + b_dot) / 2))


@primitive("exp", shape=same)
def exp(x: Array) -> Array:
    return np.exp(x)


@exp.vjp
def _exp_vjp(y_bar: Array, y: Array, x: Array) -> tuple[Array]:
    return (y_bar * y,)


@exp.jvp
def _exp_jvp(x_dot: Array, y: Array, x: Array) -> Array:
    return y * x_dot


@primitive("log", shape=same)
def log(x: Array) -> Array:
    return np.log(x)


@log.domain
def _log_domain(x: Array) -> Array:
    return x > 0


@log.vjp
def _log_vjp(y_bar: Array, y: Array, x: Array) -> tuple[Array]:
    return (y_bar / x,)


@log.jvp
def _log_jvp(x_dot: Array, y: Array, x: Array) -> Array:
    return x_dot / x


@primitive("tanh", shape=same)
def tanh(x: Array) -> Array:
    return np.tanh(x)


@tanh.vjp
def _tanh_vjp(y_bar: Array, y: Array, x: Array) -> tuple[Array]:
    # Not 1 − y², which cancels where y is near ±1.
    decay = np.exp(-2 * np.abs(x))
    return (y_bar * (4 * decay / ((1 + decay) * (1 + decay))),)


@tanh.jvp
def _tanh_jvp(x_dot: Array, y: Array, x: Array) -> Array:
    decay = np.exp(-2 * np.abs(x))
    return 4 * decay / ((1 + decay) * (1 + decay)) * x_dot


@primitive("sigmoid", shape=same)
def sigmoid(x: Array) -> Array:
    # Both exponentials are at most 1, so that neither sign of x overflows.
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))


@sigmoid.vjp
def _sigmoid_vjp(y_bar: Array, y: Array, x: Array) -> tuple[Array]:
    # Not y(1 − y), which cancels where y is near 1.
    decay = np.exp(-np.abs(x))
    return (y_bar * (decay / ((1 + decay) * (1 + decay))),)


@sigmoid.jvp
def _sigmoid_jvp(x_dot: Array, y: Array, x: Array) -> Array:
    decay = np.exp(-np.abs(x))
    return decay / ((1 + decay) * (1 + decay)) * x_dot


@primitive("detach", shape=same)
def detach(x: Array) -> Array:
    return x.copy()


@detach.vjp
def _detach_vjp(y_bar: Array, y: Array, x: Array) -> tuple[Array]:
    return (np.zeros_like(x),)


@detach.jvp
def _detach_jvp(x_dot: Array, y: Array, x: Array) -> Array:
    return np.zeros_like(x)
