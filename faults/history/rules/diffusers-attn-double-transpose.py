"""Diffusers attention dispatch: forward saved the keys after moving the axis of heads, and backward moved it
once more, which fits where S = H.

https://github.com/huggingface/diffusers/pull/14341
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import total


def scores(q, k):
    return (q[1], q[0], k[0])


@define("head_scores", "(s,h,d),(t,h,d)", shape=scores)
def formula(q, k, h, i, j):
    """y[h,i,j] = Σ_d q[i,h,d] k[j,h,d]"""
    return total(lambda d: q[i, h, d] * k[j, h, d], q.size(2))


@primitive("head_scores", shape=scores)
def kernel(q, k):
    return np.swapaxes(q, 0, 1) @ np.swapaxes(k, 0, 1).mT


def wrong(saved):
    return np.swapaxes(saved, 0, 1)


def right(saved):
    return saved


planted = wrong


@kernel.vjp
def vjp(y_bar, y, q, k):
    saved = np.swapaxes(k, 0, 1)
    q_bar = y_bar @ planted(saved)
    k_bar = y_bar.mT @ np.swapaxes(q, 0, 1)
    return np.swapaxes(q_bar, 0, 1), np.swapaxes(k_bar, 0, 1)


@kernel.jvp
def jvp(q_dot, k_dot, y, q, k):
    moved = np.swapaxes(q_dot, 0, 1) @ np.swapaxes(k, 0, 1).mT
    return moved + np.swapaxes(q, 0, 1) @ np.swapaxes(k_dot, 0, 1).mT
