"""Zygote.jl: a count of entries above 3 was made on dual numbers, where 3 + ε is above 3, so that all
gradients had another factor.

The sum is multiplied by the count and not divided by it, so that it has a value where nothing is above 3.

https://github.com/FluxML/Zygote.jl/issues/1597
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import step, total


@define("cubes_times_count", "(n)", shape=lambda x: (), bounded="a count of entries is one of a known number")
def formula(x):
    """y = (Σ_k x[k]³) #{k : x[k] > 3}"""
    return total(lambda k: x[k] ** 3, x.size(0)) * total(lambda k: step(x[k] - 3), x.size(0))


def counted(above, x):
    return np.sum(np.where(above, np.ones_like(x), 0))


@primitive("cubes_times_count", shape=lambda x: ())
def kernel(x):
    return np.sum(x * x * x) * counted(x > 3, x)


def wrong(x):
    return x >= 3


def right(x):
    return x > 3


planted = wrong


@kernel.vjp
def vjp(y_bar, y, x):
    return (y_bar * 3 * x * x * counted(planted(x), x),)


@kernel.jvp
def jvp(x_dot, y, x):
    return np.sum(3 * x * x * x_dot) * counted(planted(x), x)
