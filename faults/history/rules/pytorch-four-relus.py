"""PyTorch: four spellings of max(x, 0) have three gradients at 0 in one engine: this is clamp from below,
which has 1.

The formula declares the one convention that the report asks for, 0.

https://github.com/pytorch/pytorch/issues/184572
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import kink


@define("clamp_min", "(n)", kinks="x = 0")
def formula(x, *i):
    """y[i] = max(x[i], 0)"""
    return kink("relu", x[i], above=x[i], below=0 * x[i])


@primitive("clamp_min", shape=lambda x: x)
def kernel(x):
    return np.maximum(x, 0)


def wrong(moved, x):
    return np.where(x >= 0, moved, 0)


def right(moved, x):
    return np.where(x > 0, moved, 0)


planted = wrong


@kernel.vjp
def vjp(y_bar, y, x):
    return (planted(y_bar, x),)


@kernel.jvp
def jvp(x_dot, y, x):
    return np.where(x > 0, x_dot, 0)
