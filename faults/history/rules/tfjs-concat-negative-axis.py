"""TensorFlow.js: the gradient of concat was cut apart along the axis as it came, which was not made positive.

https://github.com/tensorflow/tfjs-core/pull/1267
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import where


def joined(a, b, axis):
    return (a[0], a[1] + b[1])


@define("concat_last", "(m,p),(m,q)", shape=joined, attributes=lambda a, b: [{"axis": -1}])
def formula(a, b, i, j, axis):
    """y[i,j] = a[i,j] for j < p, b[i,j−p] from there on"""
    return where(j < a.size(1), lambda: a[i, j], lambda: b[i, j - a.size(1)])


@primitive("concat_last", shape=joined)
def kernel(a, b, axis):
    return np.concatenate((a, b), axis=1)


def wrong(axis):
    return axis


def right(axis):
    return axis % 2


planted = wrong


@kernel.vjp
def vjp(y_bar, y, a, b, axis):
    before = (slice(None),) * planted(axis)
    size = a.shape[axis]
    return y_bar[(*before, slice(None, size))], y_bar[(*before, slice(size, None))]


@kernel.jvp
def jvp(a_dot, b_dot, y, a, b, axis):
    return np.concatenate((a_dot, b_dot), axis=1)
