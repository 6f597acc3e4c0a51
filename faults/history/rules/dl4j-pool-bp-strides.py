"""DL4J libnd4j: the backward of a pool found places in x by the strides of its gradient, so that a transposed
view was read at wrong ones.

The op takes the largest entry of each row of the view xᵀ, whose memory is that of x.

https://github.com/deeplearning4j/deeplearning4j/issues/8077
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.definition import ShapeMismatch
from backproof.spec.formula import largest


def rows_of_view(x):
    if x[0] < 1:
        raise ShapeMismatch(f"pool_of_view of {x}: of nothing there is no largest")
    return (x[1],)


@define("pool_of_view", "(m,n)", shape=rows_of_view, kinks="two entries of a column are equal")
def formula(x, j):
    """y[j] = max_i x[i,j], the first winning"""
    return largest("reduce max", lambda i: x[i, j], ((0, x.size(0)),))


@primitive("pool_of_view", shape=rows_of_view)
def kernel(x):
    return np.max(x.T, axis=1)


def wrong(x):
    return x.reshape((x.shape[1], x.shape[0]))  # the view's memory, read by a contiguous array's strides


def right(x):
    return x.T


planted = wrong


@kernel.vjp
def vjp(y_bar, y, x):
    place = np.argmax(planted(x), axis=1, keepdims=True)
    view_bar = np.zeros_like(x.T)
    np.put_along_axis(view_bar, place, np.expand_dims(y_bar, 1), axis=1)
    return (view_bar.T,)


@kernel.jvp
def jvp(x_dot, y, x):
    place = np.argmax(x.T, axis=1, keepdims=True)
    return np.take_along_axis(x_dot.T, place, axis=1).reshape(y.shape)
