"""ND4J SameDiff: the gradient of a row that was added to every row of a matrix came in the matrix's shape.

https://github.com/deeplearning4j/nd4j/issues/2424
"""

import numpy as np
from backproof import define, primitive


@define("add_row", "(m,n),(n)")
def formula(a, row, i, j):
    """y[i,j] = a[i,j] + row[j]"""
    return a[i, j] + row[j]


@primitive("add_row", shape=lambda a, row: a)
def kernel(a, row):
    return a + row


def wrong(y_bar, y, a, row):
    return y_bar, y_bar


def right(y_bar, y, a, row):
    return y_bar, np.sum(y_bar, axis=0)


planted = wrong

kernel.vjp(planted)


@kernel.jvp
def jvp(a_dot, row_dot, y, a, row):
    return a_dot + row_dot
