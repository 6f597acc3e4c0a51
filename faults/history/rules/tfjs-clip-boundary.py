"""TensorFlow.js: entries at a bound received no gradient, against the convention of the framework it follows.

Judged with `--convention pytorch`.

https://github.com/tensorflow/tfjs-core/pull/1076
"""

import numpy as np
from backproof import primitive_of


def wrong(y_bar, y, x, lo, hi):
    return (np.where((x > lo) & (x < hi), y_bar, 0),)


def right(y_bar, y, x, lo, hi):
    return (np.where((x >= lo) & (x <= hi), y_bar, 0),)


planted = wrong
clamp = primitive_of("clamp")
clamp.vjp(planted)


@clamp.jvp
def jvp(x_dot, y, x, lo, hi):
    return planted(x_dot, y, x, lo, hi)[0]
