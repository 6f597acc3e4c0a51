"""TensorFlow.js: the gradient of a power by its exponent took the logarithm of the base as it came, which is
no number for one that is not positive.

The exponent is 2 and an input: the base's power is its square, and by the exponent the derivative is 0 where
the base is not positive.

https://github.com/tensorflow/tfjs/issues/346
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import exp, kink, log


@define("power_of_two", "(n),(n)", kinks="b = 0", bounded="a logarithm stands in a branch")
def formula(b, t, *i):
    """y[i] = b[i]^(2+t[i]) where b[i] > 0, b[i]² elsewhere"""
    return kink("relu", b[i], above=b[i] ** 2 * exp(t[i] * log(b[i])), below=b[i] ** 2)


def base(b):
    return np.where(b > 0, b, 1)


def power(b, t):
    return np.where(b > 0, b * b * np.exp(t * np.log(base(b))), b * b)


kernel = primitive("power_of_two", shape=lambda b, t: b)(power)


def wrong(y_bar, y, b):
    return y_bar * y * np.log(b)


def right(y_bar, y, b):
    return np.where(b > 0, y_bar * y * np.log(base(b)), 0)


planted = wrong


def slope(y, b, t):
    return np.where(b > 0, (2 + t) * y / base(b), 2 * b)


@kernel.vjp
def vjp(y_bar, y, b, t):
    return y_bar * slope(y, b, t), planted(y_bar, y, b)


@kernel.jvp
def jvp(b_dot, t_dot, y, b, t):
    return slope(y, b, t) * b_dot + np.where(b > 0, t_dot * y * np.log(base(b)), 0)
