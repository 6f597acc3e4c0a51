"""AiDotNet: at the end of each step the gradient of the recurrent state was set to zero, so that none went
through the recurrent weights.

Two steps of h ← W h, as in the report's smallest case; the state's gradient is zeroed between them.

https://github.com/ooples/AiDotNet/pull/722
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import total


@define("two_steps", "(n,n),(n)", shape=lambda w, x: x)
def formula(w, x, i):
    """y[i] = Σ_j w[i,j] Σ_k w[j,k] x[k]"""
    return total(lambda j: w[i, j] * total(lambda k: w[j, k] * x[k], x.size(0)), x.size(0))


@primitive("two_steps", shape=lambda w, x: x)
def kernel(w, x):
    return w @ (w @ x)


def wrong(state_bar, w):
    return np.zeros_like(state_bar)


def right(state_bar, w):
    return state_bar @ w


planted = wrong


@kernel.vjp
def vjp(y_bar, y, w, x):
    last = w @ x
    w_bar = np.expand_dims(y_bar, 1) * last
    first_bar = planted(y_bar, w)
    return w_bar + np.expand_dims(first_bar, 1) * x, first_bar @ w


@kernel.jvp
def jvp(w_dot, x_dot, y, w, x):
    return w_dot @ (w @ x) + w @ (w_dot @ x + w @ x_dot)
