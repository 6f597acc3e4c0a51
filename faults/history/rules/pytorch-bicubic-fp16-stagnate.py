"""PyTorch: the gradient of an image of one pixel was summed in half precision, where it stops growing at
2048.

https://github.com/pytorch/pytorch/issues/104157
"""

import numpy as np
from backproof import define, primitive


def sides(x):
    return [{"side": 3}, {"side": 0}, {"side": 70}]


@define("enlarged", "()", shape=lambda x, side: (side,), attributes=sides, bounded="a sum in a loop")
def formula(x, i, side):
    """y[i] = x, for i < side"""
    return x[()]


@primitive("enlarged", shape=lambda x, side: (side,))
def kernel(x, side):
    return np.broadcast_to(x, (side,))


def wrong(total, addend):
    if np.asarray(total).dtype == object:
        return total + addend
    return np.asarray(np.float16(total) + np.float16(addend), total.dtype)


def right(total, addend):
    return total + addend


planted = wrong


@kernel.vjp
def vjp(y_bar, y, x, side):
    summed = np.zeros_like(x)
    for place in range(side):
        summed = planted(summed, y_bar[place])
    return (summed,)


@kernel.jvp
def jvp(x_dot, y, x, side):
    return np.broadcast_to(x_dot, (side,))
