"""MLX: the gradient of the largest k went to the same columns in every row, whatever the data.

Here k = 1: the columns of the first row are used for all.

https://github.com/ml-explore/mlx/issues/1428
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.definition import ShapeMismatch
from backproof.spec.formula import largest


def top(x):
    if x[1] < 1:
        raise ShapeMismatch(f"top of {x}: of nothing there is no largest")
    return (x[0], 1)


@define("top", "(r,n)", shape=top, kinks="two entries of a row are equal")
def formula(x, i, j):
    """y[i,0] = max_k x[i,k], the first winning"""
    return largest("reduce max", lambda k: x[i, k], ((0, x.size(1)),))


@primitive("top", shape=top)
def kernel(x):
    return np.max(x, axis=1, keepdims=True)


def wrong(x):
    return np.broadcast_to(np.argmax(x[:1], axis=1, keepdims=True), (x.shape[0], 1))


def right(x):
    return np.argmax(x, axis=1, keepdims=True)


planted = wrong


@kernel.vjp
def vjp(y_bar, y, x):
    x_bar = np.zeros_like(x)
    if x.shape[0] > 0:
        np.put_along_axis(x_bar, planted(x), y_bar, axis=1)
    return (x_bar,)


@kernel.jvp
def jvp(x_dot, y, x):
    return np.take_along_axis(x_dot, np.argmax(x, axis=1, keepdims=True), axis=1)
