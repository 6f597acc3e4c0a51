"""Rules that put cotangents in wrong places or shapes, as engines shipped them, beside the right ones.

Each is named after its entry among the historical bugs.
"""

from __future__ import annotations

import numpy as np
from historical import Stated


def autohoot_einsum_sum() -> Stated:
    return Stated(
        (lambda A: np.einsum("ij->", A)), (lambda g, y, A: g * np.ones_like(A)), (lambda g, y, A: g), [(2, 3)]
    )


def burn_add_implicit_broadcast() -> Stated:
    return Stated(
        (lambda a, b: a + b),
        (lambda g, y, a, b: (np.sum(g, axis=1, keepdims=True), np.sum(g, axis=0, keepdims=True))),
        (lambda g, y, a, b: (g, g)),
        [((2, 1), (1, 3))],
    )


def dl4j_outputlayer_softmax_axis() -> Stated:
    lab = np.array([[1.0, 0.0], [0.0, 1.0]])

    def sm(z, axis):
        e = np.exp(z - z.max(axis=axis, keepdims=True))
        return e / e.sum(axis=axis, keepdims=True)

    def fw(z):
        return -np.sum(lab * np.log(sm(z, 1)))

    return Stated(
        fw, (lambda g, y, z: g * (sm(z, 1) - lab)), (lambda g, y, z: g * (lab - sm(z, 0))), [((2, 2),)]
    )


def inductor_slice_scatter() -> Stated:
    def fw(x, s):
        y = x.copy()
        y[0:2] = s
        return y

    def r(g, y, x, s):
        dx = g.copy()
        dx[0:2] = 0
        return dx, g[0:2]

    return Stated(fw, r, lambda g, y, x, s: (np.zeros_like(x), g[0:2]), [((5,), (2,))])


def nd4j_broadcast_add_row() -> Stated:
    return Stated(
        (lambda a, b: a + b),
        (lambda g, y, a, b: (g, g.sum(axis=0, keepdims=True))),
        (lambda g, y, a, b: (g, g)),
        [((3, 4), (1, 4))],
    )


def nnlib_maxpool_overwrite() -> Stated:
    def fw(x):
        return np.maximum(x[:-1], x[1:])

    def bw(*, add):
        def f(g, y, x):
            d = np.zeros_like(x)
            for w in range(2):
                k = w + int(np.argmax(x[w : w + 2]))
                d[k] = d[k] + g[w] if add else g[w]
            return d

        return f

    return Stated(fw, bw(add=True), bw(add=False), [(3,)])


def pytorch_convT_cpu_stride2_k1() -> Stated:
    def fw(x, w):
        y = np.zeros(3)
        y[::2] = x * w
        return y

    return Stated(
        fw,
        (lambda g, y, x, w: (w * g[::2], np.sum(x * g[::2], keepdims=True))),
        (lambda g, y, x, w: (w * g[:2], np.sum(x * g[::2], keepdims=True))),
        [((2,), (1,))],
    )


def pytorch_embedding_768() -> Stated:
    ids = np.array([0, 2, 2])

    def fw(W):
        return W[ids]

    def r(g, y, W):
        d = np.zeros_like(W)
        np.add.at(d, ids, g)
        return d

    def w(g, y, W):
        d = np.zeros_like(W)
        np.add.at(d, ids, g)
        d[0] = 0
        return d

    return Stated(fw, r, w, [(3, 2)])


def pytorch_gather_duplicate() -> Stated:
    i = [0, 0]

    def r(g, y, x):
        d = np.zeros(x.shape)
        np.add.at(d, i, g)
        return d

    def w(g, y, x):
        d = np.zeros_like(x)
        d[i] = g
        return d

    return Stated((lambda x: x[i]), r, w, [(1,)])


def pytorch_mean_empty_dims() -> Stated:
    return Stated(
        (lambda x: np.mean(x)),
        (lambda g, y, x: g * np.ones_like(x) / x.size),
        (lambda g, y, x: g * np.ones_like(x)),
        [(3,)],
    )


def pytorch_var_one_element_shape() -> Stated:
    return Stated(
        (lambda x: np.var(x, ddof=1)),
        (lambda g, y, x: g * 2 * (x - x.mean()) / (x.size - 1)),
        (lambda g, y, x: g * 2 * (x - x.mean()).sum()),
        [(1, 3)],
    )


def skainet_softmax_negative_dim() -> Stated:
    def fw(x):
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)

    return Stated(
        fw,
        (lambda g, y, x: y * (g - (g * y).sum(-1, keepdims=True))),
        (lambda g, y, x: y * (g - (g * y).sum(-1))),
        [(2, 2)],
    )


def tfjs_batchmatmul_shape() -> Stated:
    return Stated(
        (lambda a, b: np.matmul(a, b)),
        (lambda g, y, a, b: (g @ b.T, np.sum(np.swapaxes(a, 1, 2) @ g, axis=0))),
        (lambda g, y, a, b: (g @ b.T, np.swapaxes(a, 1, 2) @ g)),
        [((2, 2, 2), (2, 2))],
    )


def tfjs_concat_negative_axis() -> Stated:
    return Stated(
        (lambda a, b: np.concatenate([a, b], axis=-1)),
        (lambda g, y, a, b: (g[:, :1], g[:, 1:])),
        (lambda g, y, a, b: (g[:1], g[1:])),
        [((2, 1), (2, 2))],
    )


def theano_advinc_duplicate_rewrite() -> Stated:
    i = np.array([0, 0])

    def fw(y):
        z = np.zeros(1)
        np.add.at(z, i, y)
        return z[i]

    return Stated(fw, (lambda g, z, y: np.sum(g) * np.ones(2)), (lambda g, z, y: g), [(2,)])


def tvm_collapse_sum() -> Stated:
    return Stated(
        (lambda a, b: np.subtract(a, b)),
        (lambda g, y, a, b: (g, -np.sum(g, axis=0, keepdims=True))),
        (lambda g, y, a, b: (g, np.broadcast_to(-g, g.shape))),
        [((2, 3), (1, 3))],
    )


def zygote_dot_shape() -> Stated:
    return Stated(
        (lambda X, Y: np.dot(X.ravel(), Y.ravel())),
        (lambda g, y, X, Y: (g * Y.reshape(X.shape), g * X.reshape(Y.shape))),
        (lambda g, y, X, Y: (g * Y.reshape(X.shape), g * X)),
        [((1, 2), (2, 1))],
    )
