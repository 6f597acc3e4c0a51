"""tinygrad: the even split of a tie, right for minimum, came through to relu6, which had slope 1/2 at 6.

https://github.com/tinygrad/tinygrad/pull/18029
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import kink


@define("relu6", "(n)", kinks="x = 0, x = 6")
def formula(x, *i):
    """y[i] = min(max(x[i], 0), 6)"""
    lowered = kink("relu", 6 - x[i], above=x[i], below=0 * x[i] + 6)
    return kink("relu", x[i], above=lowered, below=0 * x[i])


@primitive("relu6", shape=lambda x: x)
def kernel(x):
    return np.minimum(np.maximum(x, 0), 6)


def wrong(moved, x):
    return np.where(x > 0, np.where(x < 6, moved, np.where(x > 6, 0, moved / 2)), 0)


def right(moved, x):
    return np.where((x > 0) & (x < 6), moved, 0)


planted = wrong


@kernel.vjp
def vjp(y_bar, y, x):
    return (planted(y_bar, x),)


@kernel.jvp
def jvp(x_dot, y, x):
    return planted(x_dot, x)
