"""PyTorch Geometric: ε was added after the square root, so that a row of equal entries divides by the root of
0 in its gradient.

https://github.com/pyg-team/pytorch_geometric/pull/2917
"""

from fractions import Fraction

import numpy as np
from backproof import define, primitive
from backproof.spec.definition import ShapeMismatch
from backproof.spec.formula import root, total

EPSILON = 0.125


def with_entries(x):
    if x[0] < 1:
        raise ShapeMismatch(f"centred_over_deviation of {x}: a mean needs an entry")
    return x


@define("centred_over_deviation", "(n)", shape=with_entries, kinks="all entries are equal",
        bounded="a root with a kink stands in a divisor")
def formula(x, i):
    """y[i] = (x[i] − μ) / (√v + ε), with mean μ and variance v"""
    mean = total(lambda k: x[k], x.size(0)) / x.size(0)
    variance = total(lambda k: (x[k] - mean) ** 2, x.size(0)) / x.size(0)
    return (x[i] - mean) / (root("norm", variance) + Fraction(EPSILON))


def parts(x):
    centred = x - np.sum(x) / x.shape[0]
    return centred, np.sqrt(np.sum(centred * centred) / x.shape[0])


@primitive("centred_over_deviation", shape=with_entries)
def kernel(x):
    centred, deviation = parts(x)
    return centred / (deviation + EPSILON)


def wrong(centred, deviation):
    return centred / deviation


def right(centred, deviation):
    return np.where(deviation > 0, centred / np.where(deviation > 0, deviation, 1), 0)


planted = wrong


def derivative(v, x):
    """It is symmetric, so that it serves tangents and cotangents."""
    centred, deviation = parts(x)
    aligned = np.sum(v * centred) / x.shape[0]
    spread = deviation + EPSILON
    return (v - np.sum(v) / x.shape[0]) / spread - planted(centred, deviation) * aligned / (spread * spread)


@kernel.vjp
def vjp(y_bar, y, x):
    return (derivative(y_bar, x),)


@kernel.jvp
def jvp(x_dot, y, x):
    centred, deviation = parts(x)
    spread = deviation + EPSILON
    direction = np.where(deviation > 0, centred / np.where(deviation > 0, deviation, 1), 0)
    aligned = np.sum(x_dot * direction) / x.shape[0]
    return (x_dot - np.sum(x_dot) / x.shape[0]) / spread - centred * aligned / (spread * spread)
