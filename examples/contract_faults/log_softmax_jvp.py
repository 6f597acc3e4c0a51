"""The contract's row 48: the JVP of log_softmax is its VJP's formula, ẋ − exp(y)·Σẋ, the transpose of what it should be."""

import numpy as np
from backproof import primitive_of


@primitive_of("log_softmax").jvp
def log_softmax_jvp(x_dot, y, x, axis=None):
    if x.ndim == 0:
        return np.zeros_like(x)
    return x_dot - np.exp(y) * np.sum(x_dot, axis=x.ndim - 1 if axis is None else axis, keepdims=True)
