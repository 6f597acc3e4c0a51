"""Kernels of activation functions beside relu, tanh and sigmoid."""

from __future__ import annotations

import numpy as np

from ..primitive import Array, primitive
from ..shapes.pointwise import same, with_eps


@primitive("leaky_relu", shape=same)
def leaky_relu(x: Array, slope: float) -> Array:
    return np.where(x > 0, x, x * slope)


@leaky_relu.vjp
def _leaky_relu_vjp(y_bar: Array, y: Array, x: Array, slope: float) -> tuple[Array]:
    return (np.where(x > 0, y_bar, y_bar * slope),)


@leaky_relu.jvp
def _leaky_relu_jvp(x_dot: Array, y: Array, x: Array, slope: float) -> Array:
    return np.where(x > 0, x_dot, x_dot * slope)


@primitive("elu", shape=same)
def elu(x: Array, alpha: float) -> Array:
    # The smaller of x and 0, so that the exponential of the other side does not overflow.
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)) * alpha)


@elu.vjp
def _elu_vjp(y_bar: Array, y: Array, x: Array, alpha: float) -> tuple[Array]:
    return (np.where(x > 0, y_bar, y_bar * (np.exp(np.minimum(x, 0)) * alpha)),)


@elu.jvp
def _elu_jvp(x_dot: Array, y: Array, x: Array, alpha: float) -> Array:
    return np.where(x > 0, x_dot, np.exp(np.minimum(x, 0)) * alpha * x_dot)


@primitive("silu", shape=same)
def silu(x: Array) -> Array:
    return x * _logistic(x)


@silu.vjp
def _silu_vjp(y_bar: Array, y: Array, x: Array) -> tuple[Array]:
    return (y_bar * (_logistic(x) + x * _logistic_slope(x)),)


@silu.jvp
def _silu_jvp(x_dot: Array, y: Array, x: Array) -> Array:
    return (_logistic(x) + x * _logistic_slope(x)) * x_dot


_ROOT_OF_TWO_OVER_PI = 0.7978845608028654


@primitive("gelu", shape=same)
def gelu(x: Array) -> Array:
    return x * _gelu_weight(x)


@gelu.vjp
def _gelu_vjp(y_bar: Array, y: Array, x: Array) -> tuple[Array]:
    return (y_bar * _gelu_slope(x),)


@gelu.jvp
def _gelu_jvp(x_dot: Array, y: Array, x: Array) -> Array:
    return _gelu_slope(x) * x_dot


def _gelu_weight(x: Array) -> Array:
    """(1 + tanh u) / 2 as 1 / (1 + e^−2u): the sum cancels where x is far below 0."""
    return np.exp(2 * _ROOT_OF_TWO_OVER_PI * _cubic(np.minimum(x, 0), x)) / (1 + _gelu_decay(x))


def _gelu_slope(x: Array) -> Array:
    decay = _gelu_decay(x)
    steepness = 2 * _ROOT_OF_TWO_OVER_PI * (1 + 0.044715 * (x * x) * 3)  # 3 * 0.044715 would be rounded
    # Far out the steepness is infinite and its product with 0 no number; there the decay has underflowed to 0.
    bend = np.where(decay > 0, x * decay * steepness / ((1 + decay) * (1 + decay)), 0)
    return _gelu_weight(x) + bend


def _gelu_decay(x: Array) -> Array:
    """e^−2|u|."""
    return np.exp(-2 * _ROOT_OF_TWO_OVER_PI * _cubic(np.abs(x), x))


def _cubic(a: Array, x: Array) -> Array:
    """a + 0.044715 a x², multiplied so that it is 0 where a is, however large x."""
    return a + 0.044715 * a * x * x


@primitive("softplus", shape=same)
def softplus(x: Array) -> Array:
    return _softplus(x)


@softplus.vjp
def _softplus_vjp(y_bar: Array, y: Array, x: Array) -> tuple[Array]:
    return (y_bar * _logistic(x),)


@softplus.jvp
def _softplus_jvp(x_dot: Array, y: Array, x: Array) -> Array:
    return _logistic(x) * x_dot


@primitive("safe_log", shape=with_eps)
def safe_log(x: Array, eps: float = 1e-6) -> Array:
    return np.log(_softplus(x) + eps)


@safe_log.vjp
def _safe_log_vjp(y_bar: Array, y: Array, x: Array, eps: float = 1e-6) -> tuple[Array]:
    return (y_bar * (_logistic(x) / (_softplus(x) + eps)),)


@safe_log.jvp
def _safe_log_jvp(x_dot: Array, y: Array, x: Array, eps: float = 1e-6) -> Array:
    return _logistic(x) / (_softplus(x) + eps) * x_dot


def _softplus(x: Array) -> Array:
    """log(1 + e^x), in which neither sign of x overflows."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def _logistic(x: Array) -> Array:
    """1 / (1 + e^−x), without a branch and without overflow."""
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))


def _logistic_slope(x: Array) -> Array:
    """The derivative of the logistic function, not as s(1 − s), which cancels."""
    decay = np.exp(-np.abs(x))
    return decay / ((1 + decay) * (1 + decay))
