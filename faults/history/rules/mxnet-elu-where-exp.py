"""MXNet: the branch of elu that is not taken overflowed, and its gradient, masked by 0, was no number.

https://github.com/apache/mxnet/pull/14673
"""

import numpy as np
from backproof import primitive_of


def wrong(y_bar, y, x, alpha):
    return (np.where(x > 0, y_bar, 0) + np.where(x > 0, 0, y_bar) * alpha * np.exp(x),)


def right(y_bar, y, x, alpha):
    return (np.where(x > 0, y_bar, 0) + np.where(x > 0, 0, y_bar) * alpha * np.exp(np.minimum(x, 0)),)


planted = wrong

primitive_of("elu").vjp(planted)
