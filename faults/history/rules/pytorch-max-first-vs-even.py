"""PyTorch: the largest of all entries sent its gradient to the first of several, where an even share was
declared.

Judged with `--convention pytorch`, which declares the even share. Equal shares are decided at instances
alone.

https://github.com/pytorch/pytorch/pull/43519
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.definition import ShapeMismatch
from backproof.spec.formula import largest


def scalar(x):
    if not 1 <= x[0] <= 3:
        raise ShapeMismatch(f"largest of {x}: of nothing there is none, of many the ties are many")
    return ()


@define("largest_of_all", "(n)", shape=scalar, kinks="two entries are equal",
        bounded="an equal share is one of a known number")
def formula(x):
    """y = max_k x[k]"""
    return largest("reduce max", lambda k: x[k], ((0, x.size(0)),))


@primitive("largest_of_all", shape=scalar)
def kernel(x):
    return np.max(x)


def wrong(y_bar, y, x):
    x_bar = np.zeros_like(x)
    np.put_along_axis(x_bar, np.argmax(x, axis=0, keepdims=True), np.expand_dims(y_bar, 0), axis=0)
    return (x_bar,)


def right(y_bar, y, x):
    winners = np.where(x >= y, np.ones_like(x), 0)
    return (y_bar * winners / np.sum(winners),)


planted = wrong

kernel.vjp(planted)


@kernel.jvp
def jvp(x_dot, y, x):
    winners = np.where(x >= y, np.ones_like(x), 0)
    return np.sum(x_dot * winners) / np.sum(winners)
