"""Joins, copies, pads and exchanges of axes at symbolic sizes: what they mean is what numpy does."""

from __future__ import annotations

import itertools
import random
from typing import Any

import flint
import numpy as np
import pytest
from backproof.equivalence.kernel.shapes.arrays import Array
from backproof.equivalence.kernel.shapes.atoms import entry
from backproof.equivalence.kernel.shapes.case import Case
from backproof.equivalence.kernel.shapes.kernels import symbolic
from backproof.equivalence.kernel.shapes.polynomial import integer, least, variable
from backproof.equivalence.kernel.shapes.replay import differs
from backproof.equivalence.kernel.shapes.values import Point
from refusing import times_refused

M, N, K = variable("m"), variable("n"), variable("k")
CASE = Case((), frozenset(least(size - integer(1)) for size in (M, N, K)), {})
SHAPES = {"a": (M, N), "b": (M, N), "c": (N, K), "v": (N,), "o": (M, integer(1), N)}

WORDS = [
    lambda a, b, c, v, o: np.concatenate((a, b, a * 2)),
    lambda a, b, c, v, o: np.concatenate([a, b[:, 1:], a], axis=1),
    lambda a, b, c, v, o: np.concatenate([a.T, c], -1),
    lambda a, b, c, v, o: np.concatenate((v,)) + np.concatenate((v[:1], v[1:])),
    lambda a, b, c, v, o: np.concatenate((a[:0], b, b[1:1]), axis=0),
    lambda a, b, c, v, o: np.stack((a, b, a - b)),
    lambda a, b, c, v, o: np.stack([a, b], axis=1) + np.stack([b, a], axis=-2),
    lambda a, b, c, v, o: np.stack((v, v + 1), -1),
    lambda a, b, c, v, o: np.pad(a, 1),
    lambda a, b, c, v, o: np.pad(a, (1, 2), constant_values=0.5) * 2,
    lambda a, b, c, v, o: np.pad(a, ((a.shape[1], 0), (1, a.shape[0])), mode="constant"),
    lambda a, b, c, v, o: np.pad(v, ((0, c.shape[1] - 1),)),
    lambda a, b, c, v, o: np.repeat(a, 2, axis=0) + 1,
    lambda a, b, c, v, o: np.repeat(a, c.shape[1], axis=-1)[:, c.shape[1] :],
    lambda a, b, c, v, o: np.repeat(v, 3, 0)[::-1] * np.tile(v, 3),
    lambda a, b, c, v, o: np.tile(a, (2, c.shape[1])),
    lambda a, b, c, v, o: np.tile(v, (2, 2)) + np.tile(np.tile(v, 2), (2, 1)),
    lambda a, b, c, v, o: np.swapaxes(a, 0, 1) @ b,
    lambda a, b, c, v, o: np.swapaxes(o, 0, -1),
    lambda a, b, c, v, o: np.moveaxis(o, 0, -1) + np.moveaxis(o, [0, 2], [2, 1]).T[None, 0],
    lambda a, b, c, v, o: np.moveaxis(o, (2, 0), (0, 1)),
    lambda a, b, c, v, o: np.squeeze(o, 1) + np.squeeze(o, (-2,)) + a,
    lambda a, b, c, v, o: np.ravel(a) + a.reshape((a.size,)),
    lambda a, b, c, v, o: np.zeros_like(v, shape=(v.shape[0] - 1,)) + v[1:],
]


@pytest.mark.parametrize("word", WORDS)
def test_a_word_on_symbolic_arrays_means_what_numpy_does(word: Any) -> None:
    operands = [Array(CASE, shape, lambda i, name=name: entry(name, i)) for name, shape in SHAPES.items()]
    result = symbolic(word, operands, {})
    for numbers in itertools.product((1, 2, 3), repeat=3):
        sizes = dict(zip("mnk", numbers, strict=True))
        generator, tensors = random.Random(1), {}
        for name, shape in SHAPES.items():
            sides = tuple(side.value(sizes) for side in shape)
            tensors[name] = np.empty(sides, dtype=object)
            for index in np.ndindex(sides):
                tensors[name][index] = flint.arb(generator.choice((-2, -1, 0.5, 1, 3)))
        # numpy pads with machine integers, which no ball is made of.
        expected = np.asarray(word(*tensors.values()) * flint.arb(1), dtype=object)
        assert not differs([(result.sides, result.entry)], [expected], Point(sizes, tensors))


REFUSED = [
    lambda a: np.concatenate((a, a.T)),
    lambda a: np.concatenate((a, a[0])),
    lambda a: np.concatenate(()),
    lambda a: np.concatenate(a),
    lambda a: np.concatenate((a, a), axis=None),
    lambda a: np.concatenate((a, a), axis=2),
    lambda a: np.concatenate((a, a > 0)),
    lambda a: np.concatenate((a, [[1]])),
    lambda a: np.stack((a, a[:1])),
    lambda a: np.stack((a, a), axis=3),
    lambda a: np.pad(a, -1),
    lambda a: np.pad(a, a.shape[0] - a.shape[1]),
    lambda a: np.pad(a, 1, "wrap"),
    lambda a: np.pad(a, ((1, 1), (1, 1), (1, 1))),
    lambda a: np.pad(a, ((1,), (1,))),
    lambda a: np.pad(a, (1,)),
    lambda a: np.pad(a, 1, constant_values=float("-inf")),
    lambda a: np.repeat(a, 2),
    lambda a: np.repeat(a, (1, 2), axis=0),
    lambda a: np.repeat(a, a.shape[0] - 2, axis=0),
    lambda a: np.tile(a, -1),
    lambda a: np.swapaxes(a, 0, 2),
    lambda a: np.moveaxis(a, (0, 0), (0, 1)),
    lambda a: np.moveaxis(a, (0, 1), (1, 1)),
    lambda a: np.moveaxis(a, 0, (0, 1)),
    lambda a: np.squeeze(a, 0),
    lambda a: np.ravel(a) + np.ravel(a[1:]),
]


@pytest.mark.parametrize("word", REFUSED)
def test_a_word_without_a_meaning_at_all_sizes_is_refused(word: Any) -> None:
    assert times_refused(word, CASE, (M, N))
