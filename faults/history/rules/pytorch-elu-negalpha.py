"""PyTorch: the backward of elu chose its branch by the sign of the result, which turns where alpha is
negative.

https://github.com/pytorch/pytorch/issues/47671
"""

from fractions import Fraction

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import exp, kink


@define("elu_of_any_sign", "(n)", attributes=lambda x: [{"alpha": 1.0}, {"alpha": -2.0}], kinks="x = 0")
def formula(x, *i, alpha):
    """y[i] = x[i] where x[i] > 0, alpha (e^x[i] − 1) elsewhere"""
    return kink("elu", x[i], above=x[i], below=(exp(x[i]) - 1) * Fraction(alpha))


@primitive("elu_of_any_sign", shape=lambda x, alpha: x)
def kernel(x, alpha):
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)) * alpha)


def wrong(y_bar, y, x, alpha):
    return np.where(y <= 0, y_bar * (y + alpha), y_bar)


def right(y_bar, y, x, alpha):
    return np.where(x > 0, y_bar, y_bar * (np.exp(np.minimum(x, 0)) * alpha))


planted = wrong


@kernel.vjp
def vjp(y_bar, y, x, alpha):
    return (planted(y_bar, y, x, alpha),)


@kernel.jvp
def jvp(x_dot, y, x, alpha):
    return np.where(x > 0, x_dot, np.exp(np.minimum(x, 0)) * alpha * x_dot)
