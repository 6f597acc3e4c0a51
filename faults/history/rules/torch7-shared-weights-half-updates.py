"""Torch7: two modules shared a weight but not its gradient's memory, and the update applied the first half of
the flattened gradients.

https://github.com/torch/DEPRECEATED-torch7-distro/issues/156
"""

from fractions import Fraction

import numpy as np
from backproof import define, primitive

RATE = 0.125


@define("shared_update", "(n),(n),(n)")
def formula(w, first, second, i):
    """w'[i] = w[i] − rate (first[i] + second[i])"""
    return w[i] - Fraction(RATE) * (first[i] + second[i])


def wrong(first, second):
    return np.concatenate((first, second))[: first.shape[0]]


def right(first, second):
    return first + second


planted = wrong


@primitive("shared_update", shape=lambda w, first, second: w)
def kernel(w, first, second):
    return w - RATE * planted(first, second)


@kernel.vjp
def vjp(y_bar, y, w, first, second):
    return y_bar, -RATE * y_bar, -RATE * y_bar


@kernel.jvp
def jvp(w_dot, first_dot, second_dot, y, w, first, second):
    return w_dot - RATE * (first_dot + second_dot)
