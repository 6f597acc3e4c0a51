"""tt-metal: the derivative of gelu was rounded to bfloat16 at each step, and cancelled.

https://github.com/tenstorrent/tt-metal/issues/38643
"""

import numpy as np
from backproof import primitive_of
from scipy.special import erf

gelu = primitive_of("gelu_erf")
shipped = gelu.vjp_kernel


def rounded(x):
    """bfloat16: the upper half of a float32, to nearest."""
    bits = np.asarray(x, np.float32).reshape((-1,)).view(np.uint32)
    return (((bits + np.uint32(0x8000)) & np.uint32(0xFFFF0000)).view(np.float32)).reshape(x.shape)


def wrong(y_bar, y, x):
    if np.asarray(x).dtype == object:
        return shipped(y_bar, y, x)
    weight = rounded(0.5 * (1 + rounded(erf(rounded(x * 0.7071067811865476)))))
    bend = rounded(rounded(x) * rounded(0.3989422804014327 * np.exp(-x * x / 2)))
    return (y_bar * np.asarray(rounded(weight + bend), x.dtype),)


gelu.vjp(wrong)
