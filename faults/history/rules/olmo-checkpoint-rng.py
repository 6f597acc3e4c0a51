"""OLMo-core: a segment with dropout was computed again with fresh randomness, because the generator's state
had not been kept.

The generator is a counter: an entry is kept where counter and place add up to an even number.

https://github.com/allenai/OLMo-core/pull/828
"""

import numpy as np
from backproof import define, primitive


def counters(x):
    return [{"counter": 0}, {"counter": 3}]


@define("dropped", "(n)", shape=lambda x, counter: x, attributes=counters, bounded="a draw hashes its place")
def formula(x, i, counter):
    """y[i] = 2 x[i] where counter + i is even, 0 elsewhere"""
    return 2 * x[i] if (counter + i) % 2 == 0 else 0 * x[i]


def kept(x, counter):
    return np.array([(counter + place) % 2 == 0 for place in range(x.shape[0])], dtype=np.bool_)


@primitive("dropped", shape=lambda x, counter: x)
def kernel(x, counter):
    return np.where(kept(x, counter), 2 * x, 0)


def wrong(counter):
    return counter + 1


def right(counter):
    return counter


planted = wrong


@kernel.vjp
def vjp(y_bar, y, x, counter):
    return (np.where(kept(x, planted(counter)), 2 * y_bar, 0),)


@kernel.jvp
def jvp(x_dot, y, x, counter):
    return np.where(kept(x, counter), 2 * x_dot, 0)
