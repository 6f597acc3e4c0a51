"""PyTorch: the backward of gather assigned, so that of repeated indices only the last write was kept.

https://github.com/pytorch/pytorch/issues/1631
"""

import numpy as np
from backproof import primitive_of


def wrong(y_bar, y, x, axis, indices):
    x_bar = np.zeros_like(np.moveaxis(x, axis, 0))
    x_bar[np.array(indices, dtype=np.intp)] = np.moveaxis(y_bar, axis, 0)
    return (np.moveaxis(x_bar, 0, axis),)


def right(y_bar, y, x, axis, indices):
    x_bar = np.zeros_like(np.moveaxis(x, axis, 0))
    np.add.at(x_bar, np.array(indices, dtype=np.intp), np.moveaxis(y_bar, axis, 0))
    return (np.moveaxis(x_bar, 0, axis),)


planted = wrong

primitive_of("index_select").vjp(planted)
