"""PyTorch: the arguments of kthvalue's backward were shifted by one, so that k was not passed and its default
was used.

Of n entries the op offers k = 1, the smallest, and k = n, the largest.

https://github.com/pytorch/pytorch/pull/1702
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.definition import ShapeMismatch
from backproof.spec.formula import largest


def scalar(x, k):
    if not 1 <= k <= x[0]:
        raise ShapeMismatch(f"value {k} of {x}: there are {x[0]}")
    return ()


def first_and_last(x):
    return [{"k": k} for k in sorted({1, x[0]})]


@define("kth_value", "(n)", shape=scalar, attributes=first_and_last, kinks="two entries are equal",
        bounded="k is 1 or n")
def formula(x, k):
    """y = min_i x[i] for k = 1, max_i x[i] for k = n; of equal ones the first"""
    sign = 1 if k > 1 else -1
    return sign * largest("reduce max", lambda i: sign * x[i], ((0, x.size(0)),))


def place(x, k=1):
    return np.argmax(x if k > 1 else -x, axis=0, keepdims=True)


@primitive("kth_value", shape=scalar)
def kernel(x, k):
    return np.max(x) if k > 1 else -np.max(-x)


def wrong(x, k):
    return place(x)


def right(x, k):
    return place(x, k)


planted = wrong


@kernel.vjp
def vjp(y_bar, y, x, k):
    x_bar = np.zeros_like(x)
    np.put_along_axis(x_bar, planted(x, k), np.expand_dims(y_bar, 0), axis=0)
    return (x_bar,)


@kernel.jvp
def jvp(x_dot, y, x, k):
    return np.take_along_axis(x_dot, place(x, k), axis=0).reshape(())
