"""attorch: softshrink is flat on the closed band, but its gradient used the open one, so that value and
gradient disagree at the bound.

https://github.com/BobMcDear/attorch/issues/15
"""

from fractions import Fraction

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import kink


@define("softshrink", "(n)", attributes=lambda x: [{"bound": 0.5}, {"bound": 0.0}], kinks="|x| = bound")
def formula(x, *i, bound):
    """y[i] = x[i] − bound where x[i] > bound, x[i] + bound where x[i] < −bound, 0 between"""
    reach = Fraction(bound)
    lower = kink("relu", -x[i] - reach, above=x[i] + reach, below=0 * x[i])
    return kink("relu", x[i] - reach, above=x[i] - reach, below=lower)


@primitive("softshrink", shape=lambda x, bound: x)
def kernel(x, bound):
    return np.where(x > bound, x - bound, np.where(x < -bound, x + bound, 0))


def wrong(moved, x, bound):
    return np.where(np.abs(x) >= bound, moved, 0)


def right(moved, x, bound):
    return np.where(np.abs(x) > bound, moved, 0)


planted = wrong


@kernel.vjp
def vjp(y_bar, y, x, bound):
    return (planted(y_bar, x, bound),)


@kernel.jvp
def jvp(x_dot, y, x, bound):
    return planted(x_dot, x, bound)
