"""Burn: add repeated a column and a row beside each other, and handed each the gradient of the whole.

https://github.com/tracel-ai/burn/issues/181
"""

import numpy as np
from backproof import define, primitive


@define("add_column_and_row", "(m),(n)", shape=lambda a, b: (a[0], b[0]))
def formula(a, b, i, j):
    """y[i,j] = a[i] + b[j]"""
    return a[i] + b[j]


@primitive("add_column_and_row", shape=lambda a, b: (a[0], b[0]))
def kernel(a, b):
    return np.expand_dims(a, 1) + b


def wrong(y_bar, y, a, b):
    return y_bar, y_bar


def right(y_bar, y, a, b):
    return np.sum(y_bar, axis=1), np.sum(y_bar, axis=0)


planted = wrong

kernel.vjp(planted)


@kernel.jvp
def jvp(a_dot, b_dot, y, a, b):
    return np.expand_dims(a_dot, 1) + np.broadcast_to(b_dot, y.shape)
