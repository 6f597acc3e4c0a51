"""PyTensor: the gradient of cumprod divided by x, while its sibling prod already knew of zeros.

https://github.com/pymc-devs/pytensor/pull/1911
"""

import numpy as np
from backproof import primitive_of


def wrong(y_bar, y, x, axis):
    return (np.flip(np.cumsum(np.flip(y * y_bar, axis), axis=axis), axis) / x,)


primitive_of("cumprod").vjp(wrong)
