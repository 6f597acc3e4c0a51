"""Products over shared axes: `@` on symbolic arrays is numpy's, and wrong rules of the contractions are not proved."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import flint
import numpy as np
import pytest
from backproof.equivalence.kernel.decision import Fails, Holds
from backproof.equivalence.kernel.shapes import Part, decide_all_shapes
from backproof.equivalence.kernel.shapes.arrays import Array
from backproof.equivalence.kernel.shapes.atoms import entry
from backproof.equivalence.kernel.shapes.case import Case
from backproof.equivalence.kernel.shapes.kernels import symbolic
from backproof.equivalence.kernel.shapes.polynomial import Unsupported, indices, integer, least, variable
from backproof.equivalence.kernel.shapes.replay import differs
from backproof.equivalence.kernel.shapes.values import Point
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.patterns import matching, patterns
from backproof.spec.convention import TORCHLEAN
from backproof.spec.definition import ShapeMismatch, definition_of

M, N, K, B, ONE = variable("m"), variable("n"), variable("k"), variable("b"), integer(1)
CASE = Case((), frozenset(least(size - integer(1)) for size in (M, N, K, B)), {})
SHAPES = {"a": (M, K), "b": (K, N), "v": (K,), "p": (B, M, K), "q": (B, K, N), "r": (ONE, M, K), "t": (M, ONE, K, N)}

WORDS = [
    lambda a, b, v, p, q, r, t: a @ b,
    lambda a, b, v, p, q, r, t: v @ b,
    lambda a, b, v, p, q, r, t: a @ v,
    lambda a, b, v, p, q, r, t: v @ v,
    lambda a, b, v, p, q, r, t: p @ q,
    lambda a, b, v, p, q, r, t: p @ b,
    lambda a, b, v, p, q, r, t: a @ q,
    lambda a, b, v, p, q, r, t: p @ v,
    lambda a, b, v, p, q, r, t: v @ q,
    lambda a, b, v, p, q, r, t: r @ q,
    lambda a, b, v, p, q, r, t: p @ t,
    lambda a, b, v, p, q, r, t: q.mT @ a.T - (a @ q).mT,
    lambda a, b, v, p, q, r, t: p @ p.mT @ r,
]


def symbols() -> list[Array]:
    return [Array(CASE, sides, lambda i, name=name: entry(name, i)) for name, sides in SHAPES.items()]


@pytest.mark.parametrize("word", WORDS)
def test_a_product_of_symbolic_arrays_is_the_one_of_numpy(word) -> None:
    result = symbolic(word, symbols(), {})
    stream = random.Random(1)
    for numbers in itertools.product((1, 2, 3), repeat=4):
        sizes = dict(zip("mnkb", numbers, strict=True))
        tensors = {}
        for name, sides in SHAPES.items():
            shape = tuple(side.value(sizes) for side in sides)
            tensors[name] = np.empty(shape, dtype=object)
            for index in np.ndindex(shape):
                tensors[name][index] = flint.arb(stream.choice((-2, -1, 0, 0.5, 1, 3)))
        expected = np.asarray(word(*tensors.values()), dtype=object)
        assert not differs([(result.sides, result.entry)], [expected], Point(sizes, tensors))


@pytest.mark.parametrize(
    "word",
    [
        lambda a, b, v, p, q, r, t: a @ a,
        lambda a, b, v, p, q, r, t: (a > 0) @ b,
        lambda a, b, v, p, q, r, t: a @ 2,
        lambda a, b, v, p, q, r, t: a @ np.sum(a),
        lambda a, b, v, p, q, r, t: np.expand_dims(v, 1) @ b,
    ],
)
def test_a_product_whose_sides_are_not_known_to_fit_is_refused(word) -> None:
    with pytest.raises(Unsupported):
        result = symbolic(word, symbols(), {})
        result.entry(indices(result.sides)[0])


def all_shapes(op: str, part: Part, shapes: tuple[tuple[int, ...], ...], **kernels):
    pattern = matching(op, shapes, {})
    assert pattern is not None
    return decide_all_shapes(replace(lemma(op, part, pattern, TORCHLEAN), **kernels))


def unrepeated(x_bar, x):
    return np.sum(x_bar, axis=tuple(k for k in range(x.ndim) if x.shape[k] != x_bar.shape[k]), keepdims=True)


BATCH = ((5, 2, 3), (5, 3, 4))
WRONG_VJPS = {
    "the repeated axes are not summed": lambda g, y, a, b: (g @ b.mT, a.mT @ g),
    "the mean over the copies": lambda g, y, a, b: (unrepeated(g @ b.mT, a), unrepeated(a.mT @ g, b) / g.shape[0]),
    "every axis of the transpose": lambda g, y, a, b: (unrepeated(g @ b.T, a), unrepeated(a.mT @ g, b)),
    "exchanged": lambda g, y, a, b: (unrepeated(a.mT @ g, b), unrepeated(g @ b.mT, a)),
    "always summed over the batch": lambda g, y, a, b: (np.sum(g @ b.mT, axis=0, keepdims=True), unrepeated(a.mT @ g, b)),
}


def test_a_vjp_that_sums_over_what_was_repeated_is_proved() -> None:
    def vjp(g, y, a, b):
        return unrepeated(g @ b.mT, a), unrepeated(a.mT @ g, b)

    assert isinstance(all_shapes("matmul", Part.VJP, BATCH, vjp=vjp), Holds)


@pytest.mark.parametrize("vjp", WRONG_VJPS.values(), ids=WRONG_VJPS)
def test_a_wrong_vjp_of_a_broadcast_product_is_refuted(vjp) -> None:
    assert isinstance(all_shapes("matmul", Part.VJP, BATCH, vjp=vjp), Fails)


@pytest.mark.parametrize(
    "vjp",
    [
        lambda g, y, a, b: (g @ b.T, a.T @ g),
        lambda g, y, a, b: (g @ b.mT, np.broadcast_to(np.sum(a.mT @ g, axis=0, keepdims=True), b.shape)),
        lambda g, y, a, b: (g @ b.mT if g.shape[0] != 37 else g @ b.mT * 2, a.mT @ g),
    ],
)
def test_a_wrong_vjp_of_bmm_is_not_proved(vjp) -> None:
    assert not isinstance(all_shapes("bmm", Part.VJP, BATCH, vjp=vjp), Holds)


def test_matmul_has_a_pattern_for_batches_of_different_ranks() -> None:
    ranks = {tuple(len(shape) - 2 for shape in pattern.shapes) for pattern in patterns("matmul")}
    assert {(0, 0), (0, 2), (2, 0), (1, 1), (1, 2), (2, 1), (2, 2)} <= ranks


@pytest.mark.parametrize("shapes", [((2, 4, 3), (3, 3, 4)), ((3,), (3, 4)), ((2, 3), (2, 3)), ((0, 2, 3), (2, 3, 1))])
def test_matmul_refuses_what_numpy_refuses_and_vectors(shapes) -> None:
    with pytest.raises(ShapeMismatch):
        definition_of("matmul").infer_shape(shapes, {})


def test_the_cotangent_of_one_copy_alone_is_not_proved() -> None:
    def vjp(g, y, a, b):
        return unrepeated(g @ b.mT, a), (a.mT @ g)[: b.shape[0]]

    assert not isinstance(all_shapes("matmul", Part.VJP, BATCH, vjp=vjp), Holds)


def test_bmm_repeats_nothing() -> None:
    with pytest.raises(ShapeMismatch, match="side b is 1 and 2"):
        definition_of("bmm").infer_shape(((1, 2, 3), (2, 3, 4)), {})
