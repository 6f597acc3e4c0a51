"""Tracked numbers: whatever numpy computes in a format lies within the bound that the same kernel computes for itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flint
import numpy as np
import pytest
from backproof.equivalence.kernel.numbers.formats import FLOAT32, FLOAT64, Format
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


def number(value: Any, format_: Format = FLOAT64) -> Tracked:
    return Tracked.of(value, format_)


def tracked(values: Any, format_: Format = FLOAT64) -> Any:
    values = np.asarray(values, dtype=np.float64)
    return array_of(values.shape, [number(value, format_) for value in values.ravel().tolist()])


def inside(kernel: Callable[..., Any], *inputs: Any) -> None:
    """The float result of a kernel is certainly within the tracked one's bound, in both formats, entry by entry."""
    for format_ in (FLOAT64, FLOAT32):
        inside_in(format_, kernel, *inputs)


def inside_in(format_: Format, kernel: Callable[..., Any], *inputs: Any) -> None:
    with np.errstate(all="ignore"):
        plain = [np.array(value, dtype=format_.number) for value in inputs]
        if not all(np.isfinite(value).all() for value in plain):
            return
        came = np.asarray(kernel(*plain), dtype=format_.number)
    with flint.ctx.workprec(2500), np.errstate(all="ignore"):
        try:
            real = kernel(*(tracked(value, format_) for value in plain))
        except Unsupported as refused:
            assert format_ is FLOAT32 and "no error bound" in str(refused)  # what it may hold underflowed
            return
        assert came.shape == real.shape
        for float_entry, entry in zip(came.ravel().tolist(), entries_of(real), strict=True):
            bound = number(entry, format_)
            if np.isfinite(bound.error()):
                assert np.isfinite(float_entry)
                assert abs(arb(float_entry) - bound.ball).abs_upper() <= bound.error()


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
    inside(lambda x, y: np.sin(x * y) - np.cos(x) * np.expm1(-y), a, b)
    inside(lambda x, y: np.log1p(np.exp(-np.abs(x))) * np.log1p(y * y), a, b)


@drawn
@given(st.floats(-1e30, 1e30), st.floats(1e-12, 1e12), st.sampled_from([0, 1, 2, 3, 4, 7, -1, -2, -3]))
def test_integer_powers(a: float, b: float, exponent: int) -> None:
    inside(lambda x: x**exponent, a) if exponent >= 0 else inside(lambda x: x**exponent, b)
    inside(lambda x, y: (x * y / 3) ** exponent - np.power(y, 2), b, b)
    inside(lambda x: (x + 1.0) ** exponent * x, b)


@drawn
@given(st.floats(1e-30, 1e30), st.floats(0.1, 10), st.sampled_from([0.5, 0.3, -0.7, 1.1, -2.25]))
def test_real_powers(a: float, b: float, exponent: float) -> None:
    inside(lambda x: x**exponent, a)
    inside(lambda x, y: (x * y / 3) ** exponent - y**0.1, b, b)


@pytest.mark.parametrize("format_", [FLOAT64, FLOAT32])
def test_a_power_has_a_bound_of_a_few_ulps_and_hands_on_the_error_of_its_base(format_: Format) -> None:
    with flint.ctx.workprec(256):
        third = number(1, format_) / 3
        assert 0 < (number(3, format_) ** 2).error() <= 9 * 10 * format_.unit
        assert (number(3, format_) ** 0).error() == 0 == (number(3, format_) ** 1).error()
        for exponent in (2, 3, -2):
            inherited = abs(exponent) * 3.0 ** (1 - exponent) * third.error()
            assert inherited <= (third**exponent).error() <= inherited + 10 * format_.unit * 3.0**-exponent


def test_a_power_that_overflows_has_no_finite_bound() -> None:
    assert np.isfinite((number(1e30) ** 2).error())
    assert np.isinf((number(1e30, FLOAT32) ** 2).error())
    assert np.isinf((number(1e200) ** 2).error())


@drawn
@given(st.lists(st.floats(2**126, 2**128), min_size=1, max_size=5))
def test_a_sum_that_may_overflow_has_no_finite_bound(values: list[float]) -> None:
    inside_in(FLOAT32, lambda x: np.sum(x) - np.sum(x[:1]), values)


def test_a_constant_is_rounded_to_the_format() -> None:
    # The float run holds the constant 0.1 rounded: the bound is around the product with 0.1 itself.
    inside(lambda x: x * 0.1 - 0.7, 0.3)
    assert number(0.1).error() == 0 < 0.1 * 2.0**-26 < number(0.1, FLOAT32).error() < 0.1 * 2.0**-23


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
    assert number(1.0).error() == 0.0
    assert (number(3.0) * number(0.5)).error() <= 4 * 2.0**-53 * 1.5


def test_a_number_that_binary64_does_not_hold_is_rounded_once() -> None:
    with flint.ctx.workprec(256):
        third = number(1) / 3
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
        lambda x: (x - x * 1.0) ** 0.3,
        lambda x: (-x) ** 0.3,
        lambda x: (x - x * 1.0) ** -1,
        lambda x: x**x,
        lambda x: number(0.1, FLOAT32) ** (2**24 + 1),
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


@drawn
@given(small, small, st.sampled_from([0.0, 1.0, -1.0, 2.0**-40]))
def test_the_larger_of_two_and_what_cancels(a: float, b: float, near: float) -> None:
    inside(lambda a, b: np.sqrt(np.maximum(a * b, 0) + 1) + np.maximum(a + b, b * b), a, b)
    inside(lambda a: np.maximum(a * 3, a * 3 + near) * (a - a), a)
    inside(lambda a, b: np.sum(np.stack([a - a, b, a])), a, b)


def test_a_clamp_far_from_its_bound_loses_the_error_of_what_it_clamps() -> None:
    tenth = Tracked.of(0.1, FLOAT64) * Tracked.of(-0.1, FLOAT64)
    assert tenth.error() > 0
    assert tenth.maximum(0).error() == 0
    assert tenth.maximum(-tenth).error() == tenth.error()
    assert tenth.maximum(tenth).error() == tenth.error()


def test_a_difference_that_is_nothing_has_no_error_alone_but_in_a_sum() -> None:
    third, large = Tracked.of(0.3, FLOAT64), Tracked.of(2.0**60, FLOAT64)
    assert (large - large).error() == 0
    # In another order it is rounded: (2^60 + 0.3) - 2^60 is 0 in binary64.
    assert ((large - large) + third).error() >= 0.3
    inexact = third * third
    assert (inexact - inexact).error() > 0


def test_a_root_of_a_function_of_numbers_that_cancel_has_a_bound() -> None:
    for function in (np.sqrt, np.tanh, np.sin, np.expm1, np.log1p):
        inside(lambda x, f=function: np.sqrt(f(x - x)), 0.3)
