"""Deeplearning4j: the gradient of softmax cross-entropy normalised over the batch, not over the classes, and
had the residual's sign turned.

https://github.com/deeplearning4j/deeplearning4j/issues/345
"""

import numpy as np
from backproof import primitive_of


def hot(x, indices):
    classes = np.expand_dims(np.array(indices, dtype=np.intp), 1)
    return np.where(classes == np.arange(x.shape[1]), np.ones_like(x), 0)


def probabilities(x, axis):
    weights = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return weights / np.sum(weights, axis=axis, keepdims=True)


def wrong(y_bar, y, x, indices):
    return (y_bar * (hot(x, indices) - probabilities(x, 0)) / x.shape[0],)


def right(y_bar, y, x, indices):
    ones = hot(x, indices)
    return (y_bar * (np.sum(ones, axis=1, keepdims=True) * probabilities(x, 1) - ones) / x.shape[0],)


planted = wrong

primitive_of("cross_entropy").vjp(planted)
