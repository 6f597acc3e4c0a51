"""PyTorch: the gradient of a 2-norm was x / ‖x‖, which is 0 / 0 at a vector of zeros.

https://github.com/pytorch/pytorch/issues/2421
"""

import numpy as np
from backproof import primitive_of


def wrong(y_bar, y, x, axis):
    return (np.expand_dims(y_bar, axis) * x / np.expand_dims(y, axis),)


def right(y_bar, y, x, axis):
    length = np.expand_dims(y, axis)
    return (np.where(length > 0, np.expand_dims(y_bar, axis) * x / np.where(length > 0, length, 1), 0),)


planted = wrong

primitive_of("norm").vjp(planted)
