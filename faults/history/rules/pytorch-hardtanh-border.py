"""PyTorch: hardtanh has gradient 0 at its bounds, where clamp, the same function, passes it.

Judged with `--convention pytorch`, which declares what clamp does.

https://github.com/pytorch/pytorch/issues/120258
"""

import numpy as np
from backproof import primitive_of


def wrong(moved, x, lo, hi):
    return np.where((x <= lo) | (x >= hi), 0, moved)


def right(moved, x, lo, hi):
    return np.where((x < lo) | (x > hi), 0, moved)


planted = wrong
clamp = primitive_of("clamp")


@clamp.vjp
def vjp(y_bar, y, x, lo, hi):
    return (planted(y_bar, x, lo, hi),)


@clamp.jvp
def jvp(x_dot, y, x, lo, hi):
    return right(x_dot, x, lo, hi)
