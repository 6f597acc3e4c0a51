"""MLX: the derivative of a power by its exponent took the logarithm of a base that may be 0.

At base 0 the power is 0, as for every positive exponent; the exponents are positive.

https://github.com/ml-explore/mlx/issues/628
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import exp, kink, log, positive


@define("power", "(n),(n)", domain=lambda a, b, *i: (positive(b[i]),),
        domain_text="b > 0", kinks="a = 0", bounded="a logarithm stands in a branch")
def formula(a, b, *i):
    """y[i] = a[i]^b[i] where a[i] > 0, 0 elsewhere"""
    return kink("relu", a[i], above=exp(b[i] * log(a[i])), below=0 * a[i])


@primitive("power", shape=lambda a, b: a)
def kernel(a, b):
    return np.where(a > 0, np.exp(b * np.log(np.where(a > 0, a, 1))), 0)


def wrong(y_bar, y, a, b):
    return y_bar * y * np.log(a)


def right(y_bar, y, a, b):
    return y_bar * y * np.log(np.where(a > 0, a, 1))


planted = wrong


@kernel.vjp
def vjp(y_bar, y, a, b):
    return np.where(a > 0, y_bar * b * y / np.where(a > 0, a, 1), 0), planted(y_bar, y, a, b)


@kernel.jvp
def jvp(a_dot, b_dot, y, a, b):
    base = np.where(a > 0, a, 1)
    return np.where(a > 0, a_dot * b * y / base, 0) + b_dot * y * np.log(base)
