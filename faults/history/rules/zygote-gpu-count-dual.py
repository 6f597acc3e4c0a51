"""Zygote.jl: a count of entries above 3 was made on dual numbers, where 3 + ε is above 3, so that all
gradients were divided by another count.

https://github.com/FluxML/Zygote.jl/issues/1597
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import nonzero, step, total


def count(x):
    return total(lambda k: step(x[k] - 3), x.size(0))


@define("cubes_per_count", "(n)", shape=lambda x: (), domain=lambda x: (nonzero(count(x)),),
        domain_text="an entry is above 3", bounded="a count of entries is one of a known number")
def formula(x):
    """y = (Σ_k x[k]³) / #{k : x[k] > 3}"""
    return total(lambda k: x[k] ** 3, x.size(0)) / count(x)


def counted(above, x):
    return np.sum(np.where(above, np.ones_like(x), 0))


@primitive("cubes_per_count", shape=lambda x: ())
def kernel(x):
    return np.sum(x * x * x) / counted(x > 3, x)


@kernel.domain
def domain(x):
    return np.any(x > 3)


def wrong(x):
    return x >= 3


def right(x):
    return x > 3


planted = wrong


@kernel.vjp
def vjp(y_bar, y, x):
    return (y_bar * 3 * x * x / counted(planted(x), x),)


@kernel.jvp
def jvp(x_dot, y, x):
    return np.sum(3 * x * x * x_dot) / counted(planted(x), x)
