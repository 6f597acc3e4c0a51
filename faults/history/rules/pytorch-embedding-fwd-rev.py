"""PyTorch: reverse mode dropped the padding row, and forward mode did not.

https://github.com/pytorch/pytorch/issues/93950
"""

import numpy as np
from backproof import primitive_of

PADDING = 0


def wrong(y_bar, y, table, indices):
    rows = np.array(indices, dtype=np.intp)
    table_bar = np.zeros_like(table)
    np.add.at(table_bar, rows, np.where(np.expand_dims(rows, 1) == PADDING, 0, y_bar))
    return (table_bar,)


def right(y_bar, y, table, indices):
    table_bar = np.zeros_like(table)
    np.add.at(table_bar, np.array(indices, dtype=np.intp), y_bar)
    return (table_bar,)


planted = wrong

primitive_of("embedding").vjp(planted)
