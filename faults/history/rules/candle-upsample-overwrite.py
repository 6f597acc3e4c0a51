"""candle: every branch of the backward loop added to the stored gradient but that of upsampling, which
replaced it.

https://github.com/huggingface/candle/pull/3507
"""

import numpy as np
from backproof import Tape, checked_tape, define, primitive

FACTOR = 2


@define("upsample_nearest", "(n)", shape=lambda x: (FACTOR * x[0],))
def formula(x, i):
    """y[i] = x[⌊i / 2⌋]"""
    return x[i // FACTOR]


@primitive("upsample_nearest", shape=lambda x: (FACTOR * x[0],))
def kernel(x):
    return np.repeat(x, FACTOR, axis=0)


@kernel.vjp
def vjp(y_bar, y, x):
    return (np.sum(y_bar.reshape((x.shape[0], FACTOR)), axis=1),)


@kernel.jvp
def jvp(x_dot, y, x):
    return np.repeat(x_dot, FACTOR, axis=0)


class Wrong(Tape):
    """The contribution of an upsampling takes the place of all that came before it."""

    def propagate(self, place, accumulated):
        node = self.nodes[place]
        if getattr(node, "primitive", None) is not kernel:
            super().propagate(place, accumulated)
            return
        for parent, contribution in node.backward(accumulated[place]):
            if self.nodes[parent].requires_grad:
                accumulated[parent] = contribution


class Right(Tape):
    """The contribution of an upsampling is added, as every other is."""


planted = Wrong

checked_tape(planted)
