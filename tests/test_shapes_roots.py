"""Square roots at all shapes: what they mean, what is shown to be positive, and that no wrong use of them is proved."""

from __future__ import annotations

import itertools
import random
from typing import Any

import flint
import numpy as np
import pytest
from backproof.equivalence.kernel.shapes.algebra import ONE, Expr, product, summed
from backproof.equivalence.kernel.shapes.arrays import Array
from backproof.equivalence.kernel.shapes.atoms import entry, exp, positive, power, rational, vanishing
from backproof.equivalence.kernel.shapes.balls import Balls
from backproof.equivalence.kernel.shapes.bounds import is_at_least_zero, is_positive
from backproof.equivalence.kernel.shapes.case import Case
from backproof.equivalence.kernel.shapes.equality import vanishes
from backproof.equivalence.kernel.shapes.kernels import symbolic
from backproof.equivalence.kernel.shapes.largest import largest
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
from backproof.equivalence.kernel.shapes.roots import root, root_slope
from backproof.equivalence.kernel.shapes.sides import from_poly
from backproof.equivalence.kernel.shapes.values import Point, value

M, N = variable("m"), variable("n")
FACTS = frozenset(least(size - integer(1)) for size in (M, N))
CASE = Case((), FACTS, {"sqrt": 0}, positive=frozenset({"p"}))
SHAPES = {"a": (M, N), "p": (M, N), "v": (N,), "s": ()}

WORDS = [
    lambda a, p, v, s: np.sqrt(p) * a,
    lambda a, p, v, s: a / np.sqrt(p * p + 2),
    lambda a, p, v, s: np.sqrt(a * a) - np.sqrt(np.maximum(v, 0)),
    lambda a, p, v, s: np.sqrt(np.sum(a * a, axis=1)),
    lambda a, p, v, s: np.sqrt(np.sum(np.abs(a), axis=0)) * v,
    lambda a, p, v, s: a / np.sqrt(np.ones_like(a, shape=()) * a.shape[1]),
    lambda a, p, v, s: np.sqrt(np.ones_like(a, shape=()) * a.size * 2) * a / np.sqrt(np.ones_like(v) * 8),
    lambda a, p, v, s: np.sqrt(np.exp(a)) / np.sqrt(np.exp(v) / p),
    lambda a, p, v, s: np.sqrt(np.where(a > 0, a, 1)) + np.where(a > 0, np.sqrt(np.maximum(a, 0)), -1),
    lambda a, p, v, s: np.sqrt(1 + np.sqrt(p)),
    lambda a, p, v, s: np.sqrt(np.maximum(a, v) - np.minimum(a, v)),
    lambda a, p, v, s: np.sqrt(1 + np.max(a * a, axis=1)),
]


def drawn(sizes: dict[str, int], generator: random.Random) -> Point:
    tensors: dict[str, Any] = {}
    for name, shape in SHAPES.items():
        tensors[name] = np.empty(tuple(sizes[next(iter(side.variables))] for side in shape), dtype=object)
        for index in np.ndindex(tensors[name].shape):
            tensors[name][index] = flint.arb(generator.choice((1, 2, 0.5) if name == "p" else (-2, -1, 0, 0.5, 1, 3)))
        tensors[name] = tensors[name].view(Balls)
    return Point(sizes, tensors)


@pytest.mark.parametrize("word", WORDS)
def test_a_root_of_symbolic_arrays_means_what_numpy_does(word: Any) -> None:
    operands = [Array(CASE, shape, lambda i, name=name: entry(name, i)) for name, shape in SHAPES.items()]
    result = symbolic(word, operands, {})
    for sizes in itertools.product((1, 2, 3), repeat=2):
        point = drawn(dict(zip("mn", sizes, strict=True)), random.Random(1))
        assert not differs([(result.sides, result.entry)], [np.asarray(word(*point.tensors.values()))], point)


REFUSED = [
    lambda a: np.sqrt(a),
    lambda a: np.sqrt(a * a - 1),
    lambda a: np.sqrt(np.sum(a, axis=0)),
    lambda a: 1 / np.sqrt(a * a),
    lambda a: np.where(a > 0, np.sqrt(a), 0),
    lambda a: np.where(a > 0, 1 / np.sqrt(np.maximum(a, 0)), 0),
    lambda a: np.sqrt(np.minimum(a, 0)),
    lambda a: np.sqrt(np.max(a, axis=0)),
    lambda a: np.sqrt(a.shape[0]),
    lambda a: np.sqrt(np.exp(a) - 1),
    lambda a: np.sqrt(np.tanh(a) + 1),
]


@pytest.mark.parametrize("word", REFUSED)
def test_a_root_of_what_may_be_negative_is_refused(word: Any) -> None:
    with pytest.raises(Unsupported):
        result = symbolic(word, [Array(CASE, (M, N), lambda i: entry("a", i))], {})
        result.entry(indices(result.sides)[0])


def variance(name: str, *sides: Any) -> Expr:
    index, names, guards = indices(sides)
    count = summed(ONE, names, guards)
    mean = summed(entry(name, index), names, guards) * power(count, -1)
    centred = entry(name, index) - mean
    return summed(centred * centred, names, guards) * power(count, -1)


def test_a_sum_over_what_does_not_depend_on_its_index_is_its_length_times() -> None:
    fresh = Fresh()
    assert from_poly(N) == summed(ONE, (fresh,), within(fresh, N))
    shifted = summed(ONE, (fresh,), within(fresh, N - integer(3)))
    known = {"n": 2}
    assert value(shifted, Point({}, {}), known) == 0
    assert value(shifted, Point({}, {}), {"n": 5}) == 2


