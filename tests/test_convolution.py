"""Convolutions: what they compute, what they refuse, and that no wrong kernel of one is proved at all shapes."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.equivalence.kernel.decision import Fails, Holds
from backproof.equivalence.kernel.shapes import Part, decide_all_shapes
from backproof.equivalence.kernel.shapes.replay import points
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.patterns import matching, patterns
from backproof.runtime.primitive import primitive_of
from backproof.runtime.primitives.convolution import _conv_transpose as conv_transpose
from backproof.runtime.primitives.convolution import _pulled as pulled
from backproof.runtime.session import Session
from backproof.runtime.windows import cropped, padded, put, seen
from backproof.spec.convention import TORCHLEAN
from backproof.spec.definition import ShapeMismatch, definition_of


def slow_conv(w, b, x, stride, padding):
    """Entry by entry, from the zero-padded cells."""
    cells = np.pad(x, [(0, 0)] + [(p, p) for p in padding])
    sides = [0 if N < k else (N - k) // s + 1 for N, k, s in zip(cells.shape[1:], w.shape[2:], stride, strict=True)]
    y = np.zeros((w.shape[0], *sides))
    for index in np.ndindex(*y.shape):
        o, *q = index
        window = tuple(slice(i * s, i * s + k) for i, s, k in zip(q, stride, w.shape[2:], strict=True))
        y[index] = b[o] + np.sum(w[o] * cells[(slice(None), *window)])
    return y


def slow_conv_transpose(w, b, x, stride, padding):
    """Every cell stamps the kernel into the result."""
    sides = [(n - 1) * s + k if n else 0 for n, s, k in zip(x.shape[1:], stride, w.shape[2:], strict=True)]
    y = np.zeros((w.shape[1], *sides))
    for c, *t in np.ndindex(*x.shape):
        place = tuple(slice(i * s, i * s + k) for i, s, k in zip(t, stride, w.shape[2:], strict=True))
        y[(slice(None), *place)] += w[c] * x[(c, *t)]
    inner = tuple(slice(p, max(p, side - p)) for p, side in zip(padding, sides, strict=True))
    return y[(slice(None), *inner)] + b.reshape(-1, *[1] * len(sides))


@pytest.mark.parametrize(("op", "slow", "outputs"), [("conv", slow_conv, 0), ("conv_transpose", slow_conv_transpose, 1)])
def test_a_convolution_is_what_it_is_entry_by_entry(op: str, slow: Any, outputs: int) -> None:
    generator = random.Random(op)
    for _ in range(150):
        axes = generator.randint(1, 3)
        kernel, stride, sides, padding = (
            tuple(generator.randint(least, most) for _ in range(axes)) for least, most in ((1, 3), (1, 3), (0, 5), (0, 2))
        )
        # Of few channels beside many, a row of offsets is taken at once.
        many = generator.choice((2, 6))
        w = np.array([generator.choice((-2.0, 1.0, 3.0)) for _ in range(2 * many * np.prod(kernel))]).reshape(many, 2, *kernel)
        channels = w.shape[1 - outputs]
        x = np.array([generator.randint(-2, 2) / 2 for _ in range(channels * np.prod(sides))]).reshape(channels, *sides)
        b = np.arange(1.0, w.shape[outputs] + 1)
        expected = slow(w, b, x, stride, padding)
        y = primitive_of(op).forward_kernel(w, b, x, stride, padding)
        shapes = (w.shape, b.shape, x.shape)
        attributes = {"stride": stride, "padding": padding}
        assert expected.shape == y.shape == definition_of(op).infer_shape(shapes, attributes)
        assert y.shape == primitive_of(op).shape(*shapes, **attributes)
        assert np.array_equal(expected, y)
        y_bar = np.array([generator.randint(-2, 2) / 2 for _ in range(y.size)]).reshape(y.shape)
        w_bar, b_bar, x_bar = primitive_of(op).vjp_kernel(y_bar, y, w, b, x, stride, padding)
        assert np.sum(y_bar * expected) == np.sum(w_bar * w) + np.sum(b_bar * b)
        assert np.sum(y_bar * slow(w[::-1, :, ..., ::-1], 0 * b, x, stride, padding)) == np.sum(w_bar * w[::-1, :, ..., ::-1])
        assert np.sum(y_bar * slow(w, 0 * b, x[..., ::-1], stride, padding)) == np.sum(x_bar * x[..., ::-1])


@pytest.mark.parametrize("op", ["conv", "conv2d", "conv_transpose", "conv_transpose2d"])
def test_windows_that_do_not_move_are_refused(op: str) -> None:
    session = Session()
    w, x = session.input(np.ones((2, 2, 1, 1))), session.input(np.ones((2, 3, 3)))
    b = session.input(np.ones(2))
    scalar = op.endswith("2d")
    with pytest.raises(Exception, match="at least 1") as fault:
        getattr(session, op)(w, b, x, stride=0 if scalar else (1, 0), padding=0 if scalar else (0, 0))
    assert fault.value.code == "E-stride"
    with pytest.raises(ShapeMismatch):
        attributes = {"stride": 0 if scalar else (1, 0), "padding": 0 if scalar else (0, 0)}
        definition_of(op).infer_shape(((2, 2, 1, 1), (2,), (2, 3, 3)), attributes)


def test_every_kernel_stride_and_padding_along_one_axis_and_two_has_a_pattern() -> None:
    for op in ("conv", "conv_transpose"):
        assert [1, 2] == [len(pattern.shapes[2]) - 1 for pattern in patterns(op)]
        assert all("stride=(any>=1" in lemma(op, Part.VJP, each, TORCHLEAN).statement for each in patterns(op))


def test_a_convolution_of_solids_is_proved_at_all_shapes() -> None:
    pattern = matching("conv", ((2, 3, 2, 2, 2), (2,), (3, 4, 4, 4)), {"stride": (1, 1, 1), "padding": (0, 0, 0)})
    assert pattern is not None
    assert isinstance(decide_all_shapes(lemma("conv", Part.FORWARD, pattern, TORCHLEAN)), Holds)


def axes_of(x):
    return tuple(range(1, x.ndim))


def with_x_bar(x_bar):
    """A VJP of conv that is right but for the cotangent of x."""

    def kernel(y_bar, y, w, b, x, stride, padding):
        right = pulled(y_bar, w, x, stride, padding)
        return right[0], right[1], x_bar(y_bar, w, x, stride, padding)

    return kernel


def scattered(w, y_bar, stride, sides):
    offsets = np.ndindex(*w.shape[2:])
    return sum(put(np.tensordot(w[(..., *k)], y_bar, ((0,), (0,))), k, stride, sides) for k in offsets)


def overwriting(y_bar, w, x, stride, padding):
    cells = np.zeros_like(padded(x, padding))
    for k in np.ndindex(*w.shape[2:]):
        part = np.tensordot(w[(..., *k)], y_bar, ((0,), (0,)))
        view = tuple(slice(i, i + s * t, s) for i, s, t in zip(k, stride, y_bar.shape[1:], strict=True))
        cells[(slice(None), *view)] = part
    return cropped(cells, padding, x.shape[1:])


def flipped(y_bar, w, x, stride, padding):
    turned = w[(..., *[slice(None, None, -1)] * (x.ndim - 1))]
    return cropped(scattered(turned, y_bar, stride, padded(x, padding).shape[1:]), padding, x.shape[1:])


def late(y_bar, w, x, stride, padding):
    before = tuple(p - 1 if p > 0 else 0 for p in padding)
    return cropped(scattered(w, y_bar, stride, padded(x, padding).shape[1:]), before, x.shape[1:])


def by_the_window(y_bar, w, x, stride, padding):
    sides = tuple(n + 2 * p + k * t for n, p, k, t in zip(x.shape[1:], padding, w.shape[2:], y_bar.shape[1:], strict=True))
    return cropped(scattered(w, y_bar, w.shape[2:], sides), padding, x.shape[1:])


def uncovered(y_bar, w, x, stride, padding):
    sides = padded(x, padding).shape[1:]
    right = cropped(scattered(w, y_bar, stride, sides), padding, x.shape[1:])
    left = (sides[0] - w.shape[2]) - stride[0] * (y_bar.shape[1] - 1)
    return right * 2 if left > 0 else right


def wide(y_bar, w, x, stride, padding):
    right = cropped(scattered(w, y_bar, stride, padded(x, padding).shape[1:]), padding, x.shape[1:])
    return right * 2 if stride[0] > 30 else right


def swapped_channels(y_bar, w, x, stride, padding):
    if w.shape[0] != w.shape[1]:
        return pulled(y_bar, w, x, stride, padding)[2]
    return pulled(y_bar, np.transpose(w, (1, 0, *range(2, w.ndim))), x, stride, padding)[2]


SEEN = [overwriting, flipped, late, by_the_window, uncovered, swapped_channels]


@pytest.mark.parametrize("x_bar", [*SEEN, wide])
@pytest.mark.parametrize("axes", [1, 2])
def test_a_wrong_cotangent_of_the_cells_is_not_proved(x_bar: Any, axes: int) -> None:
    decision = decided("conv", Part.VJP, axes, vjp=with_x_bar(x_bar))
    assert isinstance(decision, Fails) if x_bar in SEEN else not isinstance(decision, Holds)


def decided(op: str, part: Part, axes: int, **kernels: Any) -> Any:
    (pattern,) = (each for each in patterns(op) if len(each.shapes[2]) - 1 == axes)
    return decide_all_shapes(replace(lemma(op, part, pattern, TORCHLEAN), **kernels))


def test_the_right_cotangent_written_so_is_proved() -> None:
    def x_bar(y_bar, w, x, stride, padding):
        return cropped(scattered(w, y_bar, stride, padded(x, padding).shape[1:]), padding, x.shape[1:])

    assert isinstance(decided("conv", Part.VJP, 1, vjp=with_x_bar(x_bar)), Holds)


def test_a_bias_summed_over_one_axis_alone_is_refuted() -> None:
    def vjp(y_bar, y, w, b, x, stride, padding):
        w_bar, _, x_bar = pulled(y_bar, w, x, stride, padding)
        return w_bar, y_bar.sum(axis=1)[:, :1].sum(axis=1), x_bar

    assert isinstance(decided("conv", Part.VJP, 2, vjp=vjp), Fails)


def correlated(w, x, stride, counts):
    offsets = np.ndindex(*w.shape[2:])
    return sum(np.tensordot(w[(..., *k)], seen(x, k, stride, counts), 1) for k in offsets)


@pytest.mark.parametrize(("before", "after"), [(1, -1), (-1, 1), (0, 1)])
def test_a_forward_kernel_whose_padding_is_off_by_one_is_refuted(before: int, after: int) -> None:
    def forward(w, b, x, stride, padding):
        (p,), (k,), (s,) = padding, w.shape[2:], stride
        left, right = (0, 0) if p == 0 else (p + before, p + after)
        cells = np.pad(x, ((0, 0), (left, right)))
        room = cells.shape[1] - k
        counts = (room // s + 1 if room >= 0 else 0,)
        return correlated(w, cells, stride, counts) + np.expand_dims(b, 1)

    assert isinstance(decided("conv", Part.FORWARD, 1, forward=forward), Fails)


def test_a_transposed_convolution_that_drops_its_gaps_is_refuted() -> None:
    def forward(w, b, x, stride, padding):
        tight = tuple(min(s, k) for s, k in zip(stride, w.shape[2:], strict=True))
        return conv_transpose(w, b, x, tight, padding)

    assert isinstance(decided("conv_transpose", Part.FORWARD, 1, forward=forward), Fails)


@pytest.mark.parametrize("op", ["conv", "conv_transpose"])
@pytest.mark.parametrize("axes", [1, 2])
def test_the_points_of_a_claim_meet_several_windows_that_overlap_that_leave_gaps_and_that_are_padded(op, axes) -> None:
    (pattern,) = (each for each in patterns(op) if len(each.shapes[2]) - 1 == axes)
    met = [point for _, point in points(lemma(op, Part.VJP, pattern, TORCHLEAN))]
    windows = "y_bar 0" if op == "conv" else "x 2"
    several = [p.sizes for p in met if p.tensors[windows].shape[1] > 1 and p.sizes["stride_0"] > 1]
    assert any(sizes["k_0"] > sizes["stride_0"] for sizes in several)
    assert any(sizes["k_0"] < sizes["stride_0"] for sizes in several)
    assert any(sizes["padding_0"] for sizes in several)
