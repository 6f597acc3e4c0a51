"""Zygote.jl: the dot product of a row and a column gave the column a cotangent in the row's shape.

https://github.com/FluxML/Zygote.jl/issues/916
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.definition import ShapeMismatch
from backproof.spec.formula import total


def scalar(x, y):
    if x[0] != 1 or y[1] != 1:
        raise ShapeMismatch(f"dot of {x} and {y}: a row and a column are needed")
    return ()


@define("dot", "(p,n),(n,q)", shape=scalar, bounded="p and q are 1",
        examples=[((1, n), (n, 1)) for n in (1, 2, 3)])
def formula(x, y):
    """z = Σ_k x[0,k] y[k,0]"""
    return total(lambda k: x[0, k] * y[k, 0], x.size(1))


@primitive("dot", shape=scalar)
def kernel(x, y):
    return np.sum(x.reshape((x.size,)) * y.reshape((y.size,)))


def wrong(array, shape):
    return array


def right(array, shape):
    return array.reshape(shape)


planted = wrong


@kernel.vjp
def vjp(z_bar, z, x, y):
    return planted(z_bar * y, x.shape), planted(z_bar * x, y.shape)


@kernel.jvp
def jvp(x_dot, y_dot, z, x, y):
    return kernel.forward_kernel(x_dot, y) + kernel.forward_kernel(x, y_dot)
