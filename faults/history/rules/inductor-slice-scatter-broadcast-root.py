"""PyTorch Inductor: the mask of a slice assignment was found by coordinate times stride, and a broadcast
gradient has stride 0.

The op is the slice assignment with the sum that makes its gradient a broadcast.

https://github.com/pytorch/pytorch/issues/180164
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.definition import ShapeMismatch
from backproof.spec.formula import total, where


def inside(x, v):
    if not 0 <= v[0] <= x[0]:
        raise ShapeMismatch(f"{v} from 0 on of {x}: it must lie inside")
    return ()


@define("sum_after_assignment", "(n),(m)", shape=inside, bounded="m is at most n")
def formula(x, v):
    """y = Σ_k v[k] for k < m, x[k] from there on"""
    return total(lambda k: where(k < v.size(0), lambda: v[k], lambda: x[k]), x.size(0))


@primitive("sum_after_assignment", shape=inside)
def kernel(x, v):
    return np.sum(np.concatenate((v, x[v.shape[0] :])))


def wrong(place):
    return place * 0  # the gradient is a broadcast scalar: its stride is 0


def right(place):
    return place


planted = wrong


@kernel.vjp
def vjp(y_bar, y, x, v):
    kept = [planted(place) >= v.shape[0] for place in range(x.shape[0])]
    x_bar = np.where(np.array(kept, dtype=np.bool_), np.broadcast_to(y_bar, x.shape), 0)
    return x_bar, np.broadcast_to(y_bar, v.shape)


@kernel.jvp
def jvp(x_dot, v_dot, y, x, v):
    return np.sum(np.concatenate((v_dot, x_dot[v.shape[0] :])))
