"""The convolution with a batch, groups and dilation: what it computes, its rule at all shapes, and wrong rules of it."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.equivalence.kernel.decision import Fails, Holds
from backproof.equivalence.kernel.shapes import Part, decide_all_shapes
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.patterns import matching, patterns
from backproof.runtime.primitive import primitive_of
from backproof.runtime.primitives.grouped_convolution import _conv as conv
from backproof.spec.convention import TORCHLEAN
from backproof.spec.definition import ShapeMismatch, definition_of

PLANES = ((4, 2, 2, 2), (4,), (2, 4, 5, 5))
ONES = {"stride": (1, 1), "padding": (0, 0), "dilation": (1, 1), "groups": 2}


def test_it_is_one_convolution_for_each_sample_and_group_with_zeros_in_the_kernel() -> None:
    generator = random.Random(3)
    plain, op = primitive_of("conv").forward_kernel, primitive_of("conv_nd")
    for _ in range(60):
        axes, groups = generator.randint(1, 2), generator.randint(1, 3)
        kernel, stride, dilation, sides, padding = (
            tuple(generator.randint(least, most) for _ in range(axes))
            for least, most in ((1, 3), (1, 3), (1, 3), (0, 6), (0, 2))
        )
        w = np.array([generator.uniform(-2, 2) for _ in range(4 * groups * np.prod(kernel))]).reshape(2 * groups, 2, *kernel)
        x = np.array([generator.uniform(-2, 2) for _ in range(4 * groups * np.prod(sides))]).reshape(2, 2 * groups, *sides)
        b = np.arange(2.0 * groups)
        spread = np.zeros((2 * groups, 2, *((k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True))))
        spread[(..., *(slice(None, None, d) for d in dilation))] = w
        blocks = [slice(2 * g, 2 * g + 2) for g in range(groups)]
        expected = np.stack(
            [np.concatenate([plain(spread[g], b[g], each[g], stride, padding) for g in blocks]) for each in x]
        )
        attributes = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
        y = op.forward_kernel(w, b, x, **attributes)
        assert expected.shape == y.shape == definition_of("conv_nd").infer_shape((w.shape, b.shape, x.shape), attributes)
        assert np.allclose(expected, y)


@pytest.mark.parametrize("groups", [0, 3])
def test_groups_that_do_not_divide_the_channels_are_refused(groups: int) -> None:
    with pytest.raises(ShapeMismatch):
        definition_of("conv_nd").infer_shape(PLANES, ONES | {"groups": groups})
    with pytest.raises(Exception, match="groups"):
        primitive_of("conv_nd").shape(*PLANES, **ONES | {"groups": groups})


@pytest.mark.parametrize("part", [Part.FORWARD, Part.JVP])
def test_planes_are_proved_for_every_batch_group_stride_padding_and_dilation(part: Part) -> None:
    pattern = matching("conv_nd", PLANES, ONES)
    assert pattern is not None
    assert isinstance(decide_all_shapes(lemma("conv_nd", part, pattern, TORCHLEAN)), Holds)


def decided(part: Part, **kernels: Any) -> Any:
    (pattern,) = patterns("conv_nd")
    return decide_all_shapes(replace(lemma("conv_nd", part, pattern, TORCHLEAN), **kernels))


def beside_the_group(w, b, x, stride, padding, dilation, groups):
    turned = x if groups < 2 else np.concatenate((x[:, w.shape[1] :], x[:, : w.shape[1]]), axis=1)
    return conv(w, b, turned, stride, padding, dilation, groups)


def undilated(w, b, x, stride, padding, dilation, groups):
    right = conv(w, b, x, stride, padding, dilation, groups)
    tight = conv(w, b, x, stride, padding, (1,), groups)
    return tight[..., : right.shape[-1]]


def far(w, b, x, stride, padding, dilation, groups):
    right = conv(w, b, x, stride, padding, dilation, groups)
    return right + right if groups * dilation[0] > 300 else right


@pytest.mark.parametrize("forward", [beside_the_group, undilated, far])
def test_a_wrong_convolution_is_not_proved(forward: Any) -> None:
    decision = decided(Part.FORWARD, forward=forward)
    assert not isinstance(decision, Holds) if forward is far else isinstance(decision, Fails)


def test_a_weight_cotangent_of_one_sample_alone_is_refuted() -> None:
    def vjp(y_bar, y, w, b, x, **moves):
        _, b_bar, x_bar = shipped(y_bar, y, w, b, x, **moves)
        first, *_ = shipped(y_bar[:1], y[:1], w, b, x[:1], **moves)
        return first, b_bar, x_bar

    shipped = primitive_of("conv_nd").vjp_kernel
    assert isinstance(decided(Part.VJP, vjp=vjp), Fails)
