"""cuTAGI: one of the gates of an LSTM multiplied another delta than the others.

https://github.com/lhnguyen102/cuTAGI/issues/77
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import tanh


@define("gated_state", "(*s),(*s),(*s),(*s),(*s)")
def formula(f, c, i, g, o, *place):
    """y = o tanh(f c + i g), at each place"""
    return o[place] * tanh(f[place] * c[place] + i[place] * g[place])


@primitive("gated_state", shape=lambda f, c, i, g, o: f)
def kernel(f, c, i, g, o):
    return o * np.tanh(f * c + i * g)


def slope(u):
    """1 − tanh² u, which would cancel."""
    decay = np.exp(-2 * np.abs(u))
    return 4 * decay / ((1 + decay) * (1 + decay))


def wrong(delta_m, delta_m_out):
    return delta_m


def right(delta_m, delta_m_out):
    return delta_m_out


planted = wrong


@kernel.vjp
def vjp(delta_m, y, f, c, i, g, o):
    squashed = np.tanh(f * c + i * g)
    delta_m_out = delta_m * o * slope(f * c + i * g)
    delta = planted(delta_m, delta_m_out)
    return delta * c, delta_m_out * f, delta * g, delta * i, delta_m * squashed


@kernel.jvp
def jvp(f_dot, c_dot, i_dot, g_dot, o_dot, y, f, c, i, g, o):
    squashed = np.tanh(f * c + i * g)
    inner = f_dot * c + f * c_dot + i_dot * g + i * g_dot
    return o_dot * squashed + o * slope(f * c + i * g) * inner
