"""TensorFlow: the gradient of cumprod divided by x and masked 0 / 0 to 0, so that finite but wrong gradients
came.

https://github.com/tensorflow/tensorflow/issues/119430
"""

import numpy as np
from backproof import primitive_of


def wrong(y_bar, y, x, axis):
    summed = np.flip(np.cumsum(np.flip(y * y_bar, axis), axis=axis), axis)
    return (np.where(x != 0, summed / np.where(x != 0, x, 1), 0),)


primitive_of("cumprod").vjp(wrong)
