"""SKaiNET: with a negative axis the sum in the backward of softmax was not given its axis again.

https://github.com/SKaiNET-developers/SKaiNET/issues/863
"""

import numpy as np
from backproof import primitive_of


def wrong(y_bar, y, x, axis=None):
    if x.ndim == 0:
        return (np.zeros_like(x),)
    dim = -1 if axis is None else axis
    return (y * (y_bar - np.sum(y_bar * y, axis=dim, keepdims=dim >= 0)),)


def right(y_bar, y, x, axis=None):
    if x.ndim == 0:
        return (np.zeros_like(x),)
    dim = -1 if axis is None else axis
    return (y * (y_bar - np.sum(y_bar * y, axis=dim, keepdims=True)),)


planted = wrong

primitive_of("softmax").vjp(planted)
