"""Wrong kernels are never proved at all shapes, whatever their fault hides behind."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.equivalence.kernel.decision import Decision, Fails, Holds
from backproof.equivalence.kernel.shapes import Part, decide_all_shapes
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.patterns import Pattern
from backproof.spec.convention import TORCHLEAN

VECTOR, MATRICES = Pattern((("n",),), ()), Pattern((("m", "k"), ("k", "n")), ())

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
    except BaseException:  # noqa: BLE001  (a kernel that hides a refusal)
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


def test_a_visible_fault_comes_with_a_candidate() -> None:
    decision = decided("matmul", Part.VJP, MATRICES, vjp=right_only_when_square)
    assert isinstance(decision, Fails)
    assert {"m", "k", "n"} <= decision.candidate.keys()
