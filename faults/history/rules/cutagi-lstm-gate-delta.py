"""cuTAGI: one of the gates of an LSTM multiplied another delta than the others.

The state's activation is left out: the deltas before and after the output gate are told apart without it.

https://github.com/lhnguyen102/cuTAGI/issues/77
"""

from backproof import define, primitive


@define("gated_state", "(n),(n),(n),(n),(n)")
def formula(f, c, i, g, o, place):
    """y = o (f c + i g), at each place"""
    return o[place] * (f[place] * c[place] + i[place] * g[place])


@primitive("gated_state", shape=lambda f, c, i, g, o: f)
def kernel(f, c, i, g, o):
    return o * (f * c + i * g)


def wrong(delta_m, delta_m_out):
    return delta_m


def right(delta_m, delta_m_out):
    return delta_m_out


planted = wrong


@kernel.vjp
def vjp(delta_m, y, f, c, i, g, o):
    delta_m_out = delta_m * o
    delta = planted(delta_m, delta_m_out)
    return delta * c, delta_m_out * f, delta_m_out * g, delta_m_out * i, delta_m * (f * c + i * g)


@kernel.jvp
def jvp(f_dot, c_dot, i_dot, g_dot, o_dot, y, f, c, i, g, o):
    return o_dot * (f * c + i * g) + o * (f_dot * c + f * c_dot + i_dot * g + i * g_dot)
