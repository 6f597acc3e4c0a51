"""PyTorch: forward takes an empty list of axes for all of them, and backward counted the entries of none.

https://github.com/pytorch/pytorch/issues/28993
"""

import math

import numpy as np
from backproof import define, primitive
from backproof.spec.definition import ShapeMismatch
from backproof.spec.formula import total


def scalar(x, axes):
    if x[0] < 1 or x[1] < 1:
        raise ShapeMismatch(f"mean_over of {x}: every side must be positive")
    return ()


@define("mean_over", "(m,n)", shape=scalar, attributes=lambda x: [{"axes": ()}, {"axes": (0, 1)}])
def formula(x, axes):
    """y = (Σ_i x[i]) / N, over all N entries: the axes are all of them, or none for all"""
    return total(lambda i, j: x[i, j], *x.shape) / (x.size(0) * x.size(1))


@primitive("mean_over", shape=scalar)
def kernel(x, axes):
    return np.sum(x) / (x.shape[0] * x.shape[1])


def wrong(x, axes):
    return math.prod(x.shape[axis] for axis in axes)


def right(x, axes):
    return x.shape[0] * x.shape[1]


planted = wrong


@kernel.vjp
def vjp(y_bar, y, x, axes):
    return (np.broadcast_to(y_bar / planted(x, axes), x.shape),)


@kernel.jvp
def jvp(x_dot, y, x, axes):
    return np.sum(x_dot) / (x.shape[0] * x.shape[1])
