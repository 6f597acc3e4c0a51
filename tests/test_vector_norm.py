"""The norm of a vector: at zeros its derivative is 0, no scale takes it out of range, and wrong kernels are refuted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.kernel.decision import Fails, Holds
from backproof.equivalence.kernel.shapes import Part as Whole
from backproof.equivalence.kernel.shapes import decide_all_shapes
from backproof.equivalence.kernel.verdict import Proved, Refuted, RefutedReason
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import RuleInstance, instances
from backproof.equivalence.rules.lemmas import lemma_verdict
from backproof.equivalence.rules.parts import Part
from backproof.equivalence.rules.patterns import Pattern, patterns
from backproof.ir.graph import BackproofError
from backproof.runtime import primitives as _primitives  # noqa: F401  (fills the registry)
from backproof.runtime.primitive import PRIMITIVES
from backproof.spec.convention import CONVENTIONS, TORCHLEAN
from backproof.spec.definition import definition_of

Kernel = Callable[..., Any]
NORM = PRIMITIVES["norm"]
OWED = (Part.FORWARD, Part.VJP, Part.JVP, Part.ADJOINT)


def squares(x: Any, axis: int) -> Any:
    return np.sum(x * x, axis=axis, keepdims=True)


def spread(y_bar: Any, axis: int) -> Any:
    return np.expand_dims(y_bar, axis)


def length(x: Any, axis: int) -> Any:
    return np.sqrt(squares(x, axis))


def scale(x: Any, axis: int) -> Any:
    return 1 + np.max(np.abs(x), axis=axis, keepdims=True)


def over(x: Any, divisor: Callable[[Any, int], Any], axis: int, at_zeros: Any = 0) -> Any:
    """x over a divisor that is 0 where all x are."""
    none = squares(x, axis) <= 0
    return np.where(none, at_zeros, x / np.where(none, 1, divisor(x, axis)))


RIGHT: list[tuple[str, Kernel]] = [
    ("forward", lambda x, axis: np.sqrt(np.sum(x * x, axis=axis))),
    ("forward", lambda x, axis: np.squeeze(scale(x, axis) * length(x / scale(x, axis), axis), axis)),
    ("vjp", lambda y_bar, y, x, axis: (spread(y_bar, axis) * over(x, length, axis),)),
    ("jvp", lambda x_dot, y, x, axis: np.sum(x_dot * over(x, length, axis), axis=axis)),
]
"""Part, and another kernel that is right over the reals."""

WRONG: list[tuple[str, Kernel]] = [
    ("forward", lambda x, axis: np.sum(np.abs(x), axis=axis)),
    ("forward", lambda x, axis: np.max(np.abs(x), axis=axis)),
    ("forward", lambda x, axis: np.sqrt(np.sum(x * x, axis=axis) / x.shape[axis])),
    ("forward", lambda x, axis: np.sum(x * x, axis=axis)),
    ("forward", lambda x, axis: np.squeeze(length(x / scale(x, axis), axis), axis)),
    ("forward", lambda x, axis: np.sqrt(1e-12 + np.sum(x * x, axis=axis))),
    ("vjp", lambda y_bar, y, x, axis: (spread(y_bar, axis) * x,)),
    ("vjp", lambda y_bar, y, x, axis: (spread(y_bar, axis) * over(x, squares, axis),)),
    ("vjp", lambda y_bar, y, x, axis: (spread(y_bar, axis) * over(x, length, axis) / 2,)),
    ("vjp", lambda y_bar, y, x, axis: (spread(y_bar, axis) * over(np.abs(x), length, axis),)),
    ("vjp", lambda y_bar, y, x, axis: (spread(y_bar, axis) * over(x, length, axis, at_zeros=1),)),
    ("vjp", lambda y_bar, y, x, axis: (spread(y_bar, axis) * x / np.sqrt(squares(x, axis) + 1e-12),)),
    ("jvp", lambda x_dot, y, x, axis: np.sum(x_dot * x, axis=axis)),
    ("jvp", lambda x_dot, y, x, axis: np.sum(x_dot * over(x, length, axis, at_zeros=1), axis=axis)),
    ("jvp", lambda x_dot, y, x, axis: np.sqrt(np.sum(x_dot * x_dot, axis=axis))),
]
"""Part, and a kernel that is wrong somewhere."""

IDS, OTHERS = ([f"{part} {place}" for place, (part, _kernel) in enumerate(each)] for each in (WRONG, RIGHT))


def at_all_shapes(part: str, kernel: Kernel) -> list[Any]:
    plane = [pattern for pattern in patterns("norm") if len(pattern.shapes[0]) == 2]
    return [decide_all_shapes(replace(lemma("norm", Whole(part), pattern, TORCHLEAN), **{part: kernel})) for pattern in plane]


@pytest.mark.parametrize(("part", "kernel"), WRONG, ids=IDS)
def test_a_wrong_kernel_is_refuted_at_all_shapes(part: str, kernel: Kernel) -> None:
    assert all(isinstance(decision, Fails) for decision in at_all_shapes(part, kernel))


@pytest.mark.parametrize(("part", "kernel"), WRONG, ids=IDS)
def test_a_wrong_kernel_is_refuted_at_an_instance(part: str, kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NORM, f"{part}_kernel", kernel)
    rule = RuleInstance("norm", ((2, 3),), {"axis": 1})
    assert isinstance(RuleCheck(rule, exact_semantics()).verdict(Part(part)), Refuted)


@pytest.mark.parametrize(("part", "kernel"), RIGHT, ids=OTHERS)
def test_another_right_kernel_is_proved(part: str, kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(isinstance(decision, Holds) for decision in at_all_shapes(part, kernel))
    monkeypatch.setattr(NORM, f"{part}_kernel", kernel)
    rule = RuleInstance("norm", ((2, 3),), {"axis": 0})
    assert isinstance(RuleCheck(rule, exact_semantics()).verdict(Part(part)), Proved)


@pytest.mark.parametrize("name", CONVENTIONS)
@pytest.mark.parametrize("part", OWED)
def test_every_convention_declares_a_slope_of_0_at_a_vector_of_zeros(name: str, part: Part) -> None:
    rule = RuleInstance("norm", ((3, 2),), {"axis": 0})
    assert isinstance(RuleCheck(rule, exact_semantics(CONVENTIONS[name])).verdict(part), Proved)
    pattern = Pattern((("s_0", "s_1"),), (("axis", 1),))
    verdict = lemma_verdict("norm", part, pattern, CONVENTIONS[name])
    assert isinstance(verdict, Proved)
    assert not any("no derivative is owed" in each for each in verdict.proof.assumptions)


@pytest.mark.parametrize("name", CONVENTIONS)
def test_another_slope_there_is_refuted_as_one_at_a_kink(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NORM, "vjp_kernel", lambda g, y, x, axis: (spread(g, axis) * over(x, length, axis, at_zeros=1),))
    verdict = RuleCheck(RuleInstance("norm", ((2, 3),), {"axis": 1}), exact_semantics(CONVENTIONS[name])).verdict(Part.VJP)
    assert isinstance(verdict, Refuted)
    assert verdict.reason is RefutedReason.KINK


def test_it_is_checked_at_vectors_of_no_entry_of_one_and_of_five_and_along_every_axis() -> None:
    rules = list(instances("norm"))
    assert {0, 1, 2, 3, 5} <= {rule.shapes[0][rule.attributes["axis"]] for rule in rules}
    assert {0, 1, 2, 3} == {rule.attributes["axis"] for rule in rules}


@pytest.mark.parametrize(("number", "reach"), [(np.float64, 1000), (np.float32, 120)])
def test_no_scale_takes_it_out_of_range(number: type, reach: int) -> None:
    for exponent in range(-reach, reach, 40):
        x = np.ldexp(np.array([[3, -4, 0], [5, 0, 12]], dtype=number), exponent).astype(number)
        y = NORM.forward_kernel(x, axis=1)
        (x_bar,) = NORM.vjp_kernel(np.ones_like(y), y, x, axis=1)
        assert y.dtype == x_bar.dtype == number
        assert np.allclose(y / np.ldexp(number(1), exponent), [5, 13], rtol=8 * np.finfo(number).eps, atol=0)
        assert np.allclose(x_bar, [[0.6, -0.8, 0], [5 / 13, 0, 12 / 13]], rtol=8 * np.finfo(number).eps, atol=0)
        assert np.allclose(NORM.jvp_kernel(np.ones_like(x), y, x, axis=1), [-0.2, 17 / 13], rtol=8 * np.finfo(number).eps, atol=0)


def test_where_the_norm_is_beyond_all_numbers_or_below_the_normal_ones_its_slope_is_right() -> None:
    for size in (np.finfo(np.float64).max, 5e-324):
        x = np.full(4, size)
        with np.errstate(over="ignore"):
            y = NORM.forward_kernel(x, axis=0)
        assert y in (np.inf, 1e-323)
        assert np.array_equal([0.5] * 4, NORM.vjp_kernel(np.ones(()), y, x, axis=0)[0])


def test_a_vector_of_zeros_or_of_nothing_has_norm_and_slopes_0() -> None:
    for shape in ((2, 3), (2, 0)):
        x = np.zeros(shape)
        y = NORM.forward_kernel(x, axis=1)
        assert np.array_equal(np.zeros(2), y)
        assert np.array_equal(x, NORM.vjp_kernel(np.ones(2), y, x, axis=1)[0])
        assert np.array_equal(np.zeros(2), NORM.jvp_kernel(np.ones(shape), y, x, axis=1))


def test_what_is_no_number_stays_none() -> None:
    x = np.array([1.0, np.nan, 0.0])
    y = NORM.forward_kernel(x, axis=0)
    assert np.isnan(y)
    assert np.all(np.isnan(NORM.vjp_kernel(np.ones(()), y, x, axis=0)[0]))
    assert np.isnan(NORM.jvp_kernel(np.ones(3), y, x, axis=0))


def test_an_axis_that_is_none_is_refused() -> None:
    for infer in (NORM.shape, definition_of("norm").shape):
        assert (0,) == infer((0, 3), axis=1)
        assert (3,) == infer((0, 3), axis=0)
        for axis in (-1, 2):
            with pytest.raises(BackproofError, match="axis"):
                infer((0, 3), axis=axis)
