"""MXNet: the mode of batch normalisation was read when the backward ran, by then training, and not recorded
by the forward.

https://github.com/apache/mxnet/issues/9580
"""

import numpy as np
from backproof import primitive_of

batch_norm = primitive_of("batch_norm2d_nchw_eval")
shipped = batch_norm.vjp_kernel
recorded, at_backward = "evaluation", "training"


def trained(y_bar, x, gamma, eps):
    axes, count = (0, 2, 3), x.shape[0] * x.shape[2] * x.shape[3]
    centred = x - np.sum(x, axis=axes, keepdims=True) / count
    deviation = np.sqrt(np.sum(centred * centred, axis=axes, keepdims=True) / count + eps)
    x_hat, pulled = centred / deviation, y_bar * np.expand_dims(gamma, (1, 2))
    mean_bar = np.sum(pulled, axis=axes, keepdims=True) / count
    aligned = np.sum(pulled * x_hat, axis=axes, keepdims=True) / count
    return (pulled - mean_bar - x_hat * aligned) / deviation


def wrong():
    return at_backward


def right():
    return recorded


planted = wrong


@batch_norm.vjp
def vjp(y_bar, y, x, gamma, beta, mean, variance, eps=1e-6):
    x_bar, *others = shipped(y_bar, y, x, gamma, beta, mean, variance, eps)
    return (trained(y_bar, x, gamma, eps) if planted() == "training" else x_bar, *others)
