"""Wrong kernels are never proved at all shapes, whatever their fault hides behind."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import backproof.runtime.primitives  # noqa: F401  (fills the registry)
import backproof.spec.definitions  # noqa: F401  (fills the registry)
from backproof.equivalence.all_shapes import Pattern, lemma
from backproof.equivalence.kernel.decision import Decision, Fails, Holds
from backproof.equivalence.kernel.shapes import Part, decide_all_shapes
from backproof.runtime.primitives import layout
from backproof.spec.convention import TORCHLEAN

VECTOR = Pattern((("n",),), ())
TWO_VECTORS = Pattern((("n",), ("n",)), ())
MATRICES = Pattern((("m", "k"), ("k", "n")), ())
ROW = Pattern(((1, "n"),), (("shape", ("m", "n")),))
ROWS = Pattern((("m", "n"),), (("axis", 0),))
LAST = Pattern((("m", "n"),), (("axis", 1),))

Kernel = Callable[..., Any]
COUNTER = [0]
LIMIT = 3


def decided(op: str, part: Part, pattern: Pattern, **kernels: Kernel) -> Decision:
    return decide_all_shapes(replace(lemma(op, part, pattern, TORCHLEAN), **kernels))


def square_only(y_bar, y, a, b):
    if a.shape[0] == a.shape[1] == b.shape[1]:
        return y_bar @ b.T, a.T @ y_bar
    return y_bar @ b.T, a.T @ (y_bar + y_bar)


def right_only_when_square(y_bar, y, a, b):
    return y_bar @ b, a @ y_bar


def wrong_only_when_square(y_bar, y, a, b):
    if a.shape[0] == a.shape[1]:
        return y_bar @ b.T, a.T @ y_bar + a @ y_bar - a @ y_bar * 2
    return y_bar @ b.T, a.T @ y_bar


def wrong_at_37(y_bar, y, a, b):
    if a.shape[0] == 37:
        return y_bar @ b.T, a.T @ y_bar * 2
    return y_bar @ b.T, a.T @ y_bar


def wrong_above_1000(y_bar, y, a, b):
    if a.shape[0] * b.shape[1] > 1000:
        return y_bar @ b.T, a.T @ y_bar * 2
    return y_bar @ b.T, a.T @ y_bar


def wrong_where_sizes_multiply(y_bar, y, a, b):
    if a.shape[0] * a.shape[1] == b.shape[1] + 40:
        return y_bar @ b.T, a.T @ y_bar * 2
    return y_bar @ b.T, a.T @ y_bar


def wrong_where_a_size_is_listed(y_bar, y, a, b):
    if a.shape[0] in (41, 43):
        return y_bar @ b.T, a.T @ y_bar * 2
    return y_bar @ b.T, a.T @ y_bar


def wrong_by_a_word(y_bar, y, a, b):
    return y_bar @ b.T, a.T @ y_bar * (2 if f"{a.shape[0]}" == "37" else 1)


def wrong_by_identity(y_bar, y, a, b):
    return y_bar @ b.T, a.T @ y_bar * (1 if a.shape[0] is a.shape[0] else 2)


def swapped(y_bar, y, a, b):
    return a.T @ y_bar, y_bar @ b.T


def one_missing(y_bar, y, a, b):
    return (y_bar @ b.T,)


def a_list(y_bar, y, a, b):
    return [y_bar @ b.T, a.T @ y_bar]


def off_by_a_billionth(y_bar, y, a, b):
    return y_bar @ b.T, a.T @ y_bar * (1 + 1e-9)


MATMUL = [
    square_only,
    right_only_when_square,
    wrong_only_when_square,
    wrong_at_37,
    wrong_above_1000,
    wrong_where_sizes_multiply,
    wrong_where_a_size_is_listed,
    wrong_by_a_word,
    wrong_by_identity,
    swapped,
    one_missing,
    a_list,
    off_by_a_billionth,
]


@pytest.mark.parametrize("vjp", MATMUL, ids=lambda kernel: kernel.__name__)
def test_a_wrong_vjp_of_matmul_is_not_proved(vjp: Kernel) -> None:
    assert not isinstance(decided("matmul", Part.VJP, MATRICES, vjp=vjp), Holds)
    assert not isinstance(decided("matmul", Part.ADJOINT, MATRICES, vjp=vjp), Holds)


def at_the_tie(y_bar, y, x):
    return (np.where(x >= 0, y_bar, 0),)


def half_at_the_tie(y_bar, y, x):
    return (np.where(x > 0, y_bar, np.where(x < 0, 0, y_bar / 2)),)


def only_below_three(y_bar, y, x):
    return (np.where(x > 0, np.where(x > 30, y_bar * 2, y_bar), 0),)


def only_off_a_point(y_bar, y, x):
    return (np.where(x == 77, y_bar * 2, np.where(x > 0, y_bar, 0)),)


def cancelled(y_bar, y, x):
    return (np.where(x > 0, y_bar, 0) * (x / x),)


def cancelled_behind_a_mask(y_bar, y, x):
    return (np.where(x > 0, y_bar * x / x, 0),)


def in_place(y_bar, y, x):
    y_bar *= np.where(x > 0, 1, 0)
    return (y_bar,)


def into_the_input(y_bar, y, x):
    x[:] = 0
    return (np.where(y > 0, y_bar, 0),)


def by_the_sign_of_the_cotangent(y_bar, y, x):
    return (np.where((x > 0) & (y_bar > -50), y_bar, 0),)


def by_two_masks(y_bar, y, x):
    return (y_bar * ((x > 0) + (x > 20)),)


def caught(y_bar, y, x):
    try:
        return (np.where(x > 0, y_bar, 0 if x.shape[0] < 36 else x.T.flat),)
    except BaseException:
        return (np.where(x > 0, y_bar, 0),)


def by_type(y_bar, y, x):
    return (np.where(x > 0, y_bar, 0) * (2 if x.shape[0] > 36 and isinstance(x, np.ndarray) else 1),)


def by_dtype(y_bar, y, x):
    return (np.where(x > 0, y_bar, 0) * (2 if x.shape[0] > 36 and x.dtype != np.intp else 1),)


def by_class(y_bar, y, x):
    return (np.where(x > 0, y_bar, 0) * (2 if x.shape[0] > 36 and x.__class__ == np.ndarray else 1),)


def by_attribute(y_bar, y, x):
    return (np.where(x > 0, y_bar, 0) * (2 if x.shape[0] > 36 and x.flags else 1),)


def by_length(y_bar, y, x):
    return (np.where(x > 0, y_bar, 0) * (2 if len(x) == 37 else 1),)


def by_counter(y_bar, y, x):
    COUNTER[0] += 1
    return (np.where(x > 0, y_bar, 0) * (1 if COUNTER[0] < 1000 else 2),)


def by_default(y_bar, y, x, seen=[]):  # noqa: B006
    seen.append(1)
    return (np.where(x > 0, y_bar, 0) * (1 if len(seen) < 1000 else 2),)


def by_loop(y_bar, y, x):
    total = np.zeros_like(x)
    for _ in range(x.shape[0]):
        total = np.where(x > 0, y_bar, 0)
    return (total,)


def by_global(y_bar, y, x):
    return (np.where(x > 0, y_bar, 0) * (LIMIT - 2 if x.shape[0] < 36 else LIMIT),)


def wrong_shape(y_bar, y, x):
    return (np.expand_dims(np.where(x > 0, y_bar, 0), 0),)


def a_scalar(y_bar, y, x):
    return (0,)


def by_generator():
    return lambda y_bar, y, x: (np.where(x > 0, y_bar, 0) * math.pi,)


RELU = [
    at_the_tie,
    half_at_the_tie,
    only_below_three,
    only_off_a_point,
    cancelled,
    cancelled_behind_a_mask,
    in_place,
    into_the_input,
    by_the_sign_of_the_cotangent,
    by_two_masks,
    caught,
    by_type,
    by_dtype,
    by_class,
    by_attribute,
    by_length,
    by_counter,
    by_default,
    by_loop,
    by_global,
    wrong_shape,
    a_scalar,
    by_generator(),
]


@pytest.mark.parametrize("vjp", RELU, ids=lambda kernel: kernel.__name__)
def test_a_wrong_or_unreadable_vjp_of_relu_is_not_proved(vjp: Kernel) -> None:
    assert not isinstance(decided("relu", Part.VJP, VECTOR, vjp=vjp), Holds)


OTHERS: list[tuple[str, Part, Pattern, str, Kernel]] = [
    ("broadcast_to", Part.VJP, ROW, "vjp", lambda g, y, x, shape: (g[:1],)),
    ("broadcast_to", Part.VJP, ROW, "vjp", lambda g, y, x, shape: (np.sum(g, axis=0),)),
    ("broadcast_to", Part.VJP, ROW, "vjp", lambda g, y, x, shape: (np.max(g, axis=0, keepdims=True),)),
    ("broadcast_to", Part.VJP, ROW, "vjp", lambda g, y, x, shape: (np.sum(g, axis=1, keepdims=True) + x - x,)),
    ("broadcast_to", Part.FORWARD, ROW, "forward", lambda x, shape: x),
    ("broadcast_to", Part.FORWARD, ROW, "forward", lambda x, shape: np.broadcast_to(x, (3, x.shape[1]))),
    ("reduce_sum", Part.FORWARD, ROWS, "forward", lambda x, axis: np.sum(x, axis=1)),
    ("reduce_sum", Part.FORWARD, ROWS, "forward", lambda x, axis: np.sum(x.T, axis=axis)),
    ("reduce_sum", Part.FORWARD, ROWS, "forward", lambda x, axis: np.sum(x, axis=axis, keepdims=True)),
    ("reduce_sum", Part.VJP, ROWS, "vjp", lambda g, y, x, axis: (np.broadcast_to(g, x.shape) / x.shape[0],)),
    ("reduce_sum", Part.VJP, LAST, "vjp", lambda g, y, x, axis: (np.broadcast_to(g, x.shape),)),
    ("reduce_mean", Part.FORWARD, ROWS, "forward", lambda x, axis: np.sum(x, axis=axis) / x.shape[1]),
    ("sum", Part.FORWARD, VECTOR, "forward", lambda x: np.max(x) * x.shape[0]),
    ("sum", Part.FORWARD, VECTOR, "forward", lambda x: np.sum(x) + 0 * np.max(x - np.sum(x)) + np.max(x - np.sum(x))),
    ("softmax", Part.FORWARD, LAST, "forward", lambda x, axis: np.exp(x) / np.sum(np.exp(x))),
    ("softmax", Part.FORWARD, LAST, "forward", lambda x, axis: np.exp(x) / np.sum(np.exp(x), axis=0, keepdims=True)),
    ("softmax", Part.VJP, LAST, "vjp", lambda g, y, x, axis: (y * g,)),
    ("softmax", Part.VJP, LAST, "vjp", lambda g, y, x, axis: (y * (g - np.sum(g * y, keepdims=True)),)),
    ("softmax", Part.JVP, LAST, "jvp", lambda t, y, x, axis: y * (t - np.sum(t * y, axis=0, keepdims=True))),
    ("tanh", Part.VJP, VECTOR, "vjp", lambda g, y, x: (g * (1 - y * y) + 1e-12 * g,)),
    ("tanh", Part.VJP, VECTOR, "vjp", lambda g, y, x: (g * (1 - x * y),)),
    ("exp", Part.VJP, VECTOR, "vjp", lambda g, y, x: (g * y * (x / x),)),
    ("log", Part.FORWARD, VECTOR, "forward", lambda x: np.log(x * x) / 2 + np.log(x - 1) - np.log(x - 1)),
    ("add", Part.FORWARD, TWO_VECTORS, "forward", lambda a, b: a + b[: a.shape[0] - 1]),
    ("add", Part.FORWARD, TWO_VECTORS, "forward", lambda a, b: np.concatenate((a[:1], b[1:]))),
    ("add", Part.VJP, TWO_VECTORS, "vjp", lambda g, y, a, b: (g, g, g)),
    ("mul", Part.VJP, TWO_VECTORS, "vjp", lambda g, y, a, b: (g * b, g * b)),
    ("mul", Part.VJP, TWO_VECTORS, "vjp", lambda g, y, a, b: (g * y / a, g * a)),
    ("mse_loss", Part.VJP, TWO_VECTORS, "vjp", lambda g, y, p, t: (2 * (p - t) * g / p.size, 2 * (p - t) * g / p.size)),
    ("mse_loss", Part.FORWARD, TWO_VECTORS, "forward", lambda p, t: np.sum((p - t) ** 2) / (p.size + 1)),
    ("mse_loss", Part.FORWARD, TWO_VECTORS, "forward", lambda p, t: np.sum((p - t)) ** 2 / p.size),
]


@pytest.mark.parametrize("case", OTHERS, ids=lambda case: f"{case[0]} {case[1]}")
def test_a_wrong_kernel_is_not_proved(case: tuple[str, Part, Pattern, str, Kernel]) -> None:
    op, part, pattern, name, kernel = case
    assert not isinstance(decided(op, part, pattern, **{name: kernel}), Holds)


def test_a_visible_fault_comes_with_a_candidate() -> None:
    decision = decided("matmul", Part.VJP, MATRICES, vjp=right_only_when_square)
    assert isinstance(decision, Fails)
    assert {"m", "k", "n"} <= decision.candidate.keys()


def harmless_branch(y_bar, y, a, b):
    if a.shape[0] == b.shape[1]:
        return y_bar @ b.T, (y_bar.T @ a).T
    return y_bar @ b.T, a.T @ y_bar


def test_a_branch_on_sizes_that_is_right_on_both_sides_is_proved() -> None:
    assert isinstance(decided("matmul", Part.VJP, MATRICES, vjp=harmless_branch), Holds)


def test_other_right_ways_to_compute_are_proved() -> None:
    for part, kernel in (
        (Part.FORWARD, lambda x, axis: np.exp(x) / np.sum(np.exp(x), axis=axis, keepdims=True)),
        (Part.FORWARD, lambda x, axis: (np.exp(x - 1).T / np.sum(np.exp(x - 1), axis=1)).T),
    ):
        assert isinstance(decided("softmax", part, LAST, forward=kernel), Holds)
    square = decided("mse_loss", Part.FORWARD, TWO_VECTORS, forward=lambda p, t: np.sum((t - p) ** 2) / p.shape[0])
    assert isinstance(square, Holds)
    masked = decided("relu", Part.FORWARD, VECTOR, forward=lambda x: np.where(x > 0, x, 0))
    assert isinstance(masked, Holds)


def test_a_divisor_is_accepted_where_the_domain_implies_it_and_the_assumption_is_named() -> None:
    decision = decided("div", Part.VJP, TWO_VECTORS)
    assert isinstance(decision, Holds)
    assert "b ≠ 0" in decision.assumptions
    assert isinstance(decided("div", Part.FORWARD, TWO_VECTORS, forward=lambda a, b: a * b / (b * b)), Holds)


def test_a_module_of_the_package_is_followed() -> None:
    assert layout.shapes.trailing((2,), (3, 2)) == (1,)
    pattern = Pattern((("n",),), (("shape", ("m", "n")),))
    assert isinstance(decided("broadcast_to", Part.VJP, pattern), Holds)
