"""Mamba: saved tensors were normalised already, and the backward that computes them again normalised them
once more.

https://github.com/state-spaces/mamba/pull/919
"""

from fractions import Fraction

import numpy as np
from backproof import define, primitive
from backproof.spec.definition import ShapeMismatch
from backproof.spec.formula import sqrt, total

EPSILON = 1e-6


def same(b, w, x):
    if any(isinstance(side, int) and side == 0 for side in b):
        raise ShapeMismatch(f"scan_step of {b}: every side must be positive")
    return b


@define("scan_step", "(m,n),(n),(m,n)", shape=same)
def formula(b, w, x, i, j):
    """y[i,j] = b[i,j] / √((Σ_k b[i,k]²) / n + ε) w[j] x[i,j]"""
    square = total(lambda k: b[i, k] ** 2, b.size(1)) / b.size(1)
    return b[i, j] / sqrt(square + Fraction(EPSILON)) * w[j] * x[i, j]


def root_of(b):
    return np.sqrt(np.sum(b * b, axis=1, keepdims=True) / b.shape[1] + EPSILON)


def rms(b, w):
    return b / root_of(b) * w


@primitive("scan_step", shape=same)
def kernel(b, w, x):
    return rms(b, w) * x


def wrong(saved, w):
    return rms(saved, w)


def right(saved, w):
    return saved


planted = wrong


@kernel.vjp
def vjp(y_bar, y, b, w, x):
    saved, root = rms(b, w), root_of(b)
    b_hat, pulled = b / root, y_bar * (x / root) * w
    aligned = np.sum(pulled * b_hat, axis=1, keepdims=True) / b.shape[1]
    return pulled - b_hat * aligned, np.sum(y_bar * x * b_hat, axis=0), y_bar * planted(saved, w)


@kernel.jvp
def jvp(b_dot, w_dot, x_dot, y, b, w, x):
    root = root_of(b)
    b_hat = b / root
    moved = b_dot - b_hat * (np.sum(b_dot * b_hat, axis=1, keepdims=True) / b.shape[1])
    return moved * (x / root) * w + b_hat * w_dot * x + b_hat * w * x_dot
