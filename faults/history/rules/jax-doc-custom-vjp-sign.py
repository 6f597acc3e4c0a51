"""JAX: the tutorial's own rule for sin(x) y gave y a negated gradient; in the text only x was differentiated.

https://github.com/jax-ml/jax/issues/13048
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import sin


@define("sine_times", "(n),(n)")
def formula(x, y, *i):
    """z[i] = sin(x[i]) y[i]"""
    return sin(x[i]) * y[i]


@primitive("sine_times", shape=lambda x, y: x)
def kernel(x, y):
    return np.sin(x) * y


def wrong(z_bar, z, x, y):
    return np.cos(x) * z_bar * y, -np.sin(x) * z_bar


def right(z_bar, z, x, y):
    return np.cos(x) * z_bar * y, np.sin(x) * z_bar


planted = wrong

kernel.vjp(planted)


@kernel.jvp
def jvp(x_dot, y_dot, z, x, y):
    return np.cos(x) * x_dot * y + np.sin(x) * y_dot