def test_a_variance_and_a_positive_number_are_positive_at_any_sizes() -> None:
    eps = rational(1).scaled(1)
    for sides in ((N,), (M, N), (M, N, N)):
        spread = variance("a", *sides)
        assert is_positive(CASE, spread + eps)
        assert is_at_least_zero(CASE, spread)
        assert not is_positive(CASE, spread)
        assert not is_at_least_zero(CASE, spread - eps)
        assert not is_at_least_zero(CASE, -spread)


def random_term(generator: random.Random, depth: int) -> Expr:
    leaf = generator.choice((("a", ("i", "j")), ("p", ("i", "j")), ("v", ("j",)), ("s", ())))
    result = entry(leaf[0], map(variable, leaf[1]))
    if depth:
        inner = random_term(generator, depth - 1)
        fresh = Fresh()
        squares = entry("v", (variable(fresh),)) * entry("v", (variable(fresh),))
        result = generator.choice(
            (
                lambda: result * inner,
                lambda: inner * inner,
                lambda: inner * inner + ONE,
                lambda: result + inner,
                lambda: summed(squares, (fresh,), within(fresh, N)) + inner,
                lambda: variance("v", N) - inner,
                lambda: exp(inner) + result,
                lambda: positive(inner) * inner,
                lambda: inner * (positive(inner) - positive(-inner)),
                lambda: vanishing(result) + positive(inner),
                lambda: root(CASE, inner),
                lambda: root_slope(CASE, "sqrt", inner) * result,
                lambda: largest(CASE.facts, squares, fresh, within(fresh, N)) - inner,
                lambda: from_poly(N) * inner,
            )
        )()
    return result


def test_roots_have_the_values_of_roots_and_nothing_is_bounded_wrongly() -> None:
    generator, shown = random.Random(8), 0
    for round_ in range(250):
        sizes = {"m": generator.randint(1, 3), "n": generator.randint(1, 3)}
        term = random_term(generator, 2)
        above, at_least = is_positive(CASE, term), is_at_least_zero(CASE, term)
        assert at_least or not above
        shown += at_least
        for seed in range(4):
            point = drawn(sizes, random.Random(f"{round_} {seed}"))
            known = {**sizes, "i": generator.randrange(sizes["m"]), "j": generator.randrange(sizes["n"])}
            try:
                number = value(term, point, known)
                rooted, slope = (value(each, point, known) for each in (root(CASE, term), root_slope(CASE, "sqrt", term)))
            except Unsupported:  # a ball around 0 has no sign
                continue
            assert not (above and number <= 0), term
            assert not (at_least and number < 0), term
            exact = number.sqrt() if number > 0 else flint.arb(0)
            assert rooted.overlaps(exact) or number.contains(0), term
            assert slope.overlaps(1 / (2 * exact)) if number > 0 else slope == 0 or number.contains(0), term
    assert shown > 60


IDENTITIES = [
    (lambda u, w: root(CASE, u) * root(CASE, u) - positive(u) * u, True),
    (lambda u, w: root(CASE, u) * root_slope(CASE, "sqrt", u).scaled(2) - positive(u), True),
    (lambda u, w: root(CASE, u).scaled(2) - root(CASE, u.scaled(4)), True),
    (lambda u, w: root(CASE, exp(w) * u) - power(exp(w), 1) * root(CASE, u * exp(-w)), True),
    (lambda u, w: vanishing(u * power(ONE + exp(w), -1)) - vanishing(u), True),
    (lambda u, w: vanishing(u * power(ONE + exp(w), -2) - w * power(ONE + exp(w), -2)) - vanishing(u - w), True),
    (lambda u, w: vanishing(root_slope(CASE, "sqrt", u) * w) - vanishing(w), False),
    (lambda u, w: vanishing(u * power(ONE + exp(w), -1)), False),
    (lambda u, w: root(CASE, u) * root(CASE, u) - u, False),
    (lambda u, w: root(CASE, u * u) - u, False),
    (lambda u, w: root(CASE, u) * root_slope(CASE, "sqrt", u).scaled(2) - ONE, False),
    (lambda u, w: root(CASE, u * w) - root(CASE, u) * root(CASE, w), False),
    (lambda u, w: root(CASE, u + w) - root(CASE, u) - root(CASE, w), False),
    (lambda u, w: root(CASE, u) - root(CASE, u.scaled(4)), False),
    (lambda u, w: root(CASE, u) + root(CASE, -u), False),
    (lambda u, w: positive(u) * (root(CASE, u) * root(CASE, u) - u) + vanishing(u) * w, False),
]


@pytest.mark.parametrize(("identity", "holds"), IDENTITIES)
def test_an_identity_of_roots_is_shown_only_if_it_is_true(identity: Any, holds: bool) -> None:  # noqa: FBT001
    u = entry("s", ())
    for first in (u, u - ONE.scaled(2), u + entry("t", ())):
        assert holds == vanishes(identity(first, entry("w", ())), FACTS)


def test_a_root_that_is_0_does_not_hide_what_stands_beside_it() -> None:
    compound, other = entry("s", ()) + entry("t", ()), entry("w", ())
    slope = root_slope(CASE, "sqrt", compound)
    assert not vanishes(slope * root(CASE, compound).scaled(2) - positive(compound) + vanishing(compound) * other, FACTS)
    assert not vanishes(slope * other - slope * other + other * vanishing(compound), FACTS)


def test_the_product_of_equal_roots_is_their_argument() -> None:
    u = power(from_poly(N), 1)
    half = root(CASE, u)
    assert half * half == u
    assert product({}) == half * power(half, -1)
