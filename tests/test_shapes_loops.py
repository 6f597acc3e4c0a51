"""Loops over ranges of unknown length: a sum of a generator expression means what numpy does, and nothing else passes."""

from __future__ import annotations

import itertools
import random
from typing import Any

import flint
import numpy as np
import pytest
from backproof.equivalence.kernel.shapes.algebra import Expr
from backproof.equivalence.kernel.shapes.arrays import Array
from backproof.equivalence.kernel.shapes.atoms import entry
from backproof.equivalence.kernel.shapes.case import Case, Divide, Fork
from backproof.equivalence.kernel.shapes.kernels import symbolic
from backproof.equivalence.kernel.shapes.polynomial import (
    Looped,
    indices,
    integer,
    least,
    variable,
)
from backproof.equivalence.kernel.shapes.replay import covers, differs
from backproof.equivalence.kernel.shapes.values import Point

M, N, K = variable("m"), variable("n"), variable("k")
FACTS = frozenset(least(size - integer(1)) for size in (M, N, K))
SHAPES = {"a": (M, N), "b": (M + K, N), "c": (N, K), "v": (K,)}


def windows(a: Any, b: Any, c: Any, v: Any) -> Any:
    return sum(b[k : k + a.shape[0]] for k in range(v.shape[0]))


def shifted(a: Any, b: Any, c: Any, v: Any) -> Any:
    def term(k: Any, factor: int = 2) -> Any:
        place = k + 1
        return b[place : place + a.shape[0]] * factor

    return sum(term(k) for k in range(v.shape[0]))


def weighted(a: Any, b: Any, c: Any, v: Any) -> Any:
    return sum(c[:, k] * v[k] for k in range(c.shape[1]))


def nested(a: Any, b: Any, c: Any, v: Any) -> Any:
    return sum(sum(c[j, k] * a[:, j] for j in range(a.shape[1])) * v[k] for k in range(v.shape[0]))


def pairs(a: Any, b: Any, c: Any, v: Any) -> Any:
    return sum(c[j, k] * b[k : k + a.shape[0], j] for j, k in np.ndindex(*c.shape))


def mixed(a: Any, b: Any, c: Any, v: Any) -> Any:
    return sum(v[k] * j + c[0, k] for k in range(v.shape[0]) for j in (1, 2, 3))


def masks(a: Any, b: Any, c: Any, v: Any) -> Any:
    return sum(np.where(a > b[k : k + a.shape[0]], a, 0) for k in range(v.shape[0]))


def started(a: Any, b: Any, c: Any, v: Any) -> Any:
    return sum((b[k : k + a.shape[0]] for k in range(v.shape[0])), a)


def stacked(a: Any, b: Any, c: Any, v: Any) -> Any:
    return np.stack(tuple(b[k : k + a.shape[0]] * v[k] for k in range(v.shape[0])))


def placed(a: Any, b: Any, c: Any, v: Any) -> Any:
    def put(k: Any) -> Any:
        z = np.zeros_like(b)
        z[k : k + a.shape[0]] = a * v[k]
        return z

    return sum(put(k) for k in range(v.shape[0]))


def strided(a: Any, b: Any, c: Any, v: Any) -> Any:
    s, t = c.shape
    z = np.zeros_like(v, shape=(s * t + 2,))
    z[1 : 1 + s * t : s] = v
    return z[::2][: z.shape[0] // 2] + z[1::2][: z.shape[0] // 2] + z[2 : z.shape[0] + 40 : 5].sum() + z[z.shape[0] : 3 : 2].sum()


def contracted(a: Any, b: Any, c: Any, v: Any) -> Any:
    whole = np.tensordot(np.tensordot(a, c, 1), np.expand_dims(v, 0), ((1,), (1,)))
    return whole + np.tensordot(a, a, ((0, -1), (0, 1)))


def prolonged(a: Any, b: Any, c: Any, v: Any) -> Any:
    return np.pad(b, ((v.shape[0], 1), (0, 2)), mode="edge") + np.pad(v, 1, mode="edge").sum()


def sliding(a: Any, b: Any, c: Any, v: Any) -> Any:
    views = np.lib.stride_tricks.sliding_window_view(b, a.shape[0], 0)
    return np.max(views[:: a.shape[1]], axis=-1) + np.lib.stride_tricks.sliding_window_view(views, 1, axis=1)[..., 0].sum()


def ranges(a: Any, b: Any, c: Any, v: Any) -> Any:
    rows = a.shape[0]
    return sum(b[rows + k - 1] * k for k in range(1, v.shape[0] + 1)) + sum(c[j] .sum() for j in np.ndindex(1))


MEANT = [windows, shifted, weighted, nested, pairs, mixed, masks, started, stacked, placed, strided, contracted, prolonged, sliding, ranges]


@pytest.mark.parametrize("word", MEANT)
def test_a_loop_over_a_range_of_unknown_length_means_what_numpy_does(word: Any) -> None:
    compared = 0
    for case, result in explored(word):
        for sizes in itertools.product((1, 2, 3), repeat=3):
            point = drawn(dict(zip("mnk", sizes, strict=True)))
            if covers(case, point):
                compared += 1
                expected = np.asarray(word(*point.tensors.values()), dtype=object)
                known = Point(case.known(point.sizes), point.tensors)
                assert not differs([(result.sides, result.entry)], [expected], known)
                assert not loops_in(result.entry(indices(result.sides)[0]))
    assert compared >= 27


def explored(word: Any) -> list[tuple[Case, Array]]:
    """Every case of sizes that the word branches on, with what it returns there."""
    pending, found = [Case(tuple((n, variable(n)) for n in "mnk"), FACTS, {})], []
    while pending:
        case = pending.pop()
        try:
            operands = [Array(case, shape, lambda i, name=name: entry(name, i)) for name, shape in SHAPES.items()]
            found.append((case, symbolic(word, operands, {})))
        except Fork as fork:
            pending.extend(case.split(fork.guard))
        except Divide as asked:
            pending.append(case.divided(asked.dividend, asked.divisor))
    return found


def drawn(sizes: dict[str, int]) -> Point:
    generator, tensors = random.Random(str(sizes)), {}
    for name, shape in SHAPES.items():
        sides = tuple(side.value(sizes) for side in shape)
        tensors[name] = np.empty(sides, dtype=object)
        for index in np.ndindex(sides):
            tensors[name][index] = flint.arb(generator.choice((-2, -1, 0, 0.5, 1, 3)))
    return Point(sizes, tensors)


def loops_in(expression: Expr) -> bool:
    """Whether the index of a loop has escaped it."""
    return any(isinstance(name, Looped) for name in expression.free)
