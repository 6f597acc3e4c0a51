"""mlpack: the backward of log_softmax added the gradient to the probabilities.

https://github.com/mlpack/mlpack/issues/2360
"""

import numpy as np
from backproof import primitive_of


def wrong(y_bar, y, x, axis=None):
    return (np.exp(y) + y_bar,)


primitive_of("log_softmax").vjp(wrong)
