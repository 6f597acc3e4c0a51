"""Random chains of words that move entries: two that are shown to be equal at all sizes are equal in numpy at each."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from typing import Any

import numpy as np
from backproof.equivalence.kernel.shapes.arrays import Array
from backproof.equivalence.kernel.shapes.atoms import entry
from backproof.equivalence.kernel.shapes.case import Case, Fork
from backproof.equivalence.kernel.shapes.equality import vanishes
from backproof.equivalence.kernel.shapes.kernels import symbolic
from backproof.equivalence.kernel.shapes.polynomial import integer, least, variable, within
from backproof.equivalence.kernel.shapes.replay import covers
from backproof.equivalence.kernel.shapes.setting import any_index, index_name
from backproof.equivalence.kernel.shapes.values import Point

M, N = variable("m"), variable("n")
CASE = Case((), frozenset(least(size - integer(1)) for size in (M, N)), {})


def halves_written(a):
    z = np.zeros_like(a, shape=(2 * a.shape[0], a.shape[1]))
    z[a.shape[0] :] = a
    z[: a.shape[0]] += a
    return z[: a.shape[0]]


def rotated(a):
    return np.concatenate((a[1:], a[:1]))


def rotated_by_writes(a):
    z = np.zeros_like(a)
    z[-1:] = a[:1]
    z[:-1] += a[1:]
    return z


def added_on_diagonals(a):
    z = np.zeros_like(a, shape=(a.shape[0], a.shape[1], a.shape[0]))
    diagonal = np.einsum("iji->ji", z)
    diagonal += a.T - 1
    turned = np.einsum("ijk->kji", z)
    turned += 1
    np.einsum("ijk->jk", z)
    return np.einsum("iji->ij", z)


STEPS: list[Callable[[Any], Any]] = [
    lambda a: a.T,
    lambda a: a[::-1],
    lambda a: a[:, ::-1],
    lambda a: a.reshape((a.shape[1], a.shape[0])),
    lambda a: a.reshape((1, a.size)).T,
    lambda a: a.reshape((a.size, 1)).T,
    lambda a: np.ravel(a)[None],
    lambda a: np.repeat(a, 2, axis=0)[::-1][: a.shape[0]],
    lambda a: np.tile(a, (2, 1))[a.shape[0] :],
    lambda a: np.pad(a, 1)[1:-1, 1:-1],
    lambda a: np.pad(a, ((0, 1), (1, 0)))[1:, 1:],
    lambda a: np.stack((a, a[::-1]))[1],
    lambda a: np.repeat(a, 3, axis=1).reshape((a.shape[0], a.shape[1], 3))[:, :, 1],
    lambda a: np.tile(a, (1, 3)).reshape((a.shape[0], 3, a.shape[1]))[:, 2],
    lambda a: np.moveaxis(a[None], 0, 2).reshape(a.shape),
    halves_written, rotated, rotated_by_writes, added_on_diagonals,
]  # fmt: skip


def chained(steps: tuple[Callable[[Any], Any], ...]) -> Callable[[Any], Any]:
    def chain(a: Any) -> Any:
        for step in steps:
            a = step(a)
        return a.reshape((a.size,))

    return chain


def results(steps: tuple[Callable[[Any], Any], ...]) -> list[tuple[Case, Array]]:
    """What a chain is in each case of sizes."""
    pending, found = [CASE], []
    while pending:
        case = pending.pop()
        sides = tuple(dict(case.images).get(str(*side.variables), side) for side in (M, N))
        array = Array(case, sides, lambda index: entry("a", index))
        try:
            # Each step is run as a kernel of its own: a chain would hold functions in a closure.
            for step in (*steps, chained(())):
                array = symbolic(step, [array], {})
            found.append((case, array))
        except Fork as fork:
            pending.extend(case.split(fork.guard))
    return found


def test_chains_that_are_shown_to_be_equal_are_equal() -> None:
    generator, equal, unequal = random.Random(2), 0, 0
    chains = [(), *((step,) for step in STEPS)]
    chains += [tuple(generator.choice(STEPS) for _ in range(generator.choice((2, 3)))) for _ in range(40)]
    known = [(steps, results(steps)) for steps in chains]
    pairs = [*itertools.combinations(range(len(known)), 2)]
    for left, right in generator.sample(pairs, 350):
        (one, ours), (other, theirs) = known[left], known[right]
        for (case, x), (elsewhere, y) in itertools.product(ours, theirs):
            if case.images or elsewhere.images or not case.same(x.sides[0], y.sides[0]):
                continue
            facts = case.facts | elsewhere.facts
            index = any_index(x.sides)
            if not vanishes(x.entry(index) - y.entry(index), facts | within(index_name(0), x.sides[0])):
                unequal += 1
                continue
            for sizes in itertools.product((1, 2, 3, 4), repeat=2):
                point = Point(dict(zip("mn", sizes, strict=True)), {})
                a = np.arange(float(np.prod(sizes))).reshape(sizes)
                if covers(case, point) and covers(elsewhere, point):
                    equal += 1
                    assert np.array_equal(chained(one)(a), chained(other)(a)), (left, right, sizes)
    assert equal > 200
    assert unequal > 200
