"""Square roots of sizes: 1/√d for every d, in formulas and kernels, on symbols and on exact numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from backproof.equivalence.kernel import KERNEL
from backproof.equivalence.kernel.algebra.equalities import Equalities, Group
from backproof.equivalence.kernel.decision import Fails, Holds
from backproof.equivalence.kernel.numbers.exact import Exact
from backproof.equivalence.kernel.numbers.formats import FLOAT64
from backproof.equivalence.kernel.numbers.tracked import Tracked
from backproof.equivalence.kernel.scalars.array import array_of, entries_of
from backproof.equivalence.kernel.scalars.term import Pool
from backproof.equivalence.kernel.sealed import Proof
from backproof.equivalence.kernel.shapes import AllShapes, Part, decide_all_shapes
from backproof.spec.formula import sqrt, total


def scaled_shape(x: Any) -> Any:
    return x


def scaled_formula(x: Any, i: Any, j: Any) -> Any:
    return x[i, j] / sqrt(x.size(1)) + total(lambda k: x[i, k], x.size(1)) * sqrt(x.size(0) * x.size(1))


def nowhere(*_operands: Any, **_attributes: Any) -> tuple[()]:
    return ()


def of_scaling(kernel: Any) -> Any:
    claim = AllShapes(
        "op", Part.FORWARD, (("h", "d"),), {}, scaled_formula, nowhere, "ℝ", scaled_shape, {}, kernel, kernel, kernel
    )
    return decide_all_shapes(claim)


def width(x: Any, size: Any) -> Any:
    return np.sqrt(np.ones_like(x, shape=()) * size)


def test_roots_of_sizes_are_proved_for_every_size() -> None:
    decision = of_scaling(lambda x: x / width(x, x.shape[1]) + np.sum(x, axis=1, keepdims=True) * width(x, x.size))
    assert isinstance(decision, Holds)
    split = lambda x: x * width(x, x.shape[1]) / x.shape[1] + np.sum(x, 1, keepdims=True) * width(x, x.shape[0]) * width(x, x.shape[1])
    assert isinstance(of_scaling(split), Holds)


@pytest.mark.parametrize(
    "kernel",
    [
        lambda x: x / width(x, x.shape[0]) + np.sum(x, axis=1, keepdims=True) * width(x, x.size),
        lambda x: x / x.shape[1] + np.sum(x, axis=1, keepdims=True) * width(x, x.size),
        lambda x: x / width(x, x.shape[1]) + np.sum(x, axis=1, keepdims=True) * x.size,
    ],
)
def test_the_root_of_another_size_is_refuted(kernel: Any) -> None:
    assert isinstance(of_scaling(kernel), Fails)


def test_a_kernel_s_root_of_a_constant_is_exact() -> None:
    pool = Pool(lambda _term, _signs: True)
    x = pool.variable("x")
    scaled = entries_of(array_of((1,), [x]) / width(array_of((1,), [x]), 3))[0]
    pairs = ((pool.lift(scaled * scaled * 3), x * x),)
    assert isinstance(KERNEL.decide(Equalities("it", (Group(pairs, ()),), (), ())), Proof)
    rounded = ((pool.lift(scaled * Fraction(3**0.5)), x),)
    assert not isinstance(KERNEL.decide(Equalities("it", (Group(rounded, ()),), (), ())), Proof)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 12, 49])
def test_the_root_of_a_constant_is_that_number_among_every_kind_of_scalar(size: int) -> None:
    for make in (Exact.of, lambda value: Tracked.of(value, FLOAT64)):
        x = array_of((2,), [make(2), make(-3)])
        ours = [entries_of(each) for each in (x * width(x, size), x / width(x, size), 2 / width(x, size) * x)]
        floats = np.array([2.0, -3.0])
        theirs = [floats * np.sqrt(size), floats / np.sqrt(size), 2 / np.sqrt(size) * floats]
        for a, b in zip(ours, theirs, strict=True):
            for came, wanted in zip(a, b, strict=True):
                ball = came.value if isinstance(came, Exact) else came.ball
                assert abs(float(ball.mid() if hasattr(ball, "mid") else Fraction(int(ball.p), int(ball.q))) - wanted) < 1e-12
