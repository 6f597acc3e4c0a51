"""HIPS/autograd: exp(−‖x‖²) is smooth at the origin, but the norm's rule gives NaN there, which the zero that
it meets does not remove.

https://github.com/HIPS/autograd/issues/183
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import exp, total


@define("gaussian_of_norm", "(n)", shape=lambda x: ())
def formula(x):
    """y = e^(−Σ_k x[k]²)"""
    return exp(-total(lambda k: x[k] * x[k], x.size(0)))


@primitive("gaussian_of_norm", shape=lambda x: ())
def kernel(x):
    return np.exp(-np.sum(x * x))


def wrong(y_bar, y, x):
    norm = np.sqrt(np.sum(x * x))
    return (y_bar * -y * 2 * norm * (x / norm),)


def right(y_bar, y, x):
    return (-2 * y_bar * y * x,)


planted = wrong

kernel.vjp(planted)


@kernel.jvp
def jvp(x_dot, y, x):
    return -2 * y * np.sum(x * x_dot)
