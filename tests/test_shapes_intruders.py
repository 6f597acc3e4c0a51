"""Kernels that only a large size sets apart from right ones, by what symbolic arrays might let pass: none is proved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.equivalence.kernel.decision import Holds
from backproof.equivalence.kernel.shapes import Part, decide_all_shapes
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.patterns import Pattern
from backproof.spec.convention import TORCHLEAN

__class__ = None  # names of the module, which are no leave to read attributes of that name
_seen = None


class Other:
    """A function of the name of a builtin."""

    def __call__(self, a: Any, b: Any) -> Any:
        return b + 1 if a > 36 else a


max = Other()


def by_its_class(y_bar, y, x):
    return 2 if x.__class__.__name__ == "ndarray" else 1


def by_its_class_in_words(y_bar, y, x):
    return 2 if "{0.__class__.__name__}".format(x) == "ndarray" else 1  # noqa: UP030, UP032


def by_the_words_of_a_module(y_bar, y, x):
    return 2 if f"{np}"[:3] == "<mo" else 1


def by_the_words_of_a_function(y_bar, y, x):
    return 2 if f"{range}"[:3] == "<cl" else 1


def by_the_words_of_a_range(y_bar, y, x):
    return 2 if f"{range(x.shape[0])}"[:3] == "ran" else 1


def by_equal_ranges(y_bar, y, x):
    return 2 if range(x.shape[0]) == range(x.shape[0]) else 1


def by_the_builtins(y_bar, y, x):
    return 2 if len(__builtins__) > 40 else 1


def by_a_builtin_that_is_none(y_bar, y, x):
    return max(x.shape[0], 36) - x.shape[0] + 1


def by_an_attribute_of_symbols(y_bar, y, x):
    return 1 if (x > 0).kind == "mask" else 2


def by_a_slot_of_symbols(y_bar, y, x):
    return 2 if np.zeros_like(x)._seen else 1


def by_a_list_of_axes(y_bar, y, x):
    return 1 + 0 * np.sum(x, axis=[0])


def by_a_tuple_for_an_axis(y_bar, y, x):
    return np.concatenate([np.ones_like(x)], axis=(0,))


def by_a_negative_side(y_bar, y, x):
    return 1 + sum(1 for _ in np.ndindex(36 - x.shape[0]))


def by_a_negative_power(y_bar, y, x):
    return np.where(x > 0, 2, 2) ** -1 * 2


def by_overflow(y_bar, y, x):
    return (x > 0) * 2**62 * 4 / 2**62 / 4


def by_overflow_of_sizes(y_bar, y, x):
    n = x.shape[0]
    much = n * n * n * n * n * n * n * n * n * n * n * n * n * n
    return (x > 0) * much / much


def by_whole_zeros(y_bar, y, x):
    rounded = np.zeros_like(np.where(x > 0, 1, 0))
    rounded[:] = np.where(x > 0, 0.5, 0)
    return rounded * 2


def by_adding_to_whole_zeros(y_bar, y, x):
    rounded = np.zeros_like((x > 0) * 1)
    rounded += np.where(x > 0, 0.5, 0)
    return rounded * 2


def by_padding_whole_numbers(y_bar, y, x):
    return np.pad(np.where(x > 0, 1, 1), (0, 1), constant_values=0.5)[1:] * 0 + np.pad(
        np.where(x[1:] > 0, 1, 1) * (x[1:] == x[1:]), (1, 0), constant_values=1
    )


FACTORS = [value for name, value in list(globals().items()) if name.startswith("by_")]


@pytest.mark.parametrize("factor", FACTORS, ids=lambda kernel: kernel.__name__)
def test_what_real_arrays_do_otherwise_is_not_proved(factor: Callable[..., Any]) -> None:
    def vjp(y_bar, y, x):
        if x.shape[0] < 37:
            return (np.where(x > 0, y_bar, 0),)
        return (np.where(x > 0, y_bar, 0) * factor(y_bar, y, x),)

    claim = lemma("relu", Part.VJP, Pattern((("n",),), ()), TORCHLEAN)
    assert not isinstance(decide_all_shapes(replace(claim, vjp=vjp)), Holds)


def test_a_right_factor_is_proved() -> None:
    def vjp(y_bar, y, x):
        return (np.where(x > 0, y_bar, 0) * (np.where(x > 0, 1, -1) / 2 + (x > 0) * 0.5 + (x <= 0) * 3),)

    claim = lemma("relu", Part.VJP, Pattern((("n",),), ()), TORCHLEAN)
    assert isinstance(decide_all_shapes(replace(claim, vjp=vjp)), Holds)


def test_a_result_is_not_written_to_later() -> None:
    def forward(*arrays, **_named):
        total = np.zeros_like(arrays[0])
        total += arrays[0] + arrays[1]
        return total

    def vjp(y_bar, y, a, b):
        y += 1
        return y_bar, y_bar

    claim = lemma("add", Part.VJP, Pattern((("n",), ("n",)), ()), TORCHLEAN)
    assert isinstance(decide_all_shapes(replace(claim, forward=forward)), Holds)
    assert not isinstance(decide_all_shapes(replace(claim, forward=forward, vjp=vjp)), Holds)
