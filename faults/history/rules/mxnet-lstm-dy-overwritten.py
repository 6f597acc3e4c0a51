"""MXNet: the pass from left to right wrote its input gradient over the output gradient, which the pass from
right to left had yet to read.

Both passes are running sums here.

https://github.com/apache/mxnet/pull/18203
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import total


@define("both_ways", "(n)")
def formula(x, i):
    """y[i] = 2 Σ_{k<=i} x[k] + Σ_{k>=i} x[k]"""
    return 2 * total(lambda k: x[k], i + 1) + total(lambda k: x[i + k], x.size(0) - i)


def leftwards(v):
    return np.flip(np.cumsum(np.flip(v, 0), axis=0), 0)


@primitive("both_ways", shape=lambda x: x)
def kernel(x):
    return 2 * np.cumsum(x, axis=0) + leftwards(x)


def wrong(y_bar):
    y_bar[...] = 2 * leftwards(y_bar)
    return y_bar + np.cumsum(y_bar, axis=0)


def right(y_bar):
    return 2 * leftwards(y_bar) + np.cumsum(y_bar, axis=0)


planted = wrong


@kernel.vjp
def vjp(y_bar, y, x):
    return (planted(y_bar),)


@kernel.jvp
def jvp(x_dot, y, x):
    return 2 * np.cumsum(x_dot, axis=0) + leftwards(x_dot)
