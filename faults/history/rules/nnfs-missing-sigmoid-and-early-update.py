"""NeuralNetworkFromScratch: the upper weights were updated before they pulled the gradient back, and the
upper activation had no derivative.

The activation is a square, so that floats lose nothing in it.

https://github.com/Bot-Academy/NeuralNetworkFromScratch/pull/3
"""

from backproof import define, primitive

RATE = 0.125


@define("upper_layer", "(n),(n)")
def formula(w, h, i):
    """y[i] = (w[i] h[i])²"""
    return (w[i] * h[i]) ** 2


@primitive("upper_layer", shape=lambda w, h: w)
def kernel(w, h):
    return (w * h) * (w * h)


def wrong(y_bar, y, w, h):
    w_bar = y_bar * h
    w -= RATE * w_bar
    return w_bar, y_bar * w


def right(y_bar, y, w, h):
    inner = 2 * y_bar * (w * h)
    return inner * h, inner * w


planted = wrong

kernel.vjp(planted)


@kernel.jvp
def jvp(w_dot, h_dot, y, w, h):
    return 2 * (w * h) * (w_dot * h + w * h_dot)
