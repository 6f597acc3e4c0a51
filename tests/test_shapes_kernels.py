"""Kernels of every op: wrong ones are not proved at all shapes, right ones are, however they are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.equivalence.kernel.decision import Decision, Holds, Open
from backproof.equivalence.kernel.shapes import Part, decide_all_shapes
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.patterns import Pattern
from backproof.runtime.primitives import layout
from backproof.spec.convention import TORCHLEAN

VECTOR = Pattern((("n",),), ())
TWO_VECTORS = Pattern((("n",), ("n",)), ())
MATRICES = Pattern((("m", "k"), ("k", "n")), ())
ROW = Pattern(((1, "n"),), (("shape", ("m", "n")),))
ROWS = Pattern((("m", "n"),), (("axis", 0),))
LAST = Pattern((("m", "n"),), (("axis", 1),))

Kernel = Callable[..., Any]


def decided(op: str, part: Part, pattern: Pattern, **kernels: Kernel) -> Decision:
    return decide_all_shapes(replace(lemma(op, part, pattern, TORCHLEAN), **kernels))


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
    ("mse_loss", Part.FORWARD, TWO_VECTORS, "forward", lambda p, t: np.sum(p - t) ** 2 / p.size),
]


@pytest.mark.parametrize("case", OTHERS, ids=lambda case: f"{case[0]} {case[1]}")
def test_a_wrong_kernel_is_not_proved(case: tuple[str, Part, Pattern, str, Kernel]) -> None:
    op, part, pattern, name, kernel = case
    assert not isinstance(decided(op, part, pattern, **{name: kernel}), Holds)


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


def test_a_side_that_is_named_like_an_index_is_refused() -> None:
    decision = decided("sum", Part.VJP, Pattern((("index 0",),), ()))
    assert isinstance(decision, Open)
    assert "identifier" in decision.detail


def test_an_adjoint_is_not_proved_of_tangents_that_broadcast() -> None:
    decision = decided("broadcast_to", Part.ADJOINT, ROW, jvp=lambda t, y, x, shape: t)
    assert not isinstance(decision, Holds)


def test_a_term_that_grows_without_bound_is_given_up() -> None:
    for kernel in (lambda a, b: (a + b + 1) ** 60 * 0 + a + b, lambda a, b: a ** 10**9 * 0 + a + b):
        assert not isinstance(decided("add", Part.FORWARD, TWO_VECTORS, forward=kernel), Holds)
