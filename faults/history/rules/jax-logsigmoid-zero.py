"""JAX: the logarithm of the logistic function, put together from max and |x|, had derivative 0 at exactly 0.

The formula has the two pieces that the engine computes with; they join smoothly, so that every convention
gives 1/2 at 0.

https://github.com/jax-ml/jax/issues/2140
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import exp, kink, log


@define("log_sigmoid", "(n)", kinks="x = 0, where the pieces join")
def formula(x, *i):
    """y[i] = −log(1 + e^−x[i]) where x[i] > 0, x[i] − log(1 + e^x[i]) elsewhere"""
    return kink("relu", x[i], above=-log(1 + exp(-x[i])), below=x[i] - log(1 + exp(x[i])))


@primitive("log_sigmoid", shape=lambda x: x)
def kernel(x):
    return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))


def wrong(x):
    decay = np.exp(-np.abs(x))
    sign = np.where(x > 0, 1, np.where(x < 0, -1, 0))
    return np.where(x < 0, 1, 0) + sign * decay / (1 + decay)


def right(x):
    return np.exp(np.minimum(-x, 0)) / (1 + np.exp(-np.abs(x)))


planted = wrong


@kernel.vjp
def vjp(y_bar, y, x):
    return (y_bar * planted(x),)


@kernel.jvp
def jvp(x_dot, y, x):
    return planted(x) * x_dot
