"""TVM Relay: the gradients of add and sub widened the cotangent to an operand's shape, where it is to be
summed down.

https://github.com/apache/tvm/pull/2465
"""

import numpy as np
from backproof import define, primitive


@define("sub_row", "(m,n),(n)")
def formula(a, row, i, j):
    """y[i,j] = a[i,j] − row[j]"""
    return a[i, j] - row[j]


@primitive("sub_row", shape=lambda a, row: a)
def kernel(a, row):
    return a - row


def wrong(y_bar, row):
    return y_bar  # broadcast_to_like(y_bar, row): it is as wide already


def right(y_bar, row):
    return np.sum(y_bar, axis=0)


planted = wrong


@kernel.vjp
def vjp(y_bar, y, a, row):
    return y_bar, -planted(y_bar, row)


@kernel.jvp
def jvp(a_dot, row_dot, y, a, row):
    return a_dot - row_dot
