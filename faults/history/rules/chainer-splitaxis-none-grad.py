"""Chainer: a split whose first piece was unused put its gradients together without zeros in that piece's
place.

Of the two pieces x[:1] and x[1:] the op returns the second, so that the first has no gradient.

https://github.com/chainer/chainer/pull/7931
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.definition import ShapeMismatch


def rest(x):
    if x[0] < 1:
        raise ShapeMismatch(f"second_of_split of {x}: the first piece has one entry")
    return (x[0] - 1,)


@define("second_of_split", "(n)", shape=rest, bounded="a vector without entries cannot be split")
def formula(x, i):
    """y[i] = x[i+1]"""
    return x[i + 1]


@primitive("second_of_split", shape=rest)
def kernel(x):
    return x[1:]


def wrong(gradients, x):
    return np.concatenate([each for each in gradients if each is not None])


def right(gradients, x):
    pieces = (x[:1], x[1:])
    filled = [np.zeros_like(p) if g is None else g for g, p in zip(gradients, pieces, strict=True)]
    return np.concatenate(filled)


planted = wrong


@kernel.vjp
def vjp(y_bar, y, x):
    return (planted((None, y_bar), x),)


@kernel.jvp
def jvp(x_dot, y, x):
    return x_dot[1:]
