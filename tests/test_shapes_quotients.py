"""Quotients and remainders of indices at all sizes: formulas that use them are proved, and what differs is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from backproof.equivalence.kernel.decision import Fails, Holds, Open
from backproof.equivalence.kernel.shapes import AllShapes, AnyInteger, Part, decide_all_shapes
from backproof.spec.formula import exp, total

COPIES = AnyInteger("copies", 1)


def scalar(*_shapes: Any, **_attributes: Any) -> tuple[()]:
    return ()


def nowhere(*_operands: Any, **_attributes: Any) -> tuple[()]:
    return ()


def decided(part: Part, shapes: Any, attributes: Any, formula: Any, shape: Any, kernels: Any) -> Any:
    return decide_all_shapes(
        AllShapes("op", part, shapes, attributes, formula, nowhere, "ℝ", shape, {}, *kernels)
    )


def repeat_shape(x: Any, copies: Any) -> Any:
    return (x[0] * copies,)


def repeat(x: Any, i: Any, copies: Any) -> Any:
    return x[i // copies]


REPEAT = (
    lambda x, copies: np.repeat(x, copies, axis=0),
    lambda g, y, x, copies: (np.sum(g.reshape((x.shape[0], copies)), axis=1),),
    lambda t, y, x, copies: np.repeat(t, copies, axis=0),
)


def tile(x: Any, i: Any, copies: Any) -> Any:
    return x[i % x.size(0)]


TILE = (
    lambda x, copies: np.tile(x, copies),
    lambda g, y, x, copies: (np.sum(g.reshape((copies, x.shape[0])), axis=0),),
    lambda t, y, x, copies: np.tile(t[None], (1, copies))[0],
)


@pytest.mark.parametrize("part", Part)
@pytest.mark.parametrize(("formula", "kernels"), [(repeat, REPEAT), (tile, TILE)])
def test_copies_of_entries_and_of_a_whole_are_quotients_and_remainders(part: Part, formula: Any, kernels: Any) -> None:
    assert isinstance(decided(part, (("n",),), {"copies": COPIES}, formula, repeat_shape, kernels), Holds)


@pytest.mark.parametrize("part", [Part.FORWARD, Part.VJP, Part.JVP])
def test_one_kind_of_copy_is_refuted_for_the_other(part: Part) -> None:
    assert isinstance(decided(part, (("n",),), {"copies": COPIES}, repeat, repeat_shape, TILE), Fails)
    assert isinstance(decided(part, (("n",),), {"copies": COPIES}, tile, repeat_shape, REPEAT), Fails)


def flat_shape(x: Any) -> Any:
    return (x[0] * x[1],)


FLAT = [
    lambda x, i: x[i // x.size(1), i % x.size(1)],
    lambda x, i: x[i // x.size(1), i - i // x.size(1) * x.size(1)],
    lambda x, i: exp(x[i // x.size(1), i % x.size(1)]) * 0 + x[i // x.size(1), i % x.size(1)],
    lambda x, i: x[(i + x.count * 2) // x.size(1) - 2 * x.size(0), (i + x.count * 2) % x.size(1)],
]


@pytest.mark.parametrize("formula", FLAT)
def test_row_major_order_is_proved_however_it_is_written(formula: Any) -> None:
    kernels = [lambda x: x.reshape((x.size,))] * 3
    assert isinstance(decided(Part.FORWARD, (("m", "n"),), {}, formula, flat_shape, kernels), Holds)


WRONG = [
    lambda x: x.T.reshape((x.size,)),
    lambda x: x.reshape((x.size,))[::-1],
    lambda x: x.reshape((x.shape[1], x.shape[0])).T.reshape((x.size,)),
    lambda x: np.tile(x[0], x.shape[0]),
    lambda x: np.repeat(x[:, 0], x.shape[1], axis=0),
]


@pytest.mark.parametrize("kernel", WRONG)
def test_another_order_is_refuted(kernel: Any) -> None:
    assert isinstance(decided(Part.FORWARD, (("m", "n"),), {}, FLAT[0], flat_shape, [kernel] * 3), Fails)


NOT_SHOWN = [
    lambda x: x.reshape((x.size,)) if x.shape[0] != 37 else x.T.reshape((x.size,)),
    lambda x: x.reshape((x.size,)) if x.shape[0] * x.shape[1] < 1000 else x.T.reshape((x.size,)),
    lambda x: x.reshape((x.shape[1], x.shape[0])).reshape((x.size,)) * (1 if x.size != 77 else 2),
]


@pytest.mark.parametrize("kernel", NOT_SHOWN)
def test_an_order_wrong_at_large_sizes_alone_is_not_proved(kernel: Any) -> None:
    assert not isinstance(decided(Part.FORWARD, (("m", "n"),), {}, FLAT[0], flat_shape, [kernel] * 3), Holds)


def test_a_quotient_of_a_bound_index_belongs_to_its_sum() -> None:
    def formula(x: Any, copies: Any) -> Any:
        return total(lambda k: x[k] * x[(k + 1) // copies], x.size(0))

    def kernel(x: Any, copies: Any) -> Any:
        return np.sum(x * np.repeat(x, copies, axis=0)[1 : x.shape[0] + 1])

    shapes, attributes = (("n",),), {"copies": AnyInteger("copies", 2)}
    assert isinstance(decided(Part.FORWARD, shapes, attributes, formula, scalar, [kernel] * 3), Holds)

    def other(x: Any, copies: Any) -> Any:
        return np.sum(x) * np.sum(np.repeat(x, copies, axis=0)[1 : x.shape[0] + 1])

    assert isinstance(decided(Part.FORWARD, shapes, attributes, formula, scalar, [other] * 3), Fails)


def test_a_branch_on_a_quotient_of_an_index_is_not_decided() -> None:
    def branching(x: Any, i: Any) -> Any:
        return x[i // x.size(1), 0] if i // x.size(1) > 0 else x[0, 0]

    decision = decided(Part.FORWARD, (("m", "n"),), {}, branching, flat_shape, [lambda x: x.reshape((x.size,))] * 3)
    assert not isinstance(decision, Holds)


def test_a_quotient_by_an_index_is_not_decided() -> None:
    decision = decided(
        Part.FORWARD, (("m", "n"),), {}, lambda x, i: x[0, 0] * (7 // (i + 1)), flat_shape, [lambda x: x.reshape((x.size,))] * 3
    )
    assert isinstance(decision, Open | Fails)
