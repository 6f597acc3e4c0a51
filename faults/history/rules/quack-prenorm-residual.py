"""QuACK: the gradient that comes to the residual itself was added before the norm's derivative, not after.

Both results, the residual and its norm, are rows of one array.

https://github.com/Dao-AILab/quack/pull/53
"""

from fractions import Fraction

import numpy as np
from backproof import define, primitive
from backproof.spec.definition import ShapeMismatch
from backproof.spec.formula import sqrt, total, where

EPSILON = 1e-6


def two_rows(x):
    if x[0] < 1:
        raise ShapeMismatch(f"residual_and_norm of {x}: a norm needs an entry")
    return (2, x[0])


@define("residual_and_norm", "(n)", shape=two_rows, bounded="two results are two rows")
def formula(x, row, i):
    """y[0,i] = x[i], y[1,i] = x[i] / √((Σ_k x[k]²) / n + ε)"""
    square = total(lambda k: x[k] ** 2, x.size(0)) / x.size(0)
    return where(row == 0, lambda: x[i], lambda: x[i] / sqrt(square + Fraction(EPSILON)))


def parts(x):
    root = np.sqrt(np.sum(x * x) / x.shape[0] + EPSILON)
    return root, x / root


@primitive("residual_and_norm", shape=two_rows)
def kernel(x):
    return np.stack((x, parts(x)[1]))


def derivative(v, x):
    root, x_hat = parts(x)
    return (v - x_hat * np.sum(v * x_hat) / x.shape[0]) / root


def wrong(residual_bar, out_bar, x):
    return derivative(residual_bar + out_bar, x)


def right(residual_bar, out_bar, x):
    return residual_bar + derivative(out_bar, x)


planted = wrong


@kernel.vjp
def vjp(y_bar, y, x):
    return (planted(y_bar[0], y_bar[1], x),)


@kernel.jvp
def jvp(x_dot, y, x):
    return np.stack((x_dot, derivative(x_dot, x)))
