"""PyTorch Geometric: ε was added after the square root, so that a row of equal entries divides by the root of
0 in its gradient.

The row is centred already, so that equal entries are zeros; the mean of squares would only scale their sum.

https://github.com/pyg-team/pytorch_geometric/pull/2917
"""

from fractions import Fraction

import numpy as np
from backproof import define, primitive, primitive_of
from backproof.spec.definition import ShapeMismatch
from backproof.spec.formula import root, total

EPSILON = 0.125
norm = primitive_of("norm")


def few_entries(x):
    if not 1 <= x[0] <= 3:
        raise ShapeMismatch(f"over_norm of {x}: one to three entries are needed")
    return x


@define("over_norm", "(n)", shape=few_entries, kinks="all entries are 0",
        bounded="a root with a kink stands in a divisor")
def formula(x, i):
    """y[i] = x[i] / (√Σ_k x[k]² + ε)"""
    return x[i] / (root("norm", total(lambda k: x[k] ** 2, x.size(0))) + Fraction(EPSILON))


@primitive("over_norm", shape=few_entries)
def kernel(x):
    return x / (norm.forward_kernel(x, 0) + EPSILON)


def wrong(x, length):
    return x / length


def right(x, length):
    return norm.vjp_kernel(np.ones_like(length), length, x, 0)[0]  # 0 where the length is


planted = wrong


@kernel.vjp
def vjp(y_bar, y, x):
    length = norm.forward_kernel(x, 0)
    return ((y_bar - planted(x, length) * np.sum(y_bar * y)) / (length + EPSILON),)


@kernel.jvp
def jvp(x_dot, y, x):
    length = norm.forward_kernel(x, 0)
    return (x_dot - y * np.sum(right(x, length) * x_dot)) / (length + EPSILON)
