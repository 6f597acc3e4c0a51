"""Kernels of attention. Memory: a few times the weights, which are heads x queries x keys."""

from __future__ import annotations

import numpy as np

from ...ir.graph import Dense
from ..primitive import Array, primitive
from ..shapes import attention as shapes


def _weights(scores: Array, mask: Dense | None) -> Array:
    """The softmax of the last axis over what the mask allows, 0 elsewhere."""
    if mask is None:
        powers = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
        return powers / np.sum(powers, axis=-1, keepdims=True)
    flags = np.array(mask.entries, dtype=np.bool_).reshape(mask.shape)
    # A row that allows nothing counts every key, so that its sum is not 0; in the end none of its weights is kept.
    counted = flags | ~np.any(flags, axis=-1, keepdims=True)
    # What does not count is as small as the smallest score: it must neither be the largest nor overflow.
    low = np.where(counted, scores, np.min(scores, axis=-1, keepdims=True))
    powers = np.where(counted, np.exp(low - np.max(low, axis=-1, keepdims=True)), 0)
    return np.where(flags, powers / np.sum(powers, axis=-1, keepdims=True), 0)


def _scale(x: Array, width: int) -> Array:
    """1/√width in the number system of x, as a scalar; 1 where there is nothing to sum."""
    return 1 / np.sqrt(np.ones_like(x, shape=()) * max(width, 1))


def _scores_bar(weights_bar: Array, weights: Array) -> Array:
    """The cotangent of the scores; 0 wherever a weight is 0."""
    return weights * (weights_bar - np.sum(weights_bar * weights, axis=-1, keepdims=True))


def _split(x: Array, heads: int) -> Array:
    """(n, heads·h) -> (heads, n, h)."""
    return np.swapaxes(x.reshape((x.shape[0], heads, x.shape[1] // heads)), 0, 1)


def _joined(x: Array) -> Array:
    """(heads, n, h) -> (n, heads·h)."""
    return np.swapaxes(x, 0, 1).reshape((x.shape[1], x.shape[0] * x.shape[2]))


@primitive("multi_head_attention", shape=shapes.self_attended)
def multi_head_attention(
    x: Array, wq: Array, wk: Array, wv: Array, wo: Array, heads: int, mask: Dense | None = None
) -> Array:
    q, k, v = _split(x @ wq, heads), _split(x @ wk, heads), _split(x @ wv, heads)
    weights = _weights(q @ k.mT * _scale(x, q.shape[2]), mask)
    return _joined(weights @ v) @ wo


@multi_head_attention.vjp
def _multi_head_attention_vjp(
    y_bar: Array, y: Array, x: Array, wq: Array, wk: Array, wv: Array, wo: Array, heads: int, mask: Dense | None = None
) -> tuple[Array, Array, Array, Array, Array]:
    q, k, v = _split(x @ wq, heads), _split(x @ wk, heads), _split(x @ wv, heads)
    scale = _scale(x, q.shape[2])
    weights = _weights(q @ k.mT * scale, mask)
    mixed_bar = _split(y_bar @ wo.T, heads)
    scores_bar = _scores_bar(mixed_bar @ v.mT, weights) * scale
    q_bar, k_bar = _joined(scores_bar @ k), _joined(scores_bar.mT @ q)
    v_bar = _joined(weights.mT @ mixed_bar)
    x_bar = q_bar @ wq.T + k_bar @ wk.T + v_bar @ wv.T
    return x_bar, x.T @ q_bar, x.T @ k_bar, x.T @ v_bar, _joined(weights @ v).T @ y_bar


@multi_head_attention.jvp
def _multi_head_attention_jvp(
    x_dot: Array, wq_dot: Array, wk_dot: Array, wv_dot: Array, wo_dot: Array, y: Array,
    x: Array, wq: Array, wk: Array, wv: Array, wo: Array, heads: int, mask: Dense | None = None,
) -> Array:  # fmt: skip
    q, k, v = _split(x @ wq, heads), _split(x @ wk, heads), _split(x @ wv, heads)
    q_dot, k_dot, v_dot = (
        _split(x_dot @ w + x @ w_dot, heads) for w, w_dot in ((wq, wq_dot), (wk, wk_dot), (wv, wv_dot))
    )
    scale = _scale(x, q.shape[2])
    weights = _weights(q @ k.mT * scale, mask)
    weights_dot = _scores_bar((q_dot @ k.mT + q @ k_dot.mT) * scale, weights)
    return _joined(weights_dot @ v + weights @ v_dot) @ wo + _joined(weights @ v) @ wo_dot
