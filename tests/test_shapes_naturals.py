"""Questions about unknown sizes and naturals: no answer but a decided one, and lists are bounded where that was asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from backproof.equivalence.kernel.decision import Holds
from backproof.equivalence.kernel.shapes import AllShapes, Naturals, Part, decide_all_shapes
from backproof.ir.graph import BackproofError
from backproof.spec.formula import below, length

Kernel = Callable[..., Any]


def nowhere(*_operands: Any, **_attributes: Any) -> tuple[()]:
    return ()


def decided(shape: Any, kernel: Kernel) -> Any:
    """Whether reading x at the indices is proved of a forward kernel."""
    return decide_all_shapes(
        AllShapes(
            "op", Part.FORWARD, (("n",),), {"indices": Naturals("k")}, lambda x, t, indices: x[indices[t]], nowhere,
            "ℝ", shape, {}, kernel, kernel, kernel,
        )
    )  # fmt: skip


def bounded(x: Any, indices: Any) -> Any:
    if not below(indices, x[0]):
        raise BackproofError(f"{indices} reach beyond {x[0]}")
    return (length(indices),)


def bounded_by_one_less(x: Any, indices: Any) -> Any:
    if not below(indices, x[0] - 1):
        raise BackproofError("too large")
    return (length(indices),)


def free(x: Any, indices: Any) -> Any:
    return (length(indices),)


def read(x: Any, indices: Any) -> Any:
    return x[np.array(indices, dtype=np.intp)]


def read_by_take(x: Any, indices: Any) -> Any:
    return np.take(x, np.array(indices, dtype=np.intp), axis=0)


def chosen_first(x: Any, indices: Any) -> Any:
    asked = np.array(indices, dtype=np.intp)
    return x[np.where(asked < x.shape[0], asked, 0)]


@pytest.mark.parametrize("kernel", [read, read_by_take, chosen_first])
@pytest.mark.parametrize("shape", [bounded, bounded_by_one_less])
def test_indices_that_the_shape_rule_bounds_need_no_check_by_the_kernel(shape: Any, kernel: Kernel) -> None:
    assert isinstance(decided(shape, kernel), Holds)


@pytest.mark.parametrize("kernel", [read, read_by_take])
def test_indices_that_may_be_out_of_range_are_not_read(kernel: Kernel) -> None:
    assert not isinstance(decided(free, kernel), Holds)


def one_further(x: Any, indices: Any) -> Any:
    return x[1:][np.array(indices, dtype=np.intp)]


def too_few_are_known(x: Any, indices: Any) -> Any:
    return x[: x.shape[0] - 1][np.array(indices, dtype=np.intp)]


@pytest.mark.parametrize("kernel", [one_further, too_few_are_known])
def test_a_bound_says_nothing_of_a_smaller_size(kernel: Kernel) -> None:
    assert not isinstance(decided(bounded, kernel), Holds)


def by_its_length(x: Any, indices: Any) -> Any:
    match indices:
        case (_, _, _, _, _, _, _, _, _):
            return read(x, indices) * 2
    return read(x, indices)


WRONG_AT_37: list[Kernel] = [
    lambda x, indices: read(x, indices) * (2 if (x.shape[0] == 37) == True else 1),
    lambda x, indices: read(x, indices) * (1 if (x.shape[0] == 37) != True else 2),
    lambda x, indices: read(x, indices) * (2 if (x.shape[0] == 37) in (True,) else 1),
    lambda x, indices: read(x, indices) * (2 if [True].count(x.shape[0] == 37) else 1),
    lambda x, indices: read(x, indices) * (1 if (x.shape[0] > 36) == (x.shape[0] > 37) else 2),
    lambda x, indices: read(x, indices) * (1 if indices[0] < 37 else 2),
    lambda x, indices: read(x, indices) * (1 if indices[0] < 37 or indices[0] == 38 else 2),
    lambda x, indices: read(x, indices) * (2 if (indices[0] == 37) == 1 else 1),
    lambda x, indices: read(x, indices) * (2 if indices[0] in (37,) else 1),
    lambda x, indices: read(x, indices) * (2 if max(x.shape[0], 36) == 37 else 1),
    lambda x, indices: read(x, indices) * {True: 2}.get(x.shape[0] == 37, 1),
    lambda x, indices: read(x, indices) * (2 if f"{indices}" == "" else 1),
    lambda x, indices: read(x, indices) * (2 if f"{x.shape[0] == 37}" == "True" else 1),
    lambda x, indices: read(x, indices) * (2 if "%s" % (x.shape[0] == 37) == "True" else 1),
    lambda x, indices: read(x, indices) * (2 if slice(x.shape[0]) == slice(37) else 1),
    lambda x, indices: read(x, indices) * (2 if indices[-1] < 37 else 1),
    by_its_length,
]


@pytest.mark.parametrize("kernel", WRONG_AT_37)
def test_a_kernel_cannot_tell_an_unknown_size_or_natural_from_known_ones(kernel: Kernel) -> None:
    assert not isinstance(decided(bounded, kernel), Holds)
