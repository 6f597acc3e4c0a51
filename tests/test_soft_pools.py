"""Smooth maxima of windows: their values, their stability, what they refuse, and that no wrong kernel of one is proved."""

from __future__ import annotations

import itertools
import math
import random
from dataclasses import replace
from typing import Any

import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.equivalence.kernel.decision import Fails, Holds
from backproof.equivalence.kernel.shapes import Part, decide_all_shapes
from backproof.equivalence.kernel.shapes.algebra import ONE, summed
from backproof.equivalence.kernel.shapes.polynomial import Fresh, integer, least, variable, zero
from backproof.equivalence.kernel.shapes.positivity import Positivity, possible
from backproof.equivalence.kernel.shapes.values import holds
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.patterns import patterns
from backproof.runtime.primitive import primitive_of
from backproof.runtime.primitives.soft_pools import _pulled as pulled
from backproof.runtime.primitives.soft_pools import _weights as weights
from backproof.runtime.session import Session
from backproof.runtime.windows import cropped, padded, put, seen
from backproof.spec.convention import TORCHLEAN


def slow_pool(x, kernel, stride, padding, beta):
    """Window by window, over the cells that are there, from the largest term on."""
    sides = primitive_of("smooth_max_pool").shape(x.shape, kernel, stride, padding, beta)
    y = np.zeros(sides)
    for c, *q in np.ndindex(*sides):
        spans = [(i * s - p, i * s - p + k) for i, s, k, p in zip(q, stride, kernel, padding, strict=True)]
        cells = x[(c, *(slice(max(a, 0), max(b, 0)) for a, b in spans))].ravel() * beta
        y[(c, *q)] = (max(cells) + math.log(math.fsum(math.exp(z - max(cells)) for z in cells))) / beta
    return y


