"""assert_vjp on numpy as people write it: constants that were rounded, arrays made of a shape, decisions on values, kinks."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from backproof import assert_vjp
from backproof.equivalence.assertions.arrays import rule_array, symbolic_numpy
from backproof.equivalence.assertions.exactly import value
from backproof.equivalence.assertions.readings import Reading, readings
from backproof.equivalence.kernel.scalars.array import entries_of
from backproof.equivalence.kernel.scalars.term import Pool
from flint import arb
from scipy.special import erf

LABELS = np.array([0, 2])


def normal(x: Any) -> Any:
    return 0.5 * (1 + erf(x / np.sqrt(2)))


def layer_norm(x: Any, gamma: Any, beta: Any) -> Any:
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5) * gamma + beta


def layer_norm_vjp(g: Any, y: Any, x: Any, gamma: Any, beta: Any) -> Any:
    inverse = 1 / np.sqrt(x.var(-1, keepdims=True) + 1e-5)
    x_hat, gx = (x - x.mean(-1, keepdims=True)) * inverse, g * gamma
    x_bar = inverse * (gx - gx.mean(-1, keepdims=True) - x_hat * (gx * x_hat).mean(-1, keepdims=True))
    return x_bar, (g * x_hat).sum(0), g.sum(0)


def cross_entropy(z: Any) -> Any:
    shifted = z - z.max(axis=1, keepdims=True)
    return -(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))[np.arange(2), LABELS].mean()


def cross_entropy_vjp(g: Any, y: Any, z: Any) -> Any:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    p[np.arange(2), LABELS] -= 1
    return g * p / len(LABELS)


def convolved(x: Any, w: Any) -> Any:
    y = np.empty(len(x) - len(w) + 1)
    for i in range(len(y)):
        y[i] = np.sum(x[i : i + len(w)] * w)
    return y


def convolved_vjp(g: Any, y: Any, x: Any, w: Any) -> Any:
    x_bar, w_bar = np.zeros(x.shape, dtype=x.dtype), np.zeros_like(w)
    for i in range(len(g)):
        x_bar[i : i + len(w)] += g[i] * w
        w_bar += g[i] * x[i : i + len(w)]
    return x_bar, w_bar


def largest_two(g: Any, y: Any, x: Any) -> Any:
    x_bar = np.zeros_like(x)
    x_bar[np.argsort(x)[-2:]] = g
    return x_bar


def first_largest(g: Any, y: Any, x: Any) -> Any:
    x_bar = np.zeros(x.shape)
    x_bar[np.unravel_index(np.argmax(x), x.shape)] = g
    return x_bar


RIGHT: dict[str, tuple[Callable[..., Any], Callable[..., Any], Any, Any]] = {
    "gelu": (
        lambda x: x * normal(x), lambda g, y, x: g * (normal(x) + x * np.exp(-x * x / 2) / np.sqrt(2 * np.pi)), [(2,)], None,
    ),
    "selu": (
        lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * (np.exp(x) - 1)),
        lambda g, y, x: g * np.where(x > 0, 1.0507009873554805, y + 1.0507009873554805 * 1.6732632423543772), [(2,)], None,
    ),
    "layer norm": (layer_norm, layer_norm_vjp, [((2, 2), (2,), (2,))], None),
    "cross-entropy": (cross_entropy, cross_entropy_vjp, [(2, 3)], None),
    "convolution": (convolved, convolved_vjp, [((3,), (2,))], None),
    "power": (lambda a, b: a**b, lambda g, y, a, b: (g * b * a ** (b - 1), g * y * np.log(a)), [((1,), (1,))], {0: "positive"}),
    "two largest": (lambda x: np.sort(x)[-2:], largest_two, [(3,)], None),
    "largest": (lambda x: x.max(), first_largest, [(1, 3)], None),
    "softplus": (
        lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))), lambda g, y, x: g / (1 + np.exp(-x)), [(2,)], None,
    ),
    "norm": (np.linalg.norm, lambda g, y, x: np.where(y > 0, g * x / y, 0), [(3,)], None),
    "hinge": (lambda x: np.mean(np.clip(1 - x, 0, None)), lambda g, y, x: g * -(x < 1).astype(float) / x.size, [(2,)], None),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_rule_is_proved(name: str) -> None:
    forward, vjp, shapes, domain = RIGHT[name]
    assert assert_vjp(forward, vjp, shapes=shapes, domain=domain)


def test_a_proof_says_what_its_constants_are_read_as() -> None:
    (proof,) = assert_vjp(lambda x: 0.1 * x**3, lambda g, _y, x: 0.3 * x * x * g, shapes=[(1,)])
    assert {"the constant 0.1 is read as 1/10", "the constant 0.3 is read as 3/10"} <= set(proof.assumptions)


def test_a_constant_that_is_wrong_in_its_tenth_digit_is_wrong() -> None:
    with pytest.raises(AssertionError, match="the VJP is wrong"):
        assert_vjp(lambda x: x * np.sqrt(2), lambda g, _y, _x: g * 1.4142135624, shapes=[(1,)])


@pytest.mark.parametrize("factor", [1, 2, 0.5, 0.1, 1 / 3, 1.2345678901234567])
def test_a_constant_that_is_wrong_in_its_last_digits_is_not_read_as_the_right_one(factor: float) -> None:
    with pytest.raises(AssertionError, match=r"the VJP is wrong|not decided.*rounding of constants"):
        assert_vjp(lambda x: factor * x, lambda g, _y, _x: factor * (1 + 2**-50) * g, shapes=[(1,)])


def test_what_may_be_rounded_and_is_read_as_nothing_is_not_decided() -> None:
    one, other = 1.2345678901234567, 0.7654321098765432123 / 7
    with pytest.raises(AssertionError, match="not decided.*rounding of constants"):
        assert_vjp(lambda x: one * x + other * x, lambda g, _y, _x: (one + other) * g, shapes=[(1,)])


def test_simple_numbers_are_read_and_others_are_left() -> None:
    read = readings(map(Fraction, (0.1, 1 / 3, float(np.sqrt(2)), float(np.sqrt(2 / np.pi)), 0.123456789012345, 0.5)))
    assert [Reading(Fraction(1, 10)), Reading(Fraction(1, 3)), Reading(Fraction(1), Fraction(2), -1),
            Reading(Fraction(1), Fraction(2))] == [read[each] for each in sorted(read)]  # fmt: skip


def test_a_decision_of_the_vjp_is_no_kink() -> None:
    with pytest.raises(AssertionError, match="the VJP is wrong"):
        assert_vjp(
            lambda x: x * x, lambda g, _y, x: np.where(x > 5, 9, 2) * x * g if x[0] == np.maximum(x[0], 4) else 2 * x * g,
            shapes=[(1,)],
        )  # fmt: skip


@pytest.mark.parametrize(("at_zero", "right"), [(0, True), (1, False)])
def test_what_is_owed_at_kinks_can_be_said(at_zero: int, right: bool) -> None:  # noqa: FBT001
    def asserted() -> None:
        assert_vjp(
            lambda x: np.maximum(x, 0), lambda g, _y, x: g * np.where(x == 0, at_zero, x > 0), shapes=[(2,)],
            at_kinks=lambda g, _y, x: g * (x > 0),
        )  # fmt: skip

    if right:
        asserted()
    else:
        with pytest.raises(AssertionError, match="by the convention"):
            asserted()


def test_a_number_is_owed_at_every_kink() -> None:
    with pytest.raises(AssertionError, match="a number, for this is a kink"):
        assert_vjp(np.abs, lambda g, _y, x: g * x / np.abs(x), shapes=[(1,)])


def test_nothing_is_wrong_where_forward_has_no_value() -> None:
    with pytest.raises(AssertionError, match="not decided.*a side has no value"):
        assert_vjp(lambda x: np.sqrt(x - 9) ** 2, lambda g, _y, x: g + 0 * np.sqrt(x - 9), shapes=[(1,)])
    assert assert_vjp(lambda x: np.sqrt(x + 9) ** 2, lambda g, _y, x: g + 0 * np.sqrt(x + 9), shapes=[(1,)], domain="positive")


COMPOSED: dict[str, tuple[Callable[..., Any], tuple[float, ...]]] = {
    "cosh": (np.cosh, (-1.5, 0.0, 2.0)), "sinh": (np.sinh, (-1.5, 0.0, 2.0)), "tan": (np.tan, (-1.0, 0.5)),
    "exp2": (np.exp2, (-1.0, 2.5)), "hypot": (lambda x: np.hypot(x, 2 * x + 1), (-1.0, 3.0)),
    "logaddexp": (lambda x: np.logaddexp(x, -x), (-2.0, 0.5)), "heaviside": (lambda x: np.heaviside(x, 0.25), (-1.0, 0.0, 2.0)),
    "var": (lambda x: x.var(), (1.0, 2.0, 4.0)), "ddof": (lambda x: np.std(x, ddof=1), (1.0, 2.0, 4.0)),
    "norm": (lambda x: np.linalg.norm(x.reshape(2, 2), axis=0), (1.0, 2.0, -3.0, 4.0)),
    "clip": (lambda x: np.clip(x, -1, 1), (-2.0, -1.0, 0.5, 3.0)), "sort": (lambda x: np.sort(x)[::-1], (1.0, -2.0, 1.0)),
    "argsort": (lambda x: x[np.argsort(-x)], (1.0, -2.0, 3.0)), "argmin": (lambda x: x[np.argmin(x)], (1.0, -2.0, 3.0)),
    "count": (lambda x: x * np.count_nonzero(x > 0), (1.0, -2.0, 3.0)), "any": (lambda x: np.where(np.any(x > 2), x, -x), (1.0, 3.0)),
    "split": (lambda x: np.hstack(np.split(x, [1])[::-1]), (1.0, 2.0, 3.0)), "trace": (lambda x: np.trace(np.diag(x)), (1.0, 2.0)),
    "mean of truths": (lambda x: x * (x > 0).mean(), (1.0, -2.0)), "full": (lambda x: x + np.full(x.shape, 2.5), (1.0,)),
    "array": (lambda x: np.array([[x[0] * x[1], 1.0], [x[1], 2.0]]), (2.0, 3.0)), "eye": (lambda x: np.eye(2) @ x, (2.0, 3.0)),
    "astype": (lambda x: (x > 0).astype(x.dtype) - x.astype(float), (1.0, -2.0)), "power": (lambda x: x**x, (0.5, 2.0)),
    "roll": (lambda x: np.roll(x, 1), (1.0, 2.0, 3.0)), "tril": (lambda x: np.tril(np.outer(x, x)), (1.0, 2.0, 3.0)),
    "diff": (np.diff, (1.0, 2.0, 4.0)), "append": (lambda x: np.append(x, x[0]), (1.0, 2.0)),
    "delete": (lambda x: np.delete(x, 1), (1.0, 2.0, 3.0)), "insert": (lambda x: np.insert(x, 1, x[0]), (1.0, 2.0)),
    "inner": (lambda x: np.inner(x, x), (1.0, 2.0)), "rot90": (lambda x: np.rot90(np.outer(x, x + 1)), (1.0, 2.0)),
    "cross": (lambda x: np.cross(x, x[::-1] + np.array([1.0, 0.0, 2.0])), (1.0, 2.0, 4.0)),
    "cross of rows": (lambda x: np.cross(x.reshape(2, 3), x[:3]), (1.0, 2.0, 4.0, -1.0, 3.0, 0.5)),
    "kron": (lambda x: np.kron(x, np.array([1.0, -2.0])), (1.0, 2.0, 3.0)),
    "kron of matrices": (lambda x: np.kron(x.reshape(1, 3), np.outer(x, x[:2])), (1.0, 2.0, 3.0)),
    **{f"convolve, {mode}": (lambda x, mode=mode: np.convolve(x, x[-2:], mode), (1.0, 2.0, 4.0, -1.0, 3.0))
       for mode in ("full", "same", "valid")},
    "convolve by a longer one": (lambda x: np.convolve(x[:2], x, "same"), (1.0, 2.0, 4.0, -1.0)),
    "convolve by an even one": (lambda x: np.convolve(x, x[:4], "same"), (1.0, 2.0, 4.0, -1.0, 3.0)),
    "trapezoid": (lambda x: np.trapezoid(x, dx=0.5), (1.0, 2.0, 4.0)),
    "trapezoid of rows": (lambda x: np.trapezoid(x.reshape(2, 3), x[:3], axis=1), (1.0, 2.0, 4.0, -1.0, 3.0, 0.5)),
    "trapezoid of columns": (lambda x: np.trapezoid(x.reshape(3, 2), x[:3], axis=0), (1.0, 2.0, 4.0, -1.0, 3.0, 0.5)),
    "stacks": (lambda x: np.column_stack([x, np.vstack([x, x]).sum(axis=0)]), (1.0, 2.0)),
}  # fmt: skip
"""Functions of numpy that are said in terms of others, and numbers to hold that against numpy's own at."""


@pytest.mark.parametrize("name", COMPOSED)
def test_what_is_said_of_numpy_is_what_numpy_does(name: str) -> None:
    function, numbers = COMPOSED[name]
    pool = Pool(lambda term, signs: value(term, known).sign() in signs)
    known = {f"x{place}": Fraction(number) for place, number in enumerate(numbers)}
    with symbolic_numpy():
        came = function(rule_array((len(numbers),), map(pool.variable, known)))
    owed = np.asarray(function(np.array(numbers)))
    assert owed.shape == came.shape
    for entry, number in zip(entries_of(came), owed.flat, strict=True):
        assert float(arb(value(pool.lift(entry), known).value)) == pytest.approx(float(number), rel=1e-12)


def test_numpy_is_as_it_was_when_a_rule_has_run() -> None:
    before = (np.zeros, np.array, np.empty, np.full)
    with pytest.raises(AssertionError):
        assert_vjp(lambda x: 1 / 0, lambda g, _y, _x: g, shapes=[(1,)])
    assert before == (np.zeros, np.array, np.empty, np.full)
    assert type(np.zeros(2)) is np.ndarray
