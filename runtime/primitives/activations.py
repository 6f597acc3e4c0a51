"""Kernels of activation functions beside relu, tanh and sigmoid."""

from __future__ import annotations

import numpy as np

from ..primitive import Array, primitive
from ..shapes.pointwise import same


@primitive("leaky_relu", shape=same)
def leaky_relu(x: Array, slope: float) -> Array:
    return np.where(x > 0, x, x * slope)


@leaky_relu.vjp
def _leaky_relu_vjp(y_bar: Array, y: Array, x: Array, slope: float) -> tuple[Array]:
    return (np.where(x > 0, y_bar, y_bar * slope),)


@leaky_relu.jvp
def _leaky_relu_jvp(x_dot: Array, y: Array, x: Array, slope: float) -> Array:
    return np.where(x > 0, x_dot, x_dot * slope)