@pytest.mark.parametrize("spread", [2.0, 1000.0, 1e200])
def test_a_smooth_maximum_is_what_it_is_window_by_window_at_every_magnitude(spread: float) -> None:
    generator = random.Random(spread)
    for _ in range(60):
        axes = generator.randint(1, 2)
        kernel, stride, sides = (
            tuple(generator.randint(least_, most) for _ in range(axes)) for least_, most in ((1, 4), (1, 3), (1, 5))
        )
        padding = tuple(generator.randint(0, k // 2) for k in kernel)
        beta = generator.choice((1.0, -0.5, 3.0))
        x = np.array([generator.uniform(-spread, spread) for _ in range(2 * math.prod(sides))]).reshape(2, *sides)
        y = primitive_of("smooth_max_pool").forward_kernel(x, kernel, stride, padding, beta)
        assert np.allclose(slow_pool(x, kernel, stride, padding, beta), y, rtol=1e-12)


@pytest.mark.parametrize("beta", [0.0, math.inf, math.nan])
def test_a_sharpness_that_cannot_be_divided_by_is_refused(beta: float) -> None:
    for op, attributes in (("smooth_max_pool", ((1,), (1,), (0,))), ("smooth_max_pool2d", (1, 1, 1))):
        with pytest.raises(Exception, match="must be finite and not 0") as fault:
            primitive_of(op).shape((2, 3) if op == "smooth_max_pool" else (2, 3, 3), *attributes, beta)
        assert fault.value.code == "E-beta"
    session = Session()
    x = session.input(np.ones((2, 3)))
    with pytest.raises(Exception, match="beta"):
        session.smooth_max_pool(x, (1,), (1,), (0,), beta)
    with pytest.raises(Exception, match="at least 1"):
        session.smooth_max_pool(x, (1,), (0,), (0,), 1.0)


def decided(part: Part, **kernels: Any) -> Any:
    pattern = next(each for each in patterns("smooth_max_pool") if len(each.shapes[0]) == 2)
    return decide_all_shapes(replace(lemma("smooth_max_pool", part, pattern, TORCHLEAN), **kernels))


def counting_padded_cells(x, kernel, stride, padding, beta):
    counts = primitive_of("avg_pool").shape(x.shape, kernel, stride, padding)
    if 0 in counts:
        return np.zeros_like(x, shape=counts)
    cells = padded(x, padding) + x[:, :1] * 0  # numbers of one kind
    return np.log(sum(np.exp(beta * seen(cells, kappa, stride, counts[1:])) for kappa in np.ndindex(*kernel))) / beta


def without_the_top(x, kernel, stride, padding, beta):
    counts = primitive_of("avg_pool").shape(x.shape, kernel, stride, padding)
    if 0 in counts:
        return np.zeros_like(x, shape=counts)
    weight, _ = weights(x, kernel, stride, padding, beta)
    return np.log(sum(weight(kappa) for kappa in np.ndindex(*kernel))) / beta


@pytest.mark.parametrize("forward", [counting_padded_cells, without_the_top])
def test_a_wrong_smooth_maximum_is_refuted(forward: Any) -> None:
    assert isinstance(decided(Part.FORWARD, forward=forward), Fails)


def overwriting(y_bar, y, x, kernel, stride, padding, beta):
    if 0 in y_bar.shape:
        return (np.zeros_like(x),)
    weight, _ = weights(x, kernel, stride, padding, beta)
    shares = y_bar / sum(weight(kappa) for kappa in np.ndindex(*kernel))
    cells = np.zeros_like(padded(x, padding))
    for (kappa,) in np.ndindex(*kernel):
        cells[:, kappa : kappa + stride[0] * y.shape[1] : stride[0]] = shares * weight((kappa,))
    return (cropped(cells, padding, x.shape[1:]),)


def unshared(y_bar, y, x, kernel, stride, padding, beta):
    if 0 in y_bar.shape:
        return (np.zeros_like(x),)
    weight, _ = weights(x, kernel, stride, padding, beta)
    sides = padded(x, padding).shape[1:]
    cells = sum(put(y_bar * weight(kappa), kappa, stride, sides) for kappa in np.ndindex(*kernel))
    return (cropped(cells, padding, x.shape[1:]),)


def far(y_bar, y, x, kernel, stride, padding, beta):
    right = pulled(y_bar, x, kernel, stride, padding, beta)
    return (right + right if stride[0] > 77 else right,)


@pytest.mark.parametrize("vjp", [overwriting, unshared, far])
def test_a_wrong_cotangent_is_not_proved(vjp: Any) -> None:
    decision = decided(Part.VJP, vjp=vjp)
    assert not isinstance(decision, Holds) if vjp is far else isinstance(decision, Fails)


def test_a_sum_over_a_window_that_may_hold_no_cell_is_not_known_to_be_positive() -> None:
    n, k, s, p, q = map(variable, "nkspq")
    facts = {least(each - integer(1)) for each in (n, k, s)} | {least(p), least(q), least(n + p + p - k - s * q)}
    kappa = Fresh()
    place = q * s + variable(kappa) - p
    inside = {least(variable(kappa)), least(k - variable(kappa) - integer(1)), least(place), least(n - place - integer(1))}
    window = summed(ONE, (kappa,), inside)
    assert not Positivity(frozenset(facts), frozenset()).positive(window)
    half = facts | {least(k - p - p)}
    assert Positivity(frozenset(half), frozenset()).positive(window)


def test_an_index_can_be_chosen_just_where_the_guards_without_it_hold() -> None:
    generator = random.Random(9)
    for _ in range(200):
        guards = [_guard(generator) for _ in range(4)]
        left = possible("x", guards)
        assert left is not None
        for a, b in itertools.product(range(-3, 4), repeat=2):
            known = {"a": a, "b": b}
            chosen = any(all(holds(guard, {**known, "x": x}) for guard in guards) for x in range(-60, 61))
            assert chosen == all(holds(guard, known) for guard in left)


def _guard(generator: random.Random) -> Any:
    poly = integer(generator.randint(-4, 4))
    for name, counts in (("a", (-1, 0, 2)), ("b", (-2, 0, 1)), ("x", (-1, 0, 1))):
        poly = poly + variable(name) * integer(generator.choice(counts))
    return generator.choice((least, least, zero))(poly)
