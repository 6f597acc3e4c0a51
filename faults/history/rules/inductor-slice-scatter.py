"""PyTorch Inductor: the mask of a compiled slice assignment was folded to a constant, and the overwritten
tensor got no gradient at all.

https://github.com/pytorch/pytorch/issues/180771
"""

import numpy as np
from backproof import primitive_of


def along(axis, start, v):
    return (*[slice(None)] * axis, slice(start, start + v.shape[axis]))


def wrong(y_bar, y, x, v, axis, start):
    return np.zeros_like(x), y_bar[along(axis, start, v)]


primitive_of("slice_assign").vjp(wrong)
