"""PyTorch: where the sample is no larger than the correction, the backward of var returned a scalar and not
an array of the input's shape.

The variance is divided by 1 there, so that it has a value; what is judged is the shape.

https://github.com/pytorch/pytorch/issues/94184
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.definition import ShapeMismatch
from backproof.spec.formula import total


def scalar(x, correction):
    if x[0] < 1 or x[1] < 1:
        raise ShapeMismatch(f"variance of {x}: every side must be positive")
    return ()


@define("variance", "(m,n)", shape=scalar, attributes=lambda x: [{"correction": 1}, {"correction": 0}],
        bounded="one entry is a case of its own")
def formula(x, correction):
    """y = (Σ_i (x[i] − μ)²) / max(N − correction, 1), with the mean μ of all N entries"""
    count = x.size(0) * x.size(1)
    mean = total(lambda i, j: x[i, j], *x.shape) / count
    return total(lambda i, j: (x[i, j] - mean) ** 2, *x.shape) / max(count - correction, 1)


def parts(x, correction):
    centred = x - np.sum(x) / x.size
    return centred, max(x.size - correction, 1)


@primitive("variance", shape=scalar)
def kernel(x, correction):
    centred, count = parts(x, correction)
    return np.sum(centred * centred) / count


def wrong(y_bar, x):
    return 0 * y_bar


def right(y_bar, x):
    return np.zeros_like(x)


planted = wrong


@kernel.vjp
def vjp(y_bar, y, x, correction):
    centred, count = parts(x, correction)
    if x.size <= correction:
        return (planted(y_bar, x),)
    return (2 * y_bar * centred / count,)


@kernel.jvp
def jvp(x_dot, y, x, correction):
    centred, count = parts(x, correction)
    return 2 * np.sum(centred * x_dot) / count
