"""Rules whose formula was wrong, as engines shipped them, beside the right ones.

Each is named after its entry among the historical bugs.
"""

from __future__ import annotations

import numpy as np
from historical import Stated


def aidotnet_rmsnorm_missing_term() -> Stated:
    eps = 1e-5

    def fw(x, w):
        return x * w / np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + eps)

    def right(g, y, x, w):
        D = x.shape[-1]
        rms = np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + eps)
        dx = g * w / rms - x * np.sum(g * w * x, axis=-1, keepdims=True) / (D * rms**3)
        return dx, g * x / rms

    def wrong(g, y, x, w):
        rms = np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + eps)
        return g * w / rms, g * x / rms

    return Stated(fw, right, wrong, [((3,), (3,))])


def attorch_huber_signed() -> Stated:
    b = 1.0

    def fw(d):
        return np.where(np.abs(d) < b, 0.5 * d * d / b, np.abs(d) - 0.5 * b)

    return Stated(
        fw,
        lambda g, y, d: g * np.where(np.abs(d) < b, d / b, np.sign(d)),
        lambda g, y, d: g * np.where(d < b, d / b, np.sign(d)),
        [((3,),)],
    )


def cutagi_lstm_gate_delta() -> Stated:
    def sig(z):
        return 1 / (1 + np.exp(-z))

    def fw(i, f, c):
        return sig(i) * np.tanh(c) + sig(f) * c

    def r(g, y, i, f, c):
        si, sf = sig(i), sig(f)
        return g * si * (1 - si) * np.tanh(c), g * sf * (1 - sf) * c, g * (si * (1 - np.tanh(c) ** 2) + sf)

    def w(g, y, i, f, c):
        si, sf = sig(i), sig(f)
        return g * si * (1 - si) * np.tanh(c), y * sf * (1 - sf) * c, g * (si * (1 - np.tanh(c) ** 2) + sf)

    return Stated(fw, r, w, [((2,), (2,), (2,))])


def deepcourse_tanh_bias() -> Stated:
    def fw(x, W, b):
        return np.tanh(x @ W + b)

    def r(g, h, x, W, b):
        d = g * (1 - h**2)
        return d @ W.T, x.T @ d, d.sum(axis=0)

    def w(g, h, x, W, b):
        d = g * (1 - h**2)
        return d @ W.T, x.T @ d, g.sum(axis=0)

    return Stated(fw, r, w, [((2, 2), (2, 2), (2,))])


def diffzoo_division_reverse() -> Stated:
    return Stated(
        (lambda a, b: a / b),
        (lambda g, y, a, b: (g / b, -g * a / b**2)),
        (lambda g, y, a, b: (g * b, -g * a / b**2)),
        [((2,), (2,))],
        domain={1: "nonzero"},
    )


def flaggems_cdist_ignores_p() -> Stated:
    def fw(a, b):
        return np.sum(np.abs(a - b))

    def r(g, y, a, b):
        s = g * np.sign(a - b)
        return s, -s

    def w(g, y, a, b):
        s = g * (a - b) / y
        return s, -s

    return Stated(fw, r, w, [((2,), (2,))])


def jax_doc_custom_vjp_sign() -> Stated:
    return Stated(
        (lambda x, y: np.sin(x) * y),
        (lambda g, z, x, y: (np.cos(x) * y * g, np.sin(x) * g)),
        (lambda g, z, x, y: (np.cos(x) * y * g, -np.sin(x) * g)),
        [((2,), (2,))],
    )


def meganeura_split_zero() -> Stated:
    def fw(x):
        return x[:2]

    def r(g, y, x):
        d = np.zeros_like(x)
        d[:2] = g
        return d

    return Stated(fw, r, lambda g, y, x: np.zeros_like(x), [(4,)])


def mlpack_logsoftmax_plus() -> Stated:
    def fw(x):
        m = x.max()
        return x - m - np.log(np.sum(np.exp(x - m)))

    return Stated(fw, (lambda g, y, x: g - np.exp(y) * g.sum()), (lambda g, y, x: np.exp(y) + g), [(2,)])


def mxnet_bn_mode_at_backward() -> Stated:
    rm, rv, eps = np.array([0.1, 0.2]), np.array([1.0, 2.0]), 1e-5

    def fw(x, ga, be):
        return ga * (x - rm) / np.sqrt(rv + eps) + be

    def r(g, y, x, ga, be):
        return g * ga / np.sqrt(rv + eps), (g * (x - rm) / np.sqrt(rv + eps)).sum(0), g.sum(0)

    def w(g, y, x, ga, be):
        mu = x.mean(0)
        v = ((x - mu) ** 2).mean(0)
        s = np.sqrt(v + eps)
        xh = (x - mu) / s
        dxh = g * ga
        return (dxh - dxh.mean(0) - xh * (dxh * xh).mean(0)) / s, (g * xh).sum(0), g.sum(0)

    return Stated(fw, r, w, [((3, 2), (2,), (2,))])


def onednn_logsoftmax_dot() -> Stated:
    def fw(x):
        return x - np.log(np.sum(np.exp(x), axis=-1, keepdims=True))

    return Stated(
        fw, (lambda g, y, x: g - np.exp(y) * np.sum(g)), (lambda g, y, x: g - np.sum(g * y)), [(2,)]
    )


def pocketpy_softmax_diag() -> Stated:
    def fw(x):
        e = np.exp(x - np.max(x))
        return e / np.sum(e)

    return Stated(fw, (lambda g, y, x: y * (g - np.sum(g * y))), (lambda g, y, x: y * (1 - y) * g), [(2,)])


def pytorch_elu_negalpha() -> Stated:
    a = -2.0

    def fw(x):
        return np.where(x <= 0, a * (np.exp(x) - 1), x)

    return Stated(
        fw,
        (lambda g, y, x: np.where(x <= 0, g * a * np.exp(x), g)),
        (lambda g, y, x: np.where(y <= 0, g * (y + a), g)),
        [(2,)],
    )


def scirs_default_one() -> Stated:
    return Stated(np.log, (lambda g, y, x: g / x), (lambda g, y, x: 1.0), [(3,)], domain="positive")


def scisharp_squareddiff() -> Stated:
    return Stated(
        (lambda x, y: np.square(x - y)),
        (lambda g, z, x, y: (2 * g * (x - y), -2 * g * (x - y))),
        (lambda g, z, x, y: (x, y)),
        [((2,), (2,))],
    )


def torchxla_bn_eval() -> Stated:
    rm, rv, eps = np.zeros(2), np.ones(2), 1e-5

    def fw(x, ga, be):
        return ga * (x - rm) / np.sqrt(rv + eps) + be

    def r(g, y, x, ga, be):
        return (
            g * ga * (1 / np.sqrt(rv + eps)),
            np.sum(g * (x - rm) / np.sqrt(rv + eps), axis=0),
            np.sum(g, axis=0),
        )

    def w(g, y, x, ga, be):
        mu = x.mean(axis=0)
        s = np.sqrt(x.var(axis=0) + eps)
        xh = (x - mu) / s
        dxh = g * ga
        return (
            (dxh - dxh.mean(axis=0) - xh * (dxh * xh).mean(axis=0)) / s,
            np.sum(g * xh, axis=0),
            np.sum(g, axis=0),
        )

    return Stated(fw, r, w, [((2, 2), (2,), (2,))])
