"""Theano: a scatter-add followed by a gather at the same indices was rewritten to nothing, which is right
without duplicates alone.

https://github.com/Theano/Theano/pull/5921
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import total, where

INDICES = [{"indices": (0, 0)}, {"indices": (1, 0, 1)}, {"indices": (2, 0, 1)}]


def lists(x):
    return [each for each in INDICES if len(each["indices"]) == x[0]]


@define("scattered_and_gathered", "(n)", shape=lambda x, indices: x, attributes=lists,
        bounded="a list is given whole")
def formula(x, i, indices):
    """y[i] = Σ_t [indices[t] = indices[i]] x[t]"""
    return total(lambda t: where(indices[t] == indices[i], lambda: x[t], lambda: 0 * x[t]), x.size(0))


def wrong(x, indices):
    return x.copy()


def right(x, indices):
    places = np.array(indices, dtype=np.intp)
    table = np.zeros_like(x)
    np.add.at(table, places, x)
    return table[places]


planted = wrong


@primitive("scattered_and_gathered", shape=lambda x, indices: x)
def kernel(x, indices):
    return planted(x, indices)


@kernel.vjp
def vjp(y_bar, y, x, indices):
    return (planted(y_bar, indices),)  # the map is symmetric


@kernel.jvp
def jvp(x_dot, y, x, indices):
    return planted(x_dot, indices)
