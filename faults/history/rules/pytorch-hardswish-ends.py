"""PyTorch: the formula of hardswish's middle was used at its ends too, where the neighbours have slopes 0 and
1.

https://github.com/pytorch/pytorch/issues/147801
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import kink


@define("hardswish", "(n)", kinks="x = −3, x = 3")
def formula(x, *i):
    """y[i] = 0 where x[i] <= −3, x[i] where x[i] >= 3, x[i] (x[i] + 3) / 6 between"""
    middle = kink("relu", 3 - x[i], above=x[i] * (x[i] + 3) / 6, below=x[i])
    return kink("relu", x[i] + 3, above=middle, below=0 * x[i])


@primitive("hardswish", shape=lambda x: x)
def kernel(x):
    return np.where(x > -3, np.where(x < 3, x * (x + 3) / 6, x), 0)


def wrong(moved, x):
    return np.where(x < -3, 0, np.where(x > 3, moved, moved * (2 * x + 3) / 6))


def right(moved, x):
    return np.where(x > -3, np.where(x < 3, moved * (2 * x + 3) / 6, moved), 0)


planted = wrong


@kernel.vjp
def vjp(y_bar, y, x):
    return (planted(y_bar, x),)


@kernel.jvp
def jvp(x_dot, y, x):
    return planted(x_dot, x)
