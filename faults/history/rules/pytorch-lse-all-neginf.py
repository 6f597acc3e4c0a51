"""PyTorch: where every entry is masked to −∞ the gradient of logsumexp was e^(−∞ − (−∞)), no number.

The op is the exponential of a masked logsumexp, which is 0 where all is masked.

https://github.com/pytorch/pytorch/issues/31829
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import exp, total

MASKS = [{"mask": (True, False)}, {"mask": (False, False)}, {"mask": (True, True, False)}]


def masks(x):
    return [each for each in MASKS if len(each["mask"]) == x[0]]


@define("masked_sum", "(n)", shape=lambda x, mask: (), attributes=masks, bounded="a mask is given whole")
def formula(x, mask):
    """y = Σ_k mask[k] e^x[k]"""
    terms = [exp(x[k]) for k in range(len(mask)) if mask[k]]
    return total(lambda k: terms[k], len(terms)) if terms else 0 * x[0]


def log_of_sum(x, mask):
    """log Σ e^x over what the mask keeps; −∞ where that is nothing."""
    if not any(mask):
        return -np.inf
    kept = np.array([place for place, keep in enumerate(mask) if keep], dtype=np.intp)
    top = np.max(x[kept])
    return top + np.log(np.sum(np.exp(x[kept] - top)))


@primitive("masked_sum", shape=lambda x, mask: ())
def kernel(x, mask):
    return np.exp(log_of_sum(x, mask)) if any(mask) else np.zeros_like(x, shape=())


def wrong(x, mask):
    masked = np.where(np.array(mask, dtype=np.bool_), x, -np.inf)
    return np.exp(masked - log_of_sum(x, mask))


def right(x, mask):
    if not any(mask):
        return np.zeros_like(x)
    return np.where(np.array(mask, dtype=np.bool_), np.exp(x - log_of_sum(x, mask)), 0)


planted = wrong


@kernel.vjp
def vjp(y_bar, y, x, mask):
    return (y_bar * y * planted(x, mask),)


@kernel.jvp
def jvp(x_dot, y, x, mask):
    return np.sum(np.where(np.array(mask, dtype=np.bool_), np.exp(x) * x_dot, 0))
