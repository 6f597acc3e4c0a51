"""PyTorch: the gradient of indexing with an array of integers kept the last duplicate's contribution alone.

https://github.com/pytorch/pytorch/issues/1528
"""

import numpy as np
from backproof import primitive_of


def wrong(y_bar, y, table, indices):
    table_bar = np.zeros_like(table)
    table_bar[np.array(indices, dtype=np.intp)] = y_bar
    return (table_bar,)


def right(y_bar, y, table, indices):
    table_bar = np.zeros_like(table)
    np.add.at(table_bar, np.array(indices, dtype=np.intp), y_bar)
    return (table_bar,)


planted = wrong

primitive_of("embedding").vjp(planted)
