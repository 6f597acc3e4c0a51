"""MXNet: the weight gradient of a middle layer used the layer's output where its input belongs.

Two of the stacked layers are one op; they are square, or the shapes would tell.

https://github.com/apache/mxnet/pull/18203
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import total


@define("stacked_layers", "(n,n),(n,n),(n)", shape=lambda w2, w1, x: x)
def formula(w2, w1, x, i):
    """y[i] = Σ_j w2[i,j] Σ_k w1[j,k] x[k]"""
    return total(lambda j: w2[i, j] * total(lambda k: w1[j, k] * x[k], x.size(0)), x.size(0))


@primitive("stacked_layers", shape=lambda w2, w1, x: x)
def kernel(w2, w1, x):
    return w2 @ (w1 @ x)


def wrong(layer_input, layer_output):
    return layer_output


def right(layer_input, layer_output):
    return layer_input


planted = wrong


@kernel.vjp
def vjp(y_bar, y, w2, w1, x):
    below_bar = y_bar @ w2
    w2_bar = np.expand_dims(y_bar, 1) * planted(w1 @ x, y)
    return w2_bar, np.expand_dims(below_bar, 1) * x, below_bar @ w1


@kernel.jvp
def jvp(w2_dot, w1_dot, x_dot, y, w2, w1, x):
    return w2_dot @ (w1 @ x) + w2 @ (w1_dot @ x + w1 @ x_dot)
