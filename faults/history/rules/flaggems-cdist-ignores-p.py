"""FlagGems: the backward of a distance took no notice of its exponent p: it was the one for p = 2.

https://github.com/flagos-ai/FlagGems/issues/5023
"""

import numpy as np
from backproof import define, primitive, primitive_of
from backproof.spec.definition import ShapeMismatch
from backproof.spec.formula import kink, root, total

norm = primitive_of("norm")


def scalar(a, b, p):
    if a[0] < 1:
        raise ShapeMismatch(f"distance of {a}: an entry is needed")
    return ()


@define("distance", "(n),(n)", shape=scalar, attributes=lambda a, b: [{"p": 1}, {"p": 2}],
        kinks="an entry of a − b is 0, for p = 1; all are, for p = 2", bounded="p is 1 or 2")
def formula(a, b, p):
    """y = (Σ_k |a[k] − b[k]|^p)^(1/p)"""
    if p == 1:
        return total(lambda k: kink("abs", a[k] - b[k], above=a[k] - b[k], below=b[k] - a[k]), a.size(0))
    return root("norm", total(lambda k: (a[k] - b[k]) ** 2, a.size(0)))


@primitive("distance", shape=scalar)
def kernel(a, b, p):
    return np.sum(np.abs(a - b)) if p == 1 else norm.forward_kernel(a - b, 0)


def euclidean(d, y):
    return norm.vjp_kernel(np.ones_like(y), y, d, 0)[0]


def wrong(d, y, p):
    return euclidean(d, y)


def right(d, y, p):
    return np.where(d > 0, 1, np.where(d < 0, -1, 0)) if p == 1 else euclidean(d, y)


planted = wrong


@kernel.vjp
def vjp(y_bar, y, a, b, p):
    a_bar = y_bar * planted(a - b, y, p)
    return a_bar, -a_bar


@kernel.jvp
def jvp(a_dot, b_dot, y, a, b, p):
    return np.sum(planted(a - b, y, p) * (a_dot - b_dot))
