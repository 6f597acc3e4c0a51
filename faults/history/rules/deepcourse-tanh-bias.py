"""deepcourse: the bias of a tanh layer was given the gradient after the activation, not before it.

https://github.com/arthurdouillard/deepcourse/pull/9
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import tanh


@define("tanh_layer", "(n,d),(d)")
def formula(x, b, i, j):
    """y[i,j] = tanh(x[i,j] + b[j])"""
    return tanh(x[i, j] + b[j])


@primitive("tanh_layer", shape=lambda x, b: x)
def kernel(x, b):
    return np.tanh(x + b)


def wrong(y_bar, y, x, b):
    return y_bar * (1 - y * y), np.sum(y_bar, axis=0)


def right(y_bar, y, x, b):
    inner = y_bar * (1 - y * y)
    return inner, np.sum(inner, axis=0)


planted = wrong

kernel.vjp(planted)


@kernel.jvp
def jvp(x_dot, b_dot, y, x, b):
    return (1 - y * y) * (x_dot + b_dot)
