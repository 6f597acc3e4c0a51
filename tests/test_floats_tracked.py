"""Tracked numbers: whatever numpy computes in float64 lies within the bound that the same kernel computes for itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flint
import numpy as np
import pytest
from backproof.equivalence.kernel.numbers.tracked import Tracked
from backproof.equivalence.kernel.scalars.array import array_of, entries_of
from backproof.equivalence.kernel.scalars.mask import Unsupported
from flint import arb
from hypothesis import given, settings
from hypothesis import strategies as st

FACTOR = 2000
"""A bound is meant to be of use: in ulps of the largest magnitude that was met, no more than this."""

finite = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e150, max_value=1e150)
small = st.floats(-30, 30)
drawn = settings(derandomize=True, deadline=None, max_examples=150)


def tracked(values: Any) -> Any:
    values = np.asarray(values, dtype=np.float64)
    return array_of(values.shape, map(Tracked.of, values.ravel().tolist()))


def inside(kernel: Callable[..., Any], *inputs: Any) -> None:
    """The float result of a kernel is certainly within the tracked one's bound, entry by entry."""
    plain = [np.array(value, dtype=np.float64) for value in inputs]
    with np.errstate(all="ignore"):
        came = np.asarray(kernel(*plain), dtype=np.float64)
    with flint.ctx.workprec(2500), np.errstate(all="ignore"):
        real = kernel(*map(tracked, plain))
        assert came.shape == real.shape
        for float_entry, entry in zip(came.ravel().tolist(), map(Tracked.of, entries_of(real)), strict=True):
            if np.isfinite(entry.error()):
                assert np.isfinite(float_entry)
                assert abs(arb(float_entry) - entry.ball).abs_upper() <= entry.error()


@drawn
@given(st.lists(finite, min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_sums_in_any_order(values: list[float], stream: Any) -> None:
    inside(np.sum, values)
    order = list(range(len(values)))
    stream.shuffle(order)

    def one_by_one(x: Any) -> Any:
        total = x[order[0]]
        for place in order[1:]:
            total = total + x[place]
        return total

    inside(one_by_one, values)


@drawn
@given(st.integers(0, 2**32), st.sampled_from([(1, 1, 1), (2, 3, 4), (5, 33, 3), (8, 8, 8)]), st.integers(-200, 200))
def test_products_of_matrices(seed: int, sides: tuple[int, int, int], exponent: int) -> None:
    stream = np.random.default_rng(seed)
    a = stream.normal(size=sides[:2]) * 10.0 ** stream.integers(-5, 5, size=sides[:2])
    b = stream.normal(size=sides[1:]) * 10.0**exponent * 10.0 ** stream.integers(-60, 60, size=sides[1:])
    inside(lambda x, y: x @ y, a, b)


@drawn
@given(finite, finite, finite)
def test_arithmetic_of_any_magnitude(a: float, b: float, c: float) -> None:
    for kernel in (
        lambda x, y, z: x * y + z,
        lambda x, y, z: (x - y) * (x + z),
        lambda x, y, z: np.maximum(x, y) - np.minimum(y, z),
        lambda x, y, z: np.abs(x * y) - z / 3,
        lambda x, y, z: np.where(x > y, x * z, y - z),
        lambda x, y, z: (x > 0) * y + z,
    ):
        inside(kernel, a, b, c)


@drawn
@given(finite, finite.filter(lambda value: value != 0), finite.filter(lambda value: value != 0))
def test_quotients(a: float, b: float, c: float) -> None:
    inside(lambda x, y: x / y, a, b)
    inside(lambda x, y, z: x / (y * z) if abs(b * c) > 1e-290 else x / y, a, b, c)


@drawn
@given(small, small, st.floats(1e-300, 1e300))
def test_functions(a: float, b: float, c: float) -> None:
    inside(lambda x, y: np.exp(x * y / 8) - np.exp(-x), a, b)
    inside(lambda x, y: np.tanh(x * y) * (1 - np.tanh(y)), a, b)
    inside(np.log, c)
    inside(np.sqrt, c)
    inside(lambda z: np.log(1 + z * z), a)


@drawn
@given(st.floats(-745, 709))
def test_exponentials_that_underflow_too(x: float) -> None:
    inside(np.exp, x)
    inside(lambda value: np.exp(value) * 1e300, x)


@drawn
@given(st.lists(st.floats(1, 2), min_size=2, max_size=50))
def test_bounds_are_not_absurd(values: list[float]) -> None:
    total = np.sum(tracked(values))
    assert entries_of(total)[0].error() <= FACTOR * 2.0**-53 * len(values)
    assert Tracked.of(1.0).error() == 0.0
    assert (Tracked.of(3.0) * Tracked.of(0.5)).error() <= 4 * 2.0**-53 * 1.5


def test_a_number_that_binary64_does_not_hold_is_rounded_once() -> None:
    with flint.ctx.workprec(256):
        third = Tracked.of(1) / 3
        assert 0 < third.error() <= 2.0**-53
        assert abs(arb(1 / 3) - third.ball) <= third.error()


def test_a_wrong_constant_is_outside() -> None:
    x = np.array([0.3, 1.7])
    for came, real in zip(np.exp(x) * (1 + 1e-13), entries_of(np.exp(tracked(x))), strict=True):
        assert abs(arb(float(came)) - real.ball).abs_lower() > real.error()


@pytest.mark.parametrize(
    "kernel",
    [
        lambda x: 1 / (x - x * 1.0),
        lambda x: np.log(x - x * 1.0),
        lambda x: x**2,
        lambda x: float(x),
        lambda x: x.dtype,
        lambda x: 1 if x / 3 * 3 == x else 0,
    ],
)
def test_what_has_no_bound_is_refused(kernel: Callable[[Any], Any]) -> None:
    with pytest.raises((Unsupported, TypeError)):
        kernel(tracked(0.1))


def test_a_branch_too_close_to_call_is_covered_both_ways() -> None:
    # 0.1 * 3 is not 0.3 in floats: the comparison may go either way, and the bound spans both branches.
    chosen = entries_of(np.where(tracked(0.1) * 3 > tracked(0.3), tracked(1.0), tracked(0.0)))[0]
    assert chosen.error() >= 1.0
    inside(lambda x, y: np.where(x * 3 > y, 1.0, 0.0), 0.1, 0.3)
