"""Places of largest entries, −∞ and running sums on exact scalars: what numpy's float run finds at the same numbers."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from backproof.equivalence.kernel.numbers.exact import Exact
from backproof.equivalence.kernel.scalars.array import array_of, entries_of
from backproof.equivalence.kernel.scalars.explorer import explore
from backproof.equivalence.kernel.scalars.mask import Unsupported
from backproof.equivalence.kernel.scalars.place import Place
from backproof.equivalence.kernel.scalars.term import Pool, Term

Array = Any
Kernel = Callable[..., Any]


def padded(x: Array) -> Array:
    return np.pad(x, [(0, 0), (1, 1)], constant_values=-np.inf)


KERNELS: dict[str, Kernel] = {
    "maximum with the lowest": lambda x: np.maximum(np.maximum(-np.inf, x), np.array(-np.inf)),
    "compared with the lowest": lambda x: np.where(x > -np.inf, x, 7) + np.where(-np.inf >= x, 7, x),
    "the lowest is the lowest": lambda x: np.where(np.maximum(x - x, -np.inf) == -np.inf, 1, 0) + (x * 0 + 1),
    "argmax": lambda x: np.argmax(x, axis=1) == np.array([0, 1]),
    "argmax of all": lambda x: np.where(np.argmax(x) == 1, x, 0),
    "argmin": lambda x: np.argmin(x, axis=1) == np.array([0, 1]),
    "argmin of all": lambda x: np.where(np.argmin(x) == 1, x, 0),
    "argmax keeps dims": lambda x: np.where(x.argmax(axis=0, keepdims=True) != 0, x, 0),
    "argmax as an index": lambda x: x[np.argmax(x, axis=0), 0],
    "argmax among the lowest": lambda x: np.argmax(padded(x), axis=1) == 1,
    "take_along_axis": lambda x: np.take_along_axis(2 * x, np.argmax(x, axis=1, keepdims=True), axis=1),
    "put_along_axis": lambda x: np.put_along_axis(x, np.argmax(x, axis=0, keepdims=True), 9, axis=0) or x,
    "cumsum": lambda x: np.cumsum(x, axis=1) + np.cumsum(x, axis=0),
    "cumprod": lambda x: np.cumprod(x, axis=1),
    "flip": lambda x: np.flip(x, 1) + np.flip(x, (0, 1)),
    "windows": lambda x: np.lib.stride_tricks.sliding_window_view(x, 2, axis=1)[:, ::2],
    "largest of windows": lambda x: np.max(np.lib.stride_tricks.sliding_window_view(padded(x), 2, axis=1), axis=-1),
}


def undecided(_term: Term, _signs: frozenset[int]) -> bool:
    raise AssertionError("a kernel without a branch asked for one")


def value(term: Any, known: dict[str, Fraction]) -> Fraction:
    """A term at given numbers, by what its kinds mean."""
    if not isinstance(term, Term):
        return Fraction(int(Pool(undecided).lift(term).data)) if not isinstance(term, Fraction | int) else Fraction(term)
    parts = [value(each, known) for each in term.arguments]
    match term.kind:
        case "number":
            return Fraction(term.data)
        case "variable":
            return known[term.data]
        case "add":
            return parts[0] + parts[1]
        case "mul":
            return parts[0] * parts[1]
        case "maximum":
            return max(parts)
        case "select":
            return parts[1] if parts[0] > 0 else parts[2] if parts[0] == 0 else parts[3]
    raise AssertionError(term.kind)


@pytest.mark.parametrize("name", KERNELS)
def test_decided_numbers_give_what_numpy_gives(name: str) -> None:
    """At every tie of six entries that are 0 or 1."""
    for numbers in itertools.product((0.0, 1.0), repeat=6):
        x = np.array(numbers).reshape(2, 3)
        kept = array_of((2, 3), map(Exact.of, numbers))
        wanted, came = KERNELS[name](x), KERNELS[name](kept)
        assert wanted.shape == came.shape
        assert [*map(float, wanted.ravel())] == [float(str(Exact.of(entry))) for entry in entries_of(came)]


@pytest.mark.parametrize("name", sorted(set(KERNELS) - {"argmax as an index"}))
def test_symbols_give_at_every_tie_what_numpy_gives_there(name: str) -> None:
    pool = Pool(undecided)
    came = KERNELS[name](array_of((2, 3), map(pool.variable, "abcdef")))
    for numbers in itertools.product((0.0, 1.0), repeat=6):
        known = {letter: Fraction(number) for letter, number in zip("abcdef", numbers, strict=True)}
        wanted = KERNELS[name](np.array(numbers).reshape(2, 3))
        assert [*map(Fraction, map(float, wanted.ravel()))] == [
            value(pool.lift(entry), known) for entry in entries_of(came)
        ]


def test_a_place_used_as_an_index_is_decided_every_way() -> None:
    paths = [*explore(lambda pool: int(np.argmax(array_of((3,), map(pool.variable, "abc"))).view(np.ndarray)[()].__index__()))]
    assert [0, 1, 2] == sorted(path.result for path in paths)


REFUSED: dict[str, Kernel] = {
    "a sum with the lowest": lambda x: x + -np.inf,
    "a product with the lowest": lambda x: padded(x) * 2 + padded(x)[:, ::-1] * x[0, 0],
    "a choice of the lowest by a value": lambda x: np.where(x > x[0, 0], x, -np.inf),
    "an order of places": lambda x: np.argmax(x, axis=1) > 1,
    "a sum of places": lambda x: np.argmax(x, axis=1) + 1,
    "a place compared with a value": lambda x: np.argmax(x, axis=1) == x[:, 0],
    "places along another axis": lambda x: np.take_along_axis(x, np.argmax(x, axis=0, keepdims=True), axis=1),
    "places of a longer line": lambda x: np.take_along_axis(x, np.argmax(padded(x), axis=1, keepdims=True), axis=1),
    "a larger infinity": lambda x: np.maximum(x, np.inf),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_meaning_is_refused(name: str) -> None:
    with pytest.raises(Unsupported):
        REFUSED[name](array_of((2, 3), map(Pool(undecided).variable, "abcdef")))


def test_the_lowest_is_no_result_of_a_kernel() -> None:
    pool = Pool(undecided)
    with pytest.raises(Unsupported, match="not a real number"):
        [*map(pool.lift, entries_of(padded(array_of((1, 1), [pool.variable("a")]))))]


def test_an_empty_line_has_no_largest() -> None:
    for x in (np.zeros((2, 0)), array_of((2, 0), [])):
        with pytest.raises(ValueError, match="empty"):
            np.argmax(x, axis=1)


def test_a_place_out_of_range_is_never_met() -> None:
    place = Place([])
    assert bool(place == 0)
    assert bool(place != 1)
    assert not bool(place == -1)
