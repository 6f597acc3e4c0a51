"""AiDotNet: the gradient of rmsnorm took the root mean square for a constant.

https://github.com/ooples/AiDotNet/pull/695
"""

import numpy as np
from backproof import primitive_of


def parts(x, eps):
    root = np.sqrt(np.sum(x * x, axis=-1, keepdims=True) / x.shape[-1] + eps)
    return root, x / root


def gamma_bar(y_bar, x_hat):
    return np.sum(y_bar * x_hat, axis=tuple(range(x_hat.ndim - 1)))


def wrong(y_bar, y, x, gamma, eps=1e-6):
    root, x_hat = parts(x, eps)
    return y_bar * gamma / root, gamma_bar(y_bar, x_hat)


def right(y_bar, y, x, gamma, eps=1e-6):
    root, x_hat = parts(x, eps)
    pulled = y_bar * gamma
    aligned = np.sum(pulled * x_hat, axis=-1, keepdims=True) / x.shape[-1]
    return (pulled - x_hat * aligned) / root, gamma_bar(y_bar, x_hat)


planted = wrong

primitive_of("rms_norm").vjp(planted)
