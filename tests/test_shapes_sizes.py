"""Claims over unknown integers: attributes that are any, sizes that the shape rule refuses, and quotients of sizes."""

from __future__ import annotations

from typing import Any

import pytest
from backproof.equivalence.kernel.decision import Fails, Holds, Open, UnknownReason
from backproof.equivalence.kernel.shapes import AllShapes, AnyInteger, Part, decide_all_shapes
from backproof.ir.graph import BackproofError

START, LENGTH = AnyInteger("start", 0), AnyInteger("length", 1)


def nowhere(*_operands: Any, **_attributes: Any) -> tuple[()]:
    return ()


def slice_shape(x: Any, start: Any, length: Any) -> Any:
    if start + length > x[0]:
        raise BackproofError("the slice reaches out of range")
    return (length,)


def slice_formula(x: Any, i: Any, start: Any, length: Any) -> Any:
    return x[i + start]


def half_shape(x: Any) -> Any:
    return ((x[0] + 1) // 2,)


def half_formula(x: Any, i: Any) -> Any:
    return x[i + x.size(0) // 2]


def claim(attributes: dict[str, Any], formula: Any, shape: Any, kernel: Any) -> AllShapes:
    return AllShapes(
        "op", Part.FORWARD, (("n",),), attributes, formula, nowhere, "ℝ", shape, {}, kernel, kernel, kernel
    )


def of_slice(kernel: Any, shape: Any = slice_shape) -> Any:
    return decide_all_shapes(claim({"start": START, "length": LENGTH}, slice_formula, shape, kernel))


def test_a_slice_is_proved_for_every_start_and_length_that_fits() -> None:
    decision = of_slice(lambda x, start, length: x[start : start + length])
    assert isinstance(decision, Holds)
    assert "start >= 0" in decision.assumptions


@pytest.mark.parametrize(
    "kernel",
    [
        lambda x, start, length: x[start + 1 : start + length + 1],
        lambda x, start, length: x[:length],
        lambda x, start, length: x[start:][:length] if start != 1 else x[:length],
        lambda x, start, length: x[start : start + length] * (2 if length == 2 else 1),
    ],
)
def test_a_wrong_slice_is_refuted_at_small_sizes(kernel: Any) -> None:
    assert isinstance(of_slice(kernel), Fails)


def test_a_slice_wrong_at_one_large_start_is_not_proved() -> None:
    decision = of_slice(lambda x, start, length: x[:length] if start == 37 else x[start : start + length])
    assert not isinstance(decision, Holds)


def test_where_the_shape_rule_refuses_every_size_nothing_is_proved() -> None:
    def refusing(x: Any, start: Any, length: Any) -> Any:
        raise BackproofError("never")

    decision = of_slice(lambda x, start, length: x[start : start + length], refusing)
    assert isinstance(decision, Open)
    assert decision.reason is UnknownReason.VACUOUS


def test_a_quotient_of_sizes_is_rounded_down() -> None:
    decision = decide_all_shapes(claim({}, half_formula, half_shape, lambda x: x[x.shape[0] // 2 :]))
    assert isinstance(decision, Holds)


@pytest.mark.parametrize("kernel", [lambda x: x[: (x.shape[0] + 1) // 2], lambda x: x[x.shape[0] - x.shape[0] // 2 :]])
def test_a_quotient_that_is_rounded_otherwise_is_refuted(kernel: Any) -> None:
    assert isinstance(decide_all_shapes(claim({}, half_formula, half_shape, kernel)), Fails)
