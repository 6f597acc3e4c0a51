"""OneFlow: the first operand of a remainder that was repeated beside the other got a gradient of the output's
length.

One step of a remainder: the divisor is subtracted once, where it is smaller.

https://github.com/Oneflow-Inc/oneflow/issues/8769
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import step


@define("remainder", "(),(n)", shape=lambda x, y: y)
def formula(x, y, i):
    """r[i] = x − y[i] [x > y[i]]"""
    return x[()] - y[i] * step(x[()] - y[i])


@primitive("remainder", shape=lambda x, y: y)
def kernel(x, y):
    return np.where(x > y, x - y, x)


def wrong(r_bar):
    return r_bar


def right(r_bar):
    return np.sum(r_bar)


planted = wrong


@kernel.vjp
def vjp(r_bar, r, x, y):
    return planted(r_bar), np.where(x > y, -r_bar, 0)


@kernel.jvp
def jvp(x_dot, y_dot, r, x, y):
    return np.where(x > y, x_dot - y_dot, x_dot)
