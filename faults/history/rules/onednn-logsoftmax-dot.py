"""oneDNN: the backward of log_softmax subtracted the inner product of gradient and output, a term of softmax.

https://github.com/uxlfoundation/oneDNN/issues/616
"""

import numpy as np
from backproof import primitive_of


def wrong(y_bar, y, x, axis=None):
    if x.ndim == 0:
        return (np.zeros_like(x),)
    place = x.ndim - 1 if axis is None else axis
    return (y_bar - np.sum(y_bar * y, axis=place, keepdims=True),)


def right(y_bar, y, x, axis=None):
    if x.ndim == 0:
        return (np.zeros_like(x),)
    place = x.ndim - 1 if axis is None else axis
    return (y_bar - np.exp(y) * np.sum(y_bar, axis=place, keepdims=True),)


planted = wrong

primitive_of("log_softmax").vjp(planted)
