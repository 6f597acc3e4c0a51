"""candle: the input gradient of a transposed convolution exchanged stride and dilation, unnoticed while both
were 1.

https://github.com/huggingface/candle/pull/2337
"""

import numpy as np
from backproof import primitive_of

conv_transpose = primitive_of("conv_transpose")
shipped = conv_transpose.vjp_kernel


def seen(y_bar, offset, dilation, stride, counts):
    """What a convolution with this stride and dilation sees of the cotangent at an offset in its kernel."""
    axes = zip(offset, dilation, stride, counts, strict=True)
    return y_bar[(slice(None), *(slice(k * d, k * d + s * (n - 1) + 1, s) for k, d, s, n in axes))]


def convolved(y_bar, w, x, stride, dilation):
    offsets = np.ndindex(*w.shape[2:])
    views = ((k, seen(y_bar, k, dilation, stride, x.shape[1:])) for k in offsets)
    return sum(np.tensordot(w[(..., *k)], view, ((1,), (0,))) for k, view in views)


def padded(y_bar, padding):
    return np.pad(y_bar, ((0, 0), *((p, p) for p in padding)))


def wrong(y_bar, y, w, b, x, stride, padding):
    w_bar, b_bar, _x_bar = shipped(y_bar, y, w, b, x, stride, padding)
    ones = (1,) * len(stride)
    return w_bar, b_bar, convolved(padded(y_bar, padding), w, x, ones, stride)


conv_transpose.vjp(wrong)
