"""What numpy's words mean on arrays of symbolic size agrees with what numpy does, and terms with their values."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import flint
import numpy as np
import pytest
from backproof.equivalence.kernel.shapes.algebra import ONE, Expr, substitute, summed
from backproof.equivalence.kernel.shapes.arrays import Array
from backproof.equivalence.kernel.shapes.atoms import Entry, entry, exp, positive, power, vanishing
from backproof.equivalence.kernel.shapes.case import Case
from backproof.equivalence.kernel.shapes.equality import vanishes
from backproof.equivalence.kernel.shapes.kernels import symbolic
from backproof.equivalence.kernel.shapes.largest import largest
from backproof.equivalence.kernel.shapes.polynomial import (
    Fresh,
    Guard,
    Unsupported,
    indices,
    integer,
    least,
    variable,
    within,
    zero,
)
from backproof.equivalence.kernel.shapes.prover import implied
from backproof.equivalence.kernel.shapes.replay import differs
from backproof.equivalence.kernel.shapes.sides import from_poly
from backproof.equivalence.kernel.shapes.values import Point, holds, value

M, N, K = variable("m"), variable("n"), variable("k")
FACTS = frozenset(least(size - integer(1)) for size in (M, N, K))
CASE = Case((), FACTS, {}, positive=frozenset({"p"}))
SHAPES = {"a": (M, N), "b": (M, N), "c": (N, K), "r": (integer(1), N), "v": (N,), "s": (), "p": (M, N)}

WORDS = [
    lambda a, b, c, r, v, s, p: a + b * 2 - r / 3 + v,
    lambda a, b, c, r, v, s, p: 1 - a + (2 - b) ** 3 - (-v),
    lambda a, b, c, r, v, s, p: a / p + 1 / p + s,
    lambda a, b, c, r, v, s, p: a @ c,
    lambda a, b, c, r, v, s, p: v @ c,
    lambda a, b, c, r, v, s, p: np.einsum("mn,nk->km", a, c) + np.einsum("ij,kj,jl->li", a, b, c, optimize=True),
    lambda a, b, c, r, v, s, p: np.einsum("ij->j", a) * np.einsum("i,,j->i", v, s, v) - np.einsum("ij,kj->", r, a),
    lambda a, b, c, r, v, s, p: np.einsum("AnA,nB->BnA", np.einsum("in,im->nmi", a, a @ np.einsum("nk,mk->mn", c, c)).T.copy() @ a.T, a.T),
    lambda a, b, c, r, v, s, p: (a * b).T,
    lambda a, b, c, r, v, s, p: np.transpose(np.expand_dims(a, 1), (2, 0, 1)),
    lambda a, b, c, r, v, s, p: np.expand_dims(a, (0, -1)),
    lambda a, b, c, r, v, s, p: np.expand_dims(v, [0, 1]) * a.reshape(1, a.shape[0], a.shape[1]),
    lambda a, b, c, r, v, s, p: np.sum(a),
    lambda a, b, c, r, v, s, p: np.sum(a, axis=0),
    lambda a, b, c, r, v, s, p: np.sum(a, axis=-1, keepdims=True),
    lambda a, b, c, r, v, s, p: a.sum(axis=(1, 0)) + np.sum(b, axis=()).sum(1).sum(),
    lambda a, b, c, r, v, s, p: np.max(a, axis=1) + np.max(a),
    lambda a, b, c, r, v, s, p: np.max(a - np.sum(a, axis=1, keepdims=True), axis=0, keepdims=True),
    lambda a, b, c, r, v, s, p: np.maximum(a, b) - np.minimum(a, 0.5) + np.maximum(1, v),
    lambda a, b, c, r, v, s, p: np.where(a > b, a, -1) + np.where((a < 0) | (b >= v), r, s),
    lambda a, b, c, r, v, s, p: np.where((a <= b) & ~(a == 1), 1.0, 0) * (a != b) + (1 - (a > 0)),
    lambda a, b, c, r, v, s, p: np.abs(a) + abs(b),
    lambda a, b, c, r, v, s, p: np.exp(a) * np.tanh(b) - np.log(p) + np.exp(a - b),
    lambda a, b, c, r, v, s, p: np.log1p(np.exp(-np.abs(a))) * np.expm1(-np.abs(b)) - np.log(np.exp(a - b) * p),
    lambda a, b, c, r, v, s, p: np.exp(3 * np.log(p) - np.log(1 + np.exp(a))) * np.tanh(-a) + np.log(np.log(1 + np.exp(b)) + 1),
    lambda a, b, c, r, v, s, p: np.sin(a) * np.sin(a) + np.sin(-b) - np.cos(-a) * np.sin(a - b) + np.cos(a) * np.cos(a),
    lambda a, b, c, r, v, s, p: np.log(np.sum(np.exp(a - np.max(a)), axis=1)) + np.log(np.sum(np.exp(a), axis=0)).sum(),
    lambda a, b, c, r, v, s, p: np.broadcast_to(r, a.shape) + np.broadcast_to(s, (3, *a.shape)),
    lambda a, b, c, r, v, s, p: np.sum(np.ones_like(a), axis=1) * np.sum(np.ones_like(c)) + s,
    lambda a, b, c, r, v, s, p: np.zeros_like(a) + np.ones_like(v) - np.ones_like(a, shape=(a.shape[0], 1)),
    lambda a, b, c, r, v, s, p: np.concatenate((a, b * 2, ))[: a.shape[0] + 1],
    lambda a, b, c, r, v, s, p: np.concatenate((a, b))[a.shape[0] :] - a,
    lambda a, b, c, r, v, s, p: np.reshape(v, (1, v.shape[0], 1)).copy(),
    lambda a, b, c, r, v, s, p: a.reshape(a.shape[1], a.shape[0]) @ b,
    lambda a, b, c, r, v, s, p: (a * b).reshape((a.size,)) + a.T.reshape(1, a.shape[0] * a.shape[1]),
    lambda a, b, c, r, v, s, p: np.exp(a).reshape((a.size,)).reshape((a.shape[0], 1, a.shape[1])) - b,
    lambda a, b, c, r, v, s, p: a * a.shape[0] / a.size + c.shape[1] * (a.ndim - 3),
    lambda a, b, c, r, v, s, p: np.exp(a) / np.sum(np.exp(a), axis=1, keepdims=True),
    lambda a, b, c, r, v, s, p: np.sum(np.sum(a, axis=1) * np.sum(b, axis=1)) * np.sum(v) * np.sum(v),
]


def drawn(sizes: dict[str, int], generator: random.Random) -> Point:
    tensors = {}
    for name, shape in SHAPES.items():
        sides = tuple(sizes.get(*side.variables) if side.variables else 1 for side in shape)
        tensors[name] = np.empty(sides, dtype=object)
        for index in np.ndindex(sides):
            tensors[name][index] = flint.arb(generator.choice((1, 2, 0.5) if name == "p" else (-2, -1, 0, 0.5, 1, 3)))
    return Point(sizes, tensors)


@pytest.mark.parametrize("word", WORDS)
def test_a_word_on_symbolic_arrays_means_what_numpy_does(word) -> None:
    operands = [Array(CASE, shape, lambda i, name=name: entry(name, i)) for name, shape in SHAPES.items()]
    result = symbolic(word, operands, {})
    for sizes in itertools.product((1, 2, 3), repeat=3):
        point = drawn(dict(zip("mnk", sizes, strict=True)), random.Random(1))
        expected = np.asarray(word(*point.tensors.values()), dtype=object)
        assert not differs([(result.sides, result.entry)], [expected], point)


REFUSED = [
    lambda a: a + a.T,
    lambda a: a.reshape(-1),
    lambda a: a.reshape(a.shape[1], a.shape[0] + 1),
    lambda a: a.reshape(a.shape[0] * a.shape[0],),
    lambda a: np.add.at(a, 0, a),
    lambda a: np.array(a, dtype=np.intp),
    lambda a: np.sum(a > 0),
    lambda a: (a > 0) + (a > 1),
    lambda a: -(a > 0),
    lambda a: a if a > 0 else -a,
    lambda a: np.broadcast_to(a, (a.shape[0], 5)),
    lambda a: np.sum(a, axis=2),
    lambda a: np.sum(a, axis=(0, 0)),
    lambda a: np.cumsum(a),
    lambda a: np.einsum("ij", a),
    lambda a: np.einsum("...j->j", a),
    lambda a: np.einsum("i j->j", a),
    lambda a: np.einsum("ij->jj", a),
    lambda a: np.einsum("ij->k", a),
    lambda a: np.einsum("ij->->i", a),
    lambda a: np.einsum("ii->i", a),
    lambda a: np.einsum("i->i", a),
    lambda a: np.einsum("ij,ji->i", a, a),
    lambda a: np.einsum("ij,ij->", a),
    lambda a: np.einsum("ij->j", a, optimize="greedy"),
    lambda a: np.einsum("ij->j", a > 0),
    lambda a: np.einsum("ij,->i", a, 2.0),
    lambda a: np.add(a, a, out=a),
    lambda a: np.sum(a, where=a > 0),
    lambda a: a * float("nan"),
    lambda a: a ** 0.5,
    lambda a: a * (a.shape[0] / 2),
    lambda a: a * len(a),
    lambda a: next(iter(a)),
    lambda a: np.zeros_like(a, shape=(a.shape[0] - 2,)),
    lambda a: np.where(1, a, 0),
    lambda a: a.dtype,
    lambda a: 1 / a,
    lambda a: np.log(a),
]


@pytest.mark.parametrize("word", REFUSED)
def test_a_word_without_a_meaning_at_all_sizes_is_refused(word) -> None:
    with pytest.raises(Unsupported):
        result = symbolic(word, [Array(CASE, (M, N), lambda i: entry("a", i))], {})
        result.entry(indices(result.sides)[0])


def test_the_prover_never_implies_what_a_number_contradicts() -> None:
    generator, shown = random.Random(3), 0
    for _ in range(400):
        guards = [_random_guard(generator) for _ in range(4)]
        *facts, goal = guards
        if implied(facts, goal):
            shown += 1
            for numbers in itertools.product(range(-4, 5), repeat=3):
                known = dict(zip("mnk", numbers, strict=True))
                assert not all(holds(fact, known) for fact in facts) or holds(goal, known)
    assert shown > 20


def _random_guard(generator: random.Random) -> Guard:
    poly = integer(generator.randint(-3, 3))
    for size in (M, N, K, M * N):
        poly = poly + size * integer(generator.choice((0, 0, 1, -1, 2, -3)))
    return generator.choice((least, least, zero))(poly)


def test_sums_and_products_of_terms_have_the_sums_and_products_of_their_values() -> None:
    generator = random.Random(4)
    for round_ in range(60):
        sizes = {"m": generator.randint(1, 3), "n": generator.randint(1, 3), "k": 1}
        point = drawn(sizes, random.Random(round_))
        known = {**sizes, "i": generator.randrange(sizes["m"]), "j": generator.randrange(sizes["n"])}
        one, other = _random_term(generator, 2), _random_term(generator, 2)
        ours = [value(each, point, known) for each in (one, other, one + other, one * other, one - other * one)]
        assert ours[2].overlaps(ours[0] + ours[1])
        assert ours[3].overlaps(ours[0] * ours[1])
        assert ours[4].overlaps(ours[0] - ours[1] * ours[0])


def _random_term(generator: random.Random, depth: int) -> Expr:
    leaf = generator.choice((("a", ("i", "j")), ("b", ("i", "j")), ("v", ("j",)), ("s", ())))
    result = entry(leaf[0], map(variable, leaf[1]))
    if depth:
        inner = _random_term(generator, depth - 1)
        name, fresh = generator.choice((("i", M), ("j", N))), Fresh()
        body = substitute(inner, {name[0]: variable(fresh)}, {})
        result = generator.choice(
            (
                lambda: result * inner,
                lambda: result + summed(body, (fresh,), within(fresh, name[1])),
                lambda: summed(body * body, (fresh,), within(fresh, name[1])) - result,
                lambda: result * exp(inner),
                lambda: positive(inner) * result + vanishing(inner - result),
                lambda: power(exp(inner) + ONE, -1) * inner,
                lambda: largest(FACTS, body, fresh, within(fresh, name[1])) + from_poly(M * N) * result,
            )
        )()
    return result


def _total(tensor: str, *others: str) -> Expr:
    fresh = Fresh()
    body = entry(tensor, (variable(fresh),))
    for other in others:
        body = body * entry(other, (variable(fresh),))
    return summed(body, (fresh,), within(fresh, N))


def test_a_product_of_sums_is_not_the_sum_of_products() -> None:
    assert not vanishes(_total("v") * _total("w") - _total("v", "w"), FACTS)
    assert vanishes(_total("v") * _total("w") - _total("w") * _total("v"), FACTS)
    assert vanishes(_total("v", "w") - _total("w", "v"), FACTS)


def test_the_largest_of_a_family_is_known_by_the_family_and_not_by_its_sum() -> None:
    fresh, inner = Fresh(), Fresh()
    mean = summed(entry("v", (variable(inner),)), (inner,), within(inner, N)) * power(from_poly(N), -1)
    spread = largest(FACTS, entry("v", (variable(fresh),)) - mean, fresh, within(fresh, N))
    assert not vanishes(spread, FACTS)
    other = Fresh()
    assert not vanishes(spread - largest(FACTS, entry("v", (variable(other),)), other, within(other, N)), FACTS)


def test_replacing_a_variable_does_not_capture_it() -> None:
    total = summed(_total("v") * entry("a", (variable("i"), variable("i"))), (), ())
    fresh = Fresh()
    moved = summed(substitute(total, {"i": variable(fresh)}, {}), (fresh,), within(fresh, N))
    diagonal = Fresh()
    trace = summed(entry("a", (variable(diagonal),) * 2), (diagonal,), within(diagonal, N))
    assert vanishes(moved - _total("v") * trace, FACTS)
    atom = Entry("a", (variable("i"), variable("i")))
    assert vanishes(substitute(total, {}, {atom: _total("v")}) - _total("v") * _total("v"), FACTS)


def test_masks_of_one_expression_exclude_each_other_and_cover_everything() -> None:
    x = entry("s", ())
    assert vanishes(positive(x) + positive(-x) + vanishing(x) - ONE, FACTS)
    assert vanishes(positive(x) * positive(-x), FACTS)
    assert vanishes(vanishing(x) * x, FACTS)
    assert not vanishes(positive(x) * positive(x - ONE) - positive(x), FACTS)
    assert vanishes(positive(x) * positive(x - ONE) - positive(x - ONE), FACTS)
    assert not vanishes(positive(x) - positive(x + ONE.scaled(Fraction(1, 10**9))), FACTS)
