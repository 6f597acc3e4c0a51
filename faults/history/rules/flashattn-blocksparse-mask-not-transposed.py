"""FlashAttention: the backward of block-sparse attention goes by blocks of keys, and read the forward's mask
without transposing it.

https://github.com/Dao-AILab/flash-attention/issues/2623
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import total, where

MASKS = [{"mask": ((1, 1), (0, 1))}, {"mask": ((1, 0, 1), (1, 1, 0), (0, 0, 1))}]


def blocks(q, k):
    return [each for each in MASKS if len(each["mask"]) == q[0] == k[0]]


@define("block_sparse_scores", "(n,d),(n,d)", shape=lambda q, k, mask: (q[0],), attributes=blocks,
        bounded="a mask of blocks is given whole")
def formula(q, k, i, mask):
    """y[i] = Σ_j mask[i][j] Σ_d q[i,d] k[j,d]"""

    def score(j):
        product = total(lambda d: q[i, d] * k[j, d], q.size(1))
        return where(mask[i][j] == 1, lambda: product, lambda: 0 * product)

    return total(score, k.size(0)) if q.size(1) else 0


@primitive("block_sparse_scores", shape=lambda q, k, mask: (q[0],))
def kernel(q, k, mask):
    return np.sum(q * gathered(k, mask), axis=1)


def gathered(k, mask):
    """For each block of queries the sum of the keys that it looks at."""
    return np.stack([sum(k[j] * keep for j, keep in enumerate(row)) for row in mask])


def wrong(mask):
    return mask


def right(mask):
    return tuple(zip(*mask, strict=True))


planted = wrong


@kernel.vjp
def vjp(y_bar, y, q, k, mask):
    pulled = np.expand_dims(y_bar, 1) * q
    return np.expand_dims(y_bar, 1) * gathered(k, mask), gathered(pulled, planted(mask))


@kernel.jvp
def jvp(q_dot, k_dot, y, q, k, mask):
    return np.sum(q_dot * gathered(k, mask) + q * gathered(k_dot, mask), axis=1)
