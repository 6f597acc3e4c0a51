"""Running sums and products: right at every pattern of zeros, and faults as people make them are refuted."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.kernel.verdict import Proved, Refuted, RefutedReason, Verdict
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import RuleInstance
from backproof.equivalence.rules.parts import Part
from backproof.runtime import primitives as _primitives  # noqa: F401 - fills the registry
from backproof.runtime.primitive import ShapeMismatch, primitive_of
from backproof.spec import definitions as _definitions  # noqa: F401 - fills the registry
from backproof.spec.definition import ShapeMismatch as SpecMismatch
from backproof.spec.definition import definition_of


def verdict(op: str, shape: tuple[int, ...], part: Part, **attributes: Any) -> Verdict:
    return RuleCheck(RuleInstance(op, (shape,), attributes), exact_semantics()).verdict(part)


def without(x: Any, place: int) -> float:
    """The product of the other entries."""
    return float(np.prod(np.delete(x, place)))


@pytest.mark.parametrize("n", range(1, 7))
def test_products_are_right_at_every_pattern_of_zeros(n: int) -> None:
    stream = np.random.default_rng(n)
    whole, running = primitive_of("prod"), primitive_of("cumprod")
    for zeros in itertools.product((0, 1), repeat=n):
        x = np.array(zeros) * stream.choice((-2.0, -1.0, 0.5, 3.0), n)
        x_dot, y_bar = stream.integers(-4, 5, (2, n)) / 2.0
        y = whole.forward_kernel(x)
        slopes = np.array([without(x, place) for place in range(n)])
        assert np.array_equal(slopes, whole.vjp_kernel(np.ones_like(y), y, x)[0])
        assert np.sum(slopes * x_dot) == whole.jvp_kernel(x_dot, y, x)
        y = running.forward_kernel(x, axis=0)
        steps = np.array([[without(x[: k + 1], i) if i <= k else 0 for i in range(n)] for k in range(n)])
        assert np.array_equal(y_bar @ steps, running.vjp_kernel(y_bar, y, x, axis=0)[0])
        assert np.array_equal(steps @ x_dot, running.jvp_kernel(x_dot, y, x, axis=0))


@pytest.mark.parametrize("op", ["cumsum", "cumprod", "prod"])
def test_an_axis_that_is_not_there_is_an_error(op: str) -> None:
    for axis in (-1, 2):
        with pytest.raises(ShapeMismatch):
            primitive_of(op).shape((2, 3), axis=axis)
        with pytest.raises(SpecMismatch):
            definition_of(op).infer_shape([(2, 3)], {"axis": axis})


def prod_by_division(y_bar: Any, y: Any, x: Any, axis: int) -> tuple[Any]:
    return (np.expand_dims(y_bar * y, axis) / x,)


def prod_by_division_where_it_can(y_bar: Any, y: Any, x: Any, axis: int) -> tuple[Any]:
    safe = np.where(x == 0, 1, x)
    return (np.where(x == 0, 0, np.expand_dims(y_bar * y, axis) / safe),)


def prod_of_what_is_not_zero(y_bar: Any, y: Any, x: Any, axis: int) -> tuple[Any]:
    """Right with one zero: the product of the others; wrong with two, where every derivative is 0."""
    safe = np.where(x == 0, 1, x)
    others = np.prod(safe, axis=axis, keepdims=True) / safe
    any_zero = np.expand_dims(y == 0, axis)
    return (np.expand_dims(y_bar, axis) * np.where(x == 0, others, np.where(any_zero, 0, others)),)


def cumprod_right_with_one_zero(y_bar: Any, y: Any, x: Any, axis: int) -> tuple[Any]:
    """Sums over each stretch that the first zero ends; what lies behind a second zero is taken for what it is not."""
    n = x.shape[axis]
    x_bar = np.zeros_like(x)
    for i in range(n):
        for k in range(i, n):
            others = [j for j in range(k + 1) if j != i]
            part = np.ones_like(y_bar[0])
            for j in others:
                part = part * np.where((x[j] == 0) & (x[i] == 0), 1, x[j])
            x_bar[i] += y_bar[k] * part
    return (x_bar,)


def reverse_off_by_one(y_bar: Any, y: Any, x: Any, axis: int) -> tuple[Any]:
    """Σ_{k>i} for Σ_{k>=i}."""
    return (np.flip(np.cumsum(np.flip(y_bar, axis), axis=axis), axis) - y_bar,)


def forward_for_reverse(y_bar: Any, y: Any, x: Any, axis: int) -> tuple[Any]:
    return (np.cumsum(y_bar, axis=axis),)


FAULTS = [
    ("prod", prod_by_division, (3,)),
    ("prod", prod_by_division_where_it_can, (3,)),
    ("prod", prod_of_what_is_not_zero, (3,)),
    ("cumprod", cumprod_right_with_one_zero, (3,)),
    ("cumsum", reverse_off_by_one, (4,)),
    ("cumsum", forward_for_reverse, (2, 3)),
]


@pytest.mark.parametrize(("op", "vjp", "shape"), FAULTS, ids=lambda each: getattr(each, "__name__", ""))
def test_a_fault_is_refuted(replaced: Callable[..., None], op: str, vjp: Any, shape: tuple[int, ...]) -> None:
    replaced(op, vjp=vjp)
    for part in (Part.VJP, Part.ADJOINT):
        found = verdict(op, shape, part, axis=0)
        assert isinstance(found, Refuted)
        assert found.reason is RefutedReason.WRONG


def test_a_product_of_two_by_division_is_right_where_nothing_is_zero_and_not_proved(replaced: Callable[..., None]) -> None:
    replaced("prod", vjp=lambda y_bar, y, x, axis: (np.where(x > 0, prod_by_division(y_bar, y, x, axis)[0], 0),))
    assert not isinstance(verdict("prod", (2,), Part.VJP, axis=0), Proved)


def test_another_right_way_to_differentiate_a_running_product_is_proved(replaced: Callable[..., None]) -> None:
    def by_matrix(y_bar: Any, y: Any, x: Any, axis: int) -> tuple[Any]:
        n = x.shape[0]
        x_bar = np.zeros_like(x)
        for i in range(n):
            for k in range(i, n):
                x_bar[i] += y_bar[k] * np.prod(x[:i]) * np.prod(x[i + 1 : k + 1])
        return (x_bar,)

    replaced("cumprod", vjp=by_matrix)
    assert isinstance(verdict("cumprod", (4,), Part.VJP, axis=0), Proved)
