"""Chainer: the wrapper that computes a function x ↦ W x again asked for the gradients of its explicit inputs
alone.

The wrapped function is one op, with the parameter that it captures as an input.

https://github.com/chainer/chainer/pull/5179
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import total


@define("forget", "(m,k),(k,n)", shape=lambda w, x: (w[0], x[1]))
def formula(w, x, i, j):
    """y[i,j] = Σ_k w[i,k] x[k,j]"""
    return total(lambda k: w[i, k] * x[k, j], x.size(0))


@primitive("forget", shape=lambda w, x: (w[0], x[1]))
def kernel(w, x):
    return w @ x


def wrong(y_bar, y, w, x):
    return np.zeros_like(w), w.T @ y_bar


def right(y_bar, y, w, x):
    return y_bar @ x.T, w.T @ y_bar


planted = wrong

kernel.vjp(planted)


@kernel.jvp
def jvp(w_dot, x_dot, y, w, x):
    return w_dot @ x + w @ x_dot
