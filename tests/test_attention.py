"""Multi-head attention: the kernel is the plain computation head by head, and each usual mistake is refuted at all shapes."""

from __future__ import annotations

from dataclasses import replace

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.equivalence.kernel.decision import Fails, Holds
from backproof.equivalence.kernel.shapes import AnyMask, Part, decide_all_shapes
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.patterns import patterns
from backproof.ir.graph import Dense
from backproof.runtime.primitive import ShapeMismatch as RuntimeMismatch
from backproof.runtime.primitive import primitive_of
from backproof.spec.convention import TORCHLEAN
from backproof.spec.definition import ShapeMismatch, definition_of

RIGHT = primitive_of("multi_head_attention")


def flags(mask):
    return np.array(mask.entries, dtype=np.bool_).reshape(mask.shape)


def split(x, heads):
    return np.swapaxes(x.reshape((x.shape[0], heads, x.shape[1] // heads)), 0, 1)


def joined(x):
    return np.swapaxes(x, 0, 1).reshape((x.shape[1], x.shape[0] * x.shape[2]))


def interleaved(x, heads):
    return np.transpose(x.reshape((x.shape[0], x.shape[1] // heads, heads)), (2, 0, 1))


def softmax(scores, axis, allowed):
    counted = allowed | ~np.any(allowed, axis=-1, keepdims=True)
    powers = np.where(counted, np.exp(scores), 0)
    return np.where(allowed, powers / np.sum(powers, axis=axis, keepdims=True), 0)


def attention(x, wq, wk, wv, wo, heads, mask, cut=split, axis=-1, power=1, keep=flags):
    q, k, v = cut(x @ wq, heads), cut(x @ wk, heads), cut(x @ wv, heads)
    root = np.sqrt(np.ones_like(x, shape=()) * q.shape[2])
    return joined(softmax(q @ k.mT / root**power, axis, keep(mask)) @ v) @ wo


def turned(mask):
    return ~flags(mask)


def leaks_beyond_two(x, wq, wk, wv, wo, heads, mask):
    y = attention(x, wq, wk, wv, wo, heads, mask)
    return attention(x, wq, wk, wv, wo, heads, mask, split, -1, 1, everything) if x.shape[0] > 2 else y


def everything(mask):
    return flags(mask) | ~flags(mask)


FORWARDS = {
    "mask polarity": lambda *given, heads, mask: attention(*given, heads, mask, split, -1, 1, turned),
    "scale 1/h": lambda *given, heads, mask: attention(*given, heads, mask, split, -1, 2),
    "softmax over the queries": lambda *given, heads, mask: attention(*given, heads, mask, split, -2),
    "leaks when n > 2": leaks_beyond_two,
    "heads interleaved": lambda *given, heads, mask: attention(*given, heads, mask, interleaved),
    "leaks": lambda *given, heads, mask: attention(*given, heads, mask, split, -1, 1, everything),
}


def pattern(*, masked):
    return next(p for p in patterns("multi_head_attention") if masked is any(isinstance(v, AnyMask) for _, v in p.attributes))


@pytest.mark.parametrize("forward", FORWARDS.values(), ids=FORWARDS)
def test_a_usual_mistake_is_refuted(forward) -> None:
    claim = lemma("multi_head_attention", Part.FORWARD, pattern(masked=True), TORCHLEAN)
    assert isinstance(decide_all_shapes(replace(claim, forward=forward)), Fails)


def without_the_keys(y_bar, y, x, wq, wk, wv, wo, heads):
    """The x cotangent without the branch through the keys."""
    q, k, v = split(x @ wq, heads), split(x @ wk, heads), split(x @ wv, heads)
    scale = 1 / np.sqrt(np.ones_like(x, shape=()) * q.shape[2])
    powers = np.exp(q @ k.mT * scale)
    weights = powers / np.sum(powers, axis=-1, keepdims=True)
    mixed_bar = split(y_bar @ wo.T, heads)
    weights_bar = mixed_bar @ v.mT
    scores_bar = weights * (weights_bar - np.sum(weights_bar * weights, axis=-1, keepdims=True)) * scale
    q_bar, k_bar, v_bar = joined(scores_bar @ k), joined(scores_bar.mT @ q), joined(weights.mT @ mixed_bar)
    x_bar = q_bar @ wq.T + v_bar @ wv.T
    return x_bar, x.T @ q_bar, x.T @ k_bar, x.T @ v_bar, joined(weights @ v).T @ y_bar


def test_a_vjp_without_one_of_the_three_branches_is_refuted() -> None:
    claim = lemma("multi_head_attention", Part.VJP, pattern(masked=False), TORCHLEAN)
    assert isinstance(decide_all_shapes(replace(claim, vjp=without_the_keys)), Fails)


def test_it_is_proved_with_any_mask_and_any_number_of_heads() -> None:
    claim = lemma("multi_head_attention", Part.FORWARD, pattern(masked=True), TORCHLEAN)
    assert isinstance(decide_all_shapes(claim), Holds)


def test_a_row_that_allows_nothing_weighs_nothing_and_others_are_those_of_each_head() -> None:
    stream = np.random.default_rng(1)
    x, *weights = (stream.normal(size=shape) for shape in ((3, 5), (5, 4), (5, 4), (5, 4), (4, 5)))
    mask = np.array([[0, 0, 0], [1, 1, 0], [0, 1, 1]], dtype=bool)
    y = RIGHT.forward_kernel(x, *weights, heads=2, mask=Dense((3, 3), tuple(map(float, mask.ravel()))))
    wq, wk, wv, wo = weights
    expected = np.zeros_like(x)
    for head in (slice(0, 2), slice(2, 4)):
        scores = (x @ wq[:, head]) @ (x @ wk[:, head]).T / np.sqrt(2)
        for i in (1, 2):
            powers = np.exp(scores[i]) * mask[i]
            expected[i] += (powers / powers.sum()) @ (x @ wv[:, head]) @ wo[head]
    np.testing.assert_allclose(expected, y)


def test_large_scores_do_not_overflow_and_blocked_ones_do_not_matter() -> None:
    x = np.array([[1.0], [1000.0]])
    one = np.ones((1, 1))
    causal = Dense((2, 2), (1.0, 0.0, 1.0, 1.0))
    y = RIGHT.forward_kernel(x, one, one, one, one, heads=1, mask=causal)
    np.testing.assert_allclose([[1.0], [1000.0]], y)


@pytest.mark.parametrize(
    ("shapes", "attributes"),
    [
        (((2, 3), (3, 4), (3, 4), (3, 4), (4, 3)), {"heads": 3}),
        (((2, 3), (3, 4), (3, 4), (3, 4), (4, 3)), {"heads": 0}),
        (((0, 3), (3, 4), (3, 4), (3, 4), (4, 3)), {"heads": 2}),
        (((2, 3), (3, 4), (3, 4), (3, 2), (4, 3)), {"heads": 2}),
        (((1, 3), (3, 4), (3, 4), (3, 4), (4, 3)), {"heads": 2, "mask": Dense((1, 1), (0.5,))}),
        (((2, 3), (3, 4), (3, 4), (3, 4), (4, 3)), {"heads": 2, "mask": Dense((1, 1), (1.0,))}),
    ],
)
def test_both_sides_refuse_the_same(shapes, attributes) -> None:
    with pytest.raises(ShapeMismatch):
        definition_of("multi_head_attention").infer_shape(shapes, attributes)
    with pytest.raises(RuntimeMismatch):
        RIGHT.shape(*shapes, **attributes)
