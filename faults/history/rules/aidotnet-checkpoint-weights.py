"""AiDotNet.Tensors: a checkpointed segment x ↦ W x was differentiated by its input alone, so that the weights
it had captured got nothing.

The segment is one op, and what it captures is an input of it.

https://github.com/ooples/AiDotNet.Tensors/pull/643
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import total


@define("checkpointed_layer", "(m,k),(k)", shape=lambda w, x: (w[0],))
def formula(w, x, i):
    """y[i] = Σ_k w[i,k] x[k]"""
    return total(lambda k: w[i, k] * x[k], x.size(0))


@primitive("checkpointed_layer", shape=lambda w, x: (w[0],))
def kernel(w, x):
    return w @ x


def wrong(y_bar, y, w, x):
    return np.zeros_like(w), y_bar @ w


def right(y_bar, y, w, x):
    return np.expand_dims(y_bar, 1) * x, y_bar @ w


planted = wrong

kernel.vjp(planted)


@kernel.jvp
def jvp(w_dot, x_dot, y, w, x):
    return w_dot @ x + w @ x_dot
