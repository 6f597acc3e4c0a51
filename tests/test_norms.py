"""Normalisations: the wrong kernels that people write are refuted, at all shapes or at the shapes they are wrong at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.equivalence.kernel.decision import Fails, Holds
from backproof.equivalence.kernel.shapes import Part, decide_all_shapes
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.patterns import patterns
from backproof.runtime import primitives as _primitives  # noqa: F401  (fills the registry)
from backproof.runtime.primitive import primitive_of
from backproof.spec.convention import TORCHLEAN


def claimed(op: str, part: Part, kernel: Any) -> Any:
    """What is decided of an op at its first pattern with a kernel in place of its own."""
    return decide_all_shapes(replace(lemma(op, part, patterns(op)[0], TORCHLEAN), **{str(part): kernel}))


def rows(x: Any, divisor: Any, eps: float) -> tuple[Any, Any]:
    mean = np.sum(x, axis=1, keepdims=True) / x.shape[1]
    deviation = np.sqrt(np.sum((x - mean) * (x - mean), axis=1, keepdims=True) / divisor + eps)
    return (x - mean) / deviation, deviation


def mean(x: Any) -> Any:
    return np.sum(x, axis=1, keepdims=True) / x.shape[1]


def bars(x_bar: Callable[..., Any], eps: float = 1e-6) -> Callable[..., Any]:
    """A VJP of layer_norm from a rule for x alone: of g, the centred entries over the deviation, the deviation and x."""

    def vjp(y_bar: Any, y: Any, x: Any, gamma: Any, beta: Any) -> Any:
        x_hat, deviation = rows(x, x.shape[1], eps)
        own = x_bar(y_bar * gamma, x_hat, deviation, x)
        return own, np.sum(y_bar * x_hat, axis=0), np.sum(y_bar, axis=0)

    return vjp


RIGHT = {
    "the closed form": bars(lambda g, x_hat, deviation, x: (g - mean(g) - x_hat * mean(g * x_hat)) / deviation),
    "as one fraction": bars(
        lambda g, x_hat, deviation, x: (x.shape[1] * g - np.sum(g, axis=1, keepdims=True) - x_hat * np.sum(g * x_hat, axis=1, keepdims=True))
        / (x.shape[1] * deviation)
    ),
}

WRONG = {
    "the last term missing": bars(lambda g, x_hat, deviation, x: (g - mean(g)) / deviation),
    "the mean missing": bars(lambda g, x_hat, deviation, x: (g - x_hat * mean(g * x_hat)) / deviation),
    "a variance for a deviation": bars(
        lambda g, x_hat, deviation, x: (g - mean(g) - x_hat * mean(g * x_hat)) / (deviation * deviation)
    ),
    "another epsilon": bars(lambda g, x_hat, deviation, x: (g - mean(g) - x_hat * mean(g * x_hat)) / deviation, 1e-3),
    "wrong for rows of one": bars(
        lambda g, x_hat, deviation, x: g
        if x.shape[1] == 1
        else (g - mean(g) - x_hat * mean(g * x_hat)) / deviation
    ),
    "wrong for rows of 37": bars(
        lambda g, x_hat, deviation, x: g
        if x.shape[1] == 37
        else (g - mean(g) - x_hat * mean(g * x_hat)) / deviation
    ),
    "sums for means": bars(
        lambda g, x_hat, deviation, x: (g - mean(g) - x_hat * np.sum(g * x_hat, axis=1, keepdims=True)) / deviation
    ),
}

FORWARD = {
    "epsilon outside the root": lambda x, gamma, beta: (x - mean(x)) / (np.sqrt(mean((x - mean(x)) * (x - mean(x)))) + 1e-6) * gamma + beta,
    "n - 1 for n": lambda x, gamma, beta: rows(x, x.shape[1] - 1 if x.shape[1] > 1 else 1, 1e-6)[0] * gamma + beta,
    "no epsilon": lambda x, gamma, beta: rows(x, x.shape[1], 0.0)[0] * gamma + beta,
    "over the other axis": lambda x, gamma, beta: rows(x.T, x.shape[0], 1e-6)[0].T * gamma + beta,
    "a mean of squares": lambda x, gamma, beta: (x - mean(x)) / np.sqrt(mean(x * x) + 1e-6) * gamma + beta,
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_rule_of_layer_norm_is_proved_however_it_is_written(name: str) -> None:
    assert isinstance(claimed("layer_norm", Part.VJP, RIGHT[name]), Holds)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_rule_of_layer_norm_is_not_proved(name: str) -> None:
    decision = claimed("layer_norm", Part.VJP, WRONG[name])
    assert isinstance(decision, Fails) or (name == "wrong for rows of 37" and not isinstance(decision, Holds))


@pytest.mark.parametrize("name", FORWARD)
def test_a_wrong_layer_norm_is_not_proved(name: str) -> None:
    assert not isinstance(claimed("layer_norm", Part.FORWARD, FORWARD[name]), Holds)


def test_two_means_of_squares_are_a_variance_over_the_reals() -> None:
    def forward(x: Any, gamma: Any, beta: Any) -> Any:
        return (x - mean(x)) / np.sqrt(mean(x * x) - mean(x) * mean(x) + 1e-6) * gamma + beta

    assert isinstance(claimed("layer_norm", Part.FORWARD, forward), Holds)


def channels(x: Any, count: Any) -> Any:
    centred = x - np.sum(x, axis=(1, 2), keepdims=True) / count
    return centred / np.sqrt(np.sum(centred * centred, axis=(1, 2), keepdims=True) / count + 1e-6)


@pytest.mark.parametrize(
    ("count", "holds"), [(lambda x: x.shape[1] * x.shape[2], True), (lambda x: x.shape[1] * x.shape[1], False)]
)
def test_a_channel_has_height_times_width_entries(count: Any, holds: bool) -> None:  # noqa: FBT001
    def forward(x: Any, gamma: Any, beta: Any) -> Any:
        return channels(x, count(x)) * np.expand_dims(gamma, (1, 2)) + np.expand_dims(beta, (1, 2))

    assert holds == isinstance(claimed("batchnorm_channel_first", Part.FORWARD, forward), Holds)


def test_a_variance_over_all_entries_of_a_larger_sample_is_not_a_population_s() -> None:
    def forward(x: Any, axis: int, correction: Any = 0) -> Any:
        centred = x - np.sum(x, axis=axis, keepdims=True) / x.shape[axis]
        return np.sum(centred * centred, axis=axis) / x.shape[axis]

    corrected = next(p for p in patterns("var") if "correction" in dict(p.attributes))
    claim = replace(lemma("var", Part.FORWARD, corrected, TORCHLEAN), forward=forward)
    assert isinstance(decide_all_shapes(claim), Fails)


def test_where_a_stored_variance_is_not_positive_it_has_no_cotangent() -> None:
    own = primitive_of("batch_norm2d_nchw_eval").vjp_kernel

    def vjp(y_bar: Any, y: Any, x: Any, gamma: Any, beta: Any, average: Any, variance: Any) -> Any:
        *others, _ = own(y_bar, y, x, gamma, beta, average, variance)
        deviation = np.sqrt(np.maximum(variance, 0) + 1e-6)
        return *others, -others[1] * gamma / (2 * deviation * deviation)

    assert not isinstance(claimed("batch_norm2d_nchw_eval", Part.VJP, vjp), Holds)


@pytest.mark.parametrize("shape", [(1, 4), (3, 1), (2, 5)])
def test_rows_come_out_with_mean_0_and_variance_1(shape: tuple[int, int]) -> None:
    x = np.random.default_rng(3).normal(size=shape) * 100
    y = primitive_of("layer_norm").forward_kernel(x, np.ones(shape[1]), np.zeros(shape[1]))
    assert np.allclose(y.mean(axis=1), 0, atol=1e-12)
    assert np.allclose(y.var(axis=1), 0 if shape[1] == 1 else 1, atol=1e-6)
    assert np.allclose(primitive_of("var").forward_kernel(x, axis=1), x.var(axis=1))
