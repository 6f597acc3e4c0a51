"""Rules that were wrong at kinks or single values, as engines shipped them, beside the right ones.

Each is named after its entry among the historical bugs.
"""

from __future__ import annotations

import numpy as np
from historical import Stated


def attorch_softshrink_self_inconsistent() -> Stated:
    l = 0.5

    def fw(x):
        return np.where(x > l, x - l, np.where(x < -l, x + l, 0))

    return Stated(
        fw,
        lambda g, y, x: g * (np.abs(x) > l),
        lambda g, y, x: g * (np.abs(x) >= l),
        [(3,)],
        by_convention=True,
    )


def autograd_norm_composite_nan() -> Stated:
    def fw(x):
        return np.exp(-(np.sqrt(np.sum(x**2)) ** 2))

    def right(g, y, x):
        return -2 * x * y * g

    def wrong(g, y, x):
        n = np.sqrt(np.sum(x**2))
        return g * y * (-2 * n) * (x / n)

    return Stated(fw, right, wrong, [(2,)])


def jax_logsigmoid_zero() -> Stated:
    def fw(x):
        return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))

    return Stated(
        fw,
        (lambda g, y, x: g / (1 + np.exp(x))),
        (
            lambda g, y, x: (
                g * (np.where(x < 0, 1, 0) + np.sign(x) * np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))))
            )
        ),
        [(2,)],
    )


def jax_maximum_zero_half() -> Stated:
    return Stated(
        (lambda x: np.maximum(x, 0)),
        (lambda g, y, x: g * (x > 0)),
        (lambda g, y, x: g * np.where(x == 0, 0.5, np.where(x > 0, 1, 0))),
        [(2,)],
        by_convention=True,
    )


def metaphysicl_pow_div_base() -> Stated:
    return Stated(
        (lambda a: np.power(a, 2)),
        (lambda g, y, a: g * 2 * np.power(a, 1)),
        (lambda g, y, a: g * 2 * np.power(a, 2) / a),
        [(2,)],
    )


def pyg_layernorm_sqrt_zero() -> Stated:
    eps = 1e-5

    def fw(x):
        mu = x.mean()
        return (x - mu) / np.sqrt(x.var() + eps)

    def r(g, y, x):
        s = np.sqrt(np.var(x) + eps)
        return (g - g.mean() - y * (g * y).mean()) / s

    def w(g, y, x):
        sd = np.sqrt(np.var(x))
        return (g - g.mean()) / (sd + eps) - (x - x.mean()) * (g * (x - x.mean())).mean() / (
            sd * (sd + eps) ** 2
        )

    return Stated(fw, r, w, [(3,)])


def pytensor_cumprod_nan() -> Stated:
    def r(g, y, x):
        R = [g[2]]
        for i in (1, 0):
            R.insert(0, g[i] + x[i + 1] * R[0])
        L = [1, x[0], x[0] * x[1]]
        return np.stack([l * t for l, t in zip(L, R, strict=True)])

    return Stated(np.cumprod, r, lambda g, y, x: np.cumsum((np.cumprod(x) * g)[::-1])[::-1] / x, [(3,)])


def pytorch_hardswish_ends() -> Stated:
    def fw(x):
        return x * np.clip(x + 3, 0, 6) / 6

    return Stated(
        fw,
        (lambda g, y, x: g * np.where(x <= -3, 0, np.where(x >= 3, 1, x / 3 + 0.5))),
        (lambda g, y, x: g * np.where(x < -3, 0, np.where(x > 3, 1, x / 3 + 0.5))),
        [(2,)],
        by_convention=True,
    )


def pytorch_hardtanh_border() -> Stated:
    return Stated(
        (lambda x: np.clip(x, -1, 1)),
        (lambda g, y, x: g * ((x >= -1) & (x <= 1))),
        (lambda g, y, x: g * ((x > -1) & (x < 1))),
        [(2,)],
        by_convention=True,
    )


def pytorch_max_first_vs_even() -> Stated:
    def r(g, y, x):
        return g * (x == np.max(x)) / np.sum(x == np.max(x))

    def w(g, y, x):
        d = np.zeros_like(x)
        d[np.argmax(x)] = g
        return d

    return Stated((lambda x: np.max(x)), r, w, [(2,)], by_convention=True)


def pytorch_norm_zero_nan() -> Stated:
    def fw(x):
        return np.sqrt(np.sum(x * x))

    return Stated(
        fw,
        (lambda g, y, x: np.where(y > 0, g * x / np.where(y > 0, y, 1), 0)),
        (lambda g, y, x: g * x / y),
        [(3,)],
    )


def pytorch_prod_zero_nan() -> Stated:
    return Stated(
        np.prod,
        (lambda g, y, x: g * np.array([x[1] * x[2], x[0] * x[2], x[0] * x[1]])),
        (lambda g, y, x: g * np.prod(x) / x),
        [(3,)],
    )


def slang_minmax_tie() -> Stated:
    return Stated(
        np.maximum,
        (lambda g, y, a, b: (g * np.where(a == b, 0.5, a > b), g * np.where(a == b, 0.5, b > a))),
        (lambda g, y, a, b: (g * (a > b), g * (a <= b))),
        [((2,), (2,))],
        by_convention=True,
    )


def tf_cumprod_div_no_nan() -> Stated:
    def r(g, y, x):
        d = np.zeros_like(x)
        for i in range(3):
            tail = g[i]
            p = 1
            for k in range(i + 1, 3):
                p = p * x[k]
                tail = tail + g[k] * p
            d[i] = np.prod(x[:i]) * tail
        return d

    def w(g, y, x):
        s = np.flip(np.cumsum(np.flip(g * y)))
        return np.where(x == 0, 0, s / np.where(x == 0, 1, x))

    return Stated((lambda x: np.cumprod(x)), r, w, [(3,)])


def tfjs_clip_boundary() -> Stated:
    return Stated(
        (lambda x: np.clip(x, -1, 1)),
        (lambda g, y, x: g * ((x >= -1) & (x <= 1)).astype(float)),
        (lambda g, y, x: g * ((x > -1) & (x < 1)).astype(float)),
        [(2,)],
        by_convention=True,
    )


def tinygrad_relu6_hardswish() -> Stated:
    return Stated(
        (lambda x: np.minimum(np.maximum(x, 0), 6)),
        (lambda g, y, x: g * ((x > 0) & (x < 6))),
        (lambda g, y, x: g * (np.where(x == 6, 0.5, x < 6) * (x > 0))),
        [(2,)],
        by_convention=True,
    )
