"""Boolean attributes of any content: what kernels and formulas say of them at all sizes is what numpy does, or is refused."""

from __future__ import annotations

import itertools
import random

import flint
import numpy as np
import pytest
from backproof.equivalence.kernel.decision import Fails, Holds
from backproof.equivalence.kernel.shapes import AllShapes, AnyMask, Part, decide_all_shapes
from backproof.equivalence.kernel.shapes.algebra import ONE, summed
from backproof.equivalence.kernel.shapes.arrays import Array
from backproof.equivalence.kernel.shapes.atoms import entry, exp
from backproof.equivalence.kernel.shapes.booleans import Flags
from backproof.equivalence.kernel.shapes.case import Case
from backproof.equivalence.kernel.shapes.equality import vanishes
from backproof.equivalence.kernel.shapes.kernels import symbolic
from backproof.equivalence.kernel.shapes.polynomial import (
    Fresh,
    Unsupported,
    indices,
    integer,
    least,
    variable,
    within,
)
from backproof.equivalence.kernel.shapes.replay import differs
from backproof.equivalence.kernel.shapes.values import Point
from backproof.ir.graph import Dense
from backproof.spec.formula import exp as e_to
from backproof.spec.formula import total, where
from backproof.spec.masks import allowed, allows_any

M, N = variable("m"), variable("n")
FACTS = frozenset(least(size - integer(1)) for size in (M, N))
CASE = Case((), FACTS, {})


def matrix(mask):
    return np.array(mask.entries, dtype=np.bool_).reshape(mask.shape)


WORDS = [
    lambda x, mask: np.where(matrix(mask), x, 2),
    lambda x, mask: np.where(~matrix(mask), x, -x),
    lambda x, mask: x * matrix(mask) - (1 - matrix(mask)),
    lambda x, mask: np.where(np.any(matrix(mask), axis=-1, keepdims=True), x, 0),
    lambda x, mask: np.where(matrix(mask) | ~np.any(matrix(mask), axis=1, keepdims=True), x, -1),
    lambda x, mask: np.where(matrix(mask) & np.any(matrix(mask), axis=-1, keepdims=True), x, 5),
    lambda x, mask: np.where(matrix(mask) & ~np.any(matrix(mask), axis=-1, keepdims=True), x, 5),
    lambda x, mask: np.sum(np.where(matrix(mask), np.exp(np.where(matrix(mask), x, -x)), 0), axis=1),
    lambda x, mask: np.max(np.where(matrix(mask), x, np.min(x, axis=-1, keepdims=True)), axis=-1),
]


@pytest.mark.parametrize("word", WORDS)
def test_a_word_on_a_mask_of_any_content_means_what_numpy_does(word) -> None:
    result = symbolic(word, [Array(CASE, (M, N), lambda i: entry("x", i)), Flags(CASE, "mask", M, N)], {})
    stream = random.Random(2)
    for m, n, density in itertools.product((1, 2, 3), (1, 2, 3), (0.0, 0.3, 0.8, 1.0)):
        x, flags = (np.empty((m, n), dtype=object) for _ in range(2))
        for index in np.ndindex(m, n):
            x[index], flags[index] = flint.arb(stream.choice((-2, 0.5, 1, 3))), flint.arb(stream.random() < density)
        dense = Dense((m, n), tuple(float(int(flag > 0)) for flag in flags.flat))
        expected = np.asarray(word(x, dense), dtype=object)
        assert not differs([(result.sides, result.entry)], [expected], Point({"m": m, "n": n}, {"x": x, "mask": flags}))


@pytest.mark.parametrize(
    "word",
    [
        lambda x, mask: np.array(mask.entries, dtype=np.bool_).reshape(mask.shape[::-1]),
        lambda x, mask: np.array(mask.entries, dtype=np.intp),
        lambda x, mask: np.any(matrix(mask), axis=0, keepdims=True),
        lambda x, mask: np.any(matrix(mask), axis=-1, keepdims=False),
        lambda x, mask: np.any(~matrix(mask), axis=-1, keepdims=True),
        lambda x, mask: np.any(x > 0, axis=-1, keepdims=True),
        lambda x, mask: np.sum(matrix(mask)),
        lambda x, mask: x if mask.entries[0] else -x,
        lambda x, mask: x if mask.shape[0] == sum(mask.entries) else -x,
        lambda x, mask: x if matrix(mask)[0] else -x,
        lambda x, mask: x / np.sum(np.where(matrix(mask), np.exp(x), 0)),
        lambda x, mask: x / np.where(matrix(mask), x, 1),
    ],
)
def test_a_use_of_a_mask_without_a_meaning_is_refused(word) -> None:
    with pytest.raises(Unsupported):
        result = symbolic(word, [Array(CASE, (M, N), lambda i: entry("x", i)), Flags(CASE, "mask", M, N)], {})
        result.entry(indices(result.sides)[0])


