"""PyTorch: the random slopes were saved for the backward before they were written, so that it read what the
memory held before.

The slopes are an input here, and the buffer that they are copied to is zero before it is written.

https://github.com/pytorch/pytorch/issues/193671
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import kink


@define("rrelu", "(n),(n)", kinks="x = 0")
def formula(x, noise, *i):
    """y[i] = x[i] where x[i] > 0, noise[i] x[i] elsewhere"""
    return kink("leaky_relu", x[i], above=x[i], below=noise[i] * x[i])


@primitive("rrelu", shape=lambda x, noise: x)
def kernel(x, noise):
    return np.where(x > 0, x, noise * x)


def wrong(noise):
    return np.zeros_like(noise)  # saved = copy(buffer), before buffer[...] = noise


def right(noise):
    return noise.copy()


planted = wrong


@kernel.vjp
def vjp(y_bar, y, x, noise):
    saved = planted(noise)
    return np.where(x > 0, y_bar, saved * y_bar), np.where(x > 0, 0, x * y_bar)


@kernel.jvp
def jvp(x_dot, noise_dot, y, x, noise):
    return np.where(x > 0, x_dot, noise * x_dot + noise_dot * x)
