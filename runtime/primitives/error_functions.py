"""Kernels of the error function and of the activation made of it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import scipy

from ...ir.constant import Constant
from ..primitive import Array, primitive
from ..shapes.pointwise import same

_TWO_OVER_ROOT_PI = Constant(1.1283791670955126, Fraction(2), Fraction(1), 1)
_ROOT_OF_HALF = Constant(0.7071067811865476, Fraction(1), Fraction(1, 2), 0)
_DENSITY_AT_ZERO = Constant(0.3989422804014327, Fraction(1), Fraction(1, 2), 1)


@primitive("erf", shape=same)
def erf(x: Array) -> Array:
    return scipy.special.erf(x)


@erf.vjp
def _erf_vjp(y_bar: Array, y: Array, x: Array) -> tuple[Array]:
    return (y_bar * (np.exp(-x * x) * _TWO_OVER_ROOT_PI),)


@erf.jvp
def _erf_jvp(x_dot: Array, y: Array, x: Array) -> Array:
    return np.exp(-x * x) * _TWO_OVER_ROOT_PI * x_dot


@primitive("gelu_erf", shape=same)
def gelu_erf(x: Array) -> Array:
    return x * _gaussian_weight(x)


@gelu_erf.vjp
def _gelu_erf_vjp(y_bar: Array, y: Array, x: Array) -> tuple[Array]:
    return (y_bar * _gelu_erf_slope(x),)


@gelu_erf.jvp
def _gelu_erf_jvp(x_dot: Array, y: Array, x: Array) -> Array:
    return _gelu_erf_slope(x) * x_dot


def _gaussian_weight(x: Array) -> Array:
    """(1 + erf(x/√2)) / 2 as erfc(−x/√2) / 2: the sum cancels where x is far below 0."""
    return scipy.special.erfc(-x * _ROOT_OF_HALF) / 2


def _gelu_erf_slope(x: Array) -> Array:
    return _gaussian_weight(x) + x * np.exp(-x * x / 2) * _DENSITY_AT_ZERO
