"""PyTorch: the gradient of prod divided the product by each entry.

https://github.com/pytorch/pytorch/issues/773
"""

import numpy as np
from backproof import primitive_of


def wrong(y_bar, y, x, axis=None):
    if axis is None:
        return (y_bar * y / x,)
    return (np.expand_dims(y_bar * y, axis) / x,)


primitive_of("prod").vjp(wrong)
