"""Liger-Kernel: the fused cross-entropy wrote its gradient over its logits, which another op had saved.

https://github.com/linkedin/Liger-Kernel/pull/273
"""

import numpy as np
from backproof import primitive_of

cross_entropy = primitive_of("cross_entropy")
shipped = cross_entropy.forward_kernel


def wrong(x, indices):
    y = shipped(x, indices)
    weights = np.exp(x - np.max(x, axis=1, keepdims=True))
    x[...] = weights / np.sum(weights, axis=1, keepdims=True)
    return y


cross_entropy.forward(wrong)