def test_flags_are_idempotent_and_an_empty_row_has_none() -> None:
    flags = Flags(CASE, "mask", M, N)
    one = flags.__formula__("flag", flags, 1, 2).value
    other_row = flags.__formula__("flag", flags, 2, 2).value
    empty = ONE - flags.__formula__("any flag", flags, 1).value
    assert one * one == one
    assert not (one * empty).terms
    assert (other_row * empty).terms
    assert empty * empty == empty
    x = entry("s", ())
    assert one * exp(one * x) == one * exp(x)
    assert one * exp(empty * x) == one
    assert empty * exp(one * x) == empty
    assert other_row * exp(one * x) != other_row * exp(x)


def test_what_is_summed_over_flags_and_over_an_empty_row_together_is_positive() -> None:
    def divided(kept) -> None:
        name = Fresh()
        body = exp(entry("x", (integer(0), variable(name)))) * kept(variable(name))
        CASE.require_nonzero(summed(body, (name,), within(name, N)))

    flags = Flags(CASE, "mask", M, N)
    nothing = ONE - flags.__formula__("any flag", flags, 0).value
    divided(lambda j: flags._flag(integer(0), j) + nothing)
    for lacking in (
        lambda j: flags._flag(integer(0), j),
        lambda j: nothing,
        lambda j: flags._flag(integer(1), j) + nothing,
        lambda j: flags._flag(j, integer(0)) + nothing,
        lambda j: flags._flag(integer(0), j + integer(1)) + nothing,
        lambda j: flags._flag(integer(0), j) - nothing,
    ):
        with pytest.raises(Unsupported):
            divided(lacking)


def masked(kernel) -> AllShapes:
    """y[i,j] = e^x[i,j] / Σ_l e^x[i,l] over the allowed l, where j is allowed, else 0."""

    def formula(x, i, j, mask):
        def counted(l):
            return where(allows_any(mask, i), lambda: where(allowed(mask, i, l), lambda: e_to(x[i, l]), lambda: 0), lambda: e_to(x[i, l]))

        return where(allowed(mask, i, j), lambda: e_to(x[i, j]) / total(counted, x.size(1)), lambda: 0)

    mask = {"mask": AnyMask("m", "n")}
    return AllShapes(
        "masked", Part.FORWARD, (("m", "n"),), mask, formula, lambda *_, **__: (), "ℝ", lambda x, mask: x, {}, kernel, kernel, kernel
    )


def stable(x, mask):
    flags = matrix(mask)
    counted = flags | ~np.any(flags, axis=-1, keepdims=True)
    low = np.where(counted, x, np.min(x, axis=-1, keepdims=True))
    powers = np.where(counted, np.exp(low - np.max(low, axis=-1, keepdims=True)), 0)
    return np.where(flags, powers / np.sum(powers, axis=-1, keepdims=True), 0)


def every_row_allows(x, mask):
    counted = matrix(mask) | ~np.any(matrix(mask), axis=-1, keepdims=True)
    powers = np.where(counted, np.exp(x), 0)
    return powers / np.sum(powers, axis=-1, keepdims=True)


def turned(x, mask):
    counted = ~matrix(mask) | ~np.any(matrix(mask), axis=-1, keepdims=True)
    powers = np.where(counted, np.exp(x), 0)
    return np.where(matrix(mask), powers / np.sum(np.exp(x), axis=-1, keepdims=True), 0)


def test_a_masked_softmax_is_proved_for_every_mask() -> None:
    assert isinstance(decide_all_shapes(masked(stable)), Holds)


@pytest.mark.parametrize("kernel", [every_row_allows, turned, lambda x, mask: np.where(matrix(mask), stable(x, mask), 1)])
def test_a_wrong_masked_softmax_is_refuted(kernel) -> None:
    assert isinstance(decide_all_shapes(masked(kernel)), Fails)


def test_flags_of_different_columns_are_not_confused() -> None:
    flags = Flags(CASE, "mask", M, N)
    one, other = (flags.__formula__("flag", flags, 1, column).value for column in (1, 2))
    assert not vanishes(one * other - one, FACTS)
    assert not vanishes(one - other, FACTS)
