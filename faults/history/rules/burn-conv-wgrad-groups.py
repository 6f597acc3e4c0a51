"""Burn: the weight gradient of each group was put into a slice with the extent of its input channels, not of
its output channels.

https://github.com/tracel-ai/burn/pull/1891
"""

import numpy as np
from backproof import primitive_of

conv_nd = primitive_of("conv_nd")
shipped = conv_nd.vjp_kernel


def wrong(w_bar, groups):
    outputs, inputs = w_bar.shape[0] // groups, w_bar.shape[1]
    misplaced = np.zeros_like(w_bar)
    for group in range(groups):
        own = w_bar[group * outputs : (group + 1) * outputs][:inputs]
        misplaced[group * inputs : group * inputs + own.shape[0]] = own
    return misplaced


@conv_nd.vjp
def vjp(y_bar, y, w, b, x, stride, padding, dilation, groups):
    w_bar, b_bar, x_bar = shipped(y_bar, y, w, b, x, stride, padding, dilation, groups)
    return wrong(w_bar, groups), b_bar, x_bar
