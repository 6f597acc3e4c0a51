"""PyTorch/XLA: the training gradient of batch normalisation was applied in evaluation too.

https://github.com/pytorch/xla/issues/913
"""

import numpy as np
from backproof import primitive_of

batch_norm = primitive_of("batch_norm2d_nchw_eval")
shipped = batch_norm.vjp_kernel


def wrong(y_bar, y, x, gamma, beta, mean, variance, eps=1e-6):
    _x_bar, *others = shipped(y_bar, y, x, gamma, beta, mean, variance, eps)
    axes, count = (0, 2, 3), x.shape[0] * x.shape[2] * x.shape[3]
    centred = x - np.sum(x, axis=axes, keepdims=True) / count
    deviation = np.sqrt(np.sum(centred * centred, axis=axes, keepdims=True) / count + eps)
    x_hat = centred / deviation
    pulled = y_bar * np.expand_dims(gamma, (1, 2))
    mean_bar = np.sum(pulled, axis=axes, keepdims=True) / count
    aligned = np.sum(pulled * x_hat, axis=axes, keepdims=True) / count
    return ((pulled - mean_bar - x_hat * aligned) / deviation, *others)


batch_norm.vjp(wrong)
