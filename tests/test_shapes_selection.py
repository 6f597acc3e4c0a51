"""Parts of arrays of symbolic size, read and written: what they mean is what numpy does, and the rest is refused."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from typing import Any

import flint
import numpy as np
import pytest
from backproof.equivalence.kernel.shapes.arrays import Array
from backproof.equivalence.kernel.shapes.atoms import entry
from backproof.equivalence.kernel.shapes.case import Case, Divide, Fork
from backproof.equivalence.kernel.shapes.kernels import symbolic
from backproof.equivalence.kernel.shapes.polynomial import indices, integer, least, variable
from backproof.equivalence.kernel.shapes.replay import covers, differs
from backproof.equivalence.kernel.shapes.values import Point
from refusing import times_refused

M, N, K = variable("m"), variable("n"), variable("k")
CASE = Case((), frozenset(least(size - integer(1)) for size in (M, N, K)), {})
SHAPES = {"a": (M, N), "b": (M, N), "c": (N, K), "v": (N,)}


def cases(word: Any) -> list[tuple[Case, Any]]:
    """What the word returns in every case of sizes on which it branches."""
    pending, found = [CASE], []
    while pending:
        case = pending.pop()
        operands = [Array(case, shape, lambda i, name=name: entry(name, i)) for name, shape in SHAPES.items()]
        try:
            result = symbolic(word, operands, {})
            result.entry(indices(result.sides)[0])
            found.append((case, result))
        except Fork as fork:
            pending.extend(case.split(fork.guard))
        except Divide as asked:
            pending.append(case.divided(asked.dividend, asked.divisor))
    return found


def drawn(sizes: dict[str, int]) -> Point:
    generator, tensors = random.Random(1), {}
    for name, shape in SHAPES.items():
        sides = tuple(sizes[str(*side.variables)] for side in shape)
        tensors[name] = np.empty(sides, dtype=object)
        for index in np.ndindex(sides):
            tensors[name][index] = flint.arb(generator.choice((-2, -1, 0.5, 1, 3)))
    return Point(sizes, tensors)


def quarters(a, b, c, v):
    z = np.zeros_like(a, shape=(2 * a.shape[0], 2 * a.shape[1]))
    z[: a.shape[0], : a.shape[1]] = a
    z[a.shape[0] :, a.shape[1] :] = b
    z[a.shape[0] :, : a.shape[1]] = 3
    return z


def framed(a, b, c, v):
    z = np.zeros_like(a, shape=(a.shape[0] + 3, a.shape[1] + 2))
    z[1 : a.shape[0] + 1, 2:] = a
    return z


def rows_written(a, b, c, v):
    z = np.zeros_like(a, shape=(3, a.shape[1]))
    z[0] = v
    z[-1] = np.sum(a, axis=0)
    z[1, ...] = 1
    return z


def added_into(a, b, c, v):
    z = np.zeros_like(a, shape=(a.shape[0] + 2, a.shape[1]))
    for start in range(3):
        z[start : start + a.shape[0]] += a * (start + 1)
    return z


def added_through_a_view(a, b, c, v):
    z = np.zeros_like(a)
    view = z[:, 1:]
    view += a[:, 1:]
    z += b
    z[:1] += v
    return z + view.sum()


def written_then_added(a, b, c, v):
    z = np.zeros_like(a)
    z[:1] = v
    z[:] += a
    return z


def written_backwards(a, b, c, v):
    z = np.zeros_like(v)
    z[::-1] = v
    return z[::-1] - z


def interleaved(a, b, c, v):
    z = np.zeros_like(a, shape=(2 * a.shape[0], a.shape[1]))
    z[::2] = a
    z[1::2] = b
    return z


def entry_added(a, b, c, v):
    z = np.zeros_like(v)
    z[0] = np.sum(a)
    z[1:] += v[1:]
    return z


WORDS = [
    lambda a, b, c, v: a[1:, 1:],
    lambda a, b, c, v: a[:, : a.shape[1] - 1],
    lambda a, b, c, v: a[:, -1:] + a[:, :-1].sum(axis=1, keepdims=True),
    lambda a, b, c, v: a[:-2] if a.shape[0] > 2 else a[-2:],
    lambda a, b, c, v: a[-7:7, 2:1],
    lambda a, b, c, v: a[:, : c.shape[1]].sum(axis=1),
    lambda a, b, c, v: a[0] + a[-1] * v,
    lambda a, b, c, v: a[a.shape[0] - 1, 0] * a[..., -1],
    lambda a, b, c, v: a[:, None, :] * v[None],
    lambda a, b, c, v: a[..., None, 0],
    lambda a, b, c, v: a[None, ..., 1:, None],
    lambda a, b, c, v: a[::-1] + b[:, ::-1],
    lambda a, b, c, v: a[::-1, 1:].T[::-1],
    lambda a, b, c, v: a[::2].sum(axis=0) + a[1::3, ::2].sum(),
    lambda a, b, c, v: a[0, 0] + a[()][...].sum(),
    lambda a, b, c, v: np.where((a > 0)[:, ::-1], a[::1], 0),
    quarters, framed, rows_written, added_into, added_through_a_view, written_then_added, written_backwards, entry_added,
    interleaved,
]  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_a_part_of_an_array_means_what_numpy_does(word: Any) -> None:
    found, compared = cases(word), 0
    for sizes in itertools.product((1, 2, 3, 8), (1, 2, 3), (1, 4)):
        point = drawn(dict(zip("mnk", sizes, strict=True)))
        expected = np.asarray(word(*point.tensors.values()), dtype=object)
        here = [(case, result) for case, result in found if covers(case, point)]
        for case, result in here:
            inside = replace(point, sizes=case.known(point.sizes))
            assert not differs([(result.sides, result.entry)], [expected], inside)
        compared += len(here)
    assert compared == 24


REFUSED = [
    lambda a: a[a.shape[0]],
    lambda a: a[1],
    lambda a: a[-2],
    lambda a: a[True],
    lambda a: a[0.0],
    lambda a: a[[0]],
    lambda a: a[0, 0, 0],
    lambda a: a[..., ...],
    lambda a: a[a > 0],
    lambda a: a[:, a],
    lambda a: a[: a[0, 0]],
    lambda a: a[3::-1],
    lambda a: a[::0],
    lambda a: a[::-2],
    lambda a: a[True:],
    lambda a: a[0.5:0.5],
    lambda a: a["x":"x"],
    lambda a: a[: True],
    lambda a: a["x"],
]


@pytest.mark.parametrize("word", REFUSED)
def test_a_part_without_a_meaning_at_all_sizes_is_refused(word: Any) -> None:
    assert times_refused(word, CASE, (M, N))
