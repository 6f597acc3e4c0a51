"""NeuralNetworkFromScratch: the upper weights were updated before they pulled the gradient back, and the
upper sigmoid had no derivative.

https://github.com/Bot-Academy/NeuralNetworkFromScratch/pull/3
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import exp

RATE = 0.125


@define("two_layers", "(n),(n)")
def formula(w, h, *i):
    """y[i] = 1 / (1 + e^(−w[i] h[i]))"""
    return 1 / (1 + exp(-w[i] * h[i]))


@primitive("two_layers", shape=lambda w, h: w)
def kernel(w, h):
    return np.exp(np.minimum(w * h, 0)) / (1 + np.exp(-np.abs(w * h)))


def wrong(y_bar, y, w, h):
    w_bar = y_bar * h
    w -= RATE * w_bar
    return w_bar, y_bar * w


def right(y_bar, y, w, h):
    inner = y_bar * y * (1 - y)
    return inner * h, inner * w


planted = wrong

kernel.vjp(planted)


@kernel.jvp
def jvp(w_dot, h_dot, y, w, h):
    return y * (1 - y) * (w_dot * h + w * h_dot)
