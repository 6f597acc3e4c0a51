"""Largest cells, their first winners and running sums at all shapes: the words mean what numpy does."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from typing import Any

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import flint
import numpy as np
import pytest
from backproof.equivalence.kernel.shapes.algebra import ONE, summed
from backproof.equivalence.kernel.shapes.arrays import Array
from backproof.equivalence.kernel.shapes.atoms import entry
from backproof.equivalence.kernel.shapes.case import Case, Divide, Fork
from backproof.equivalence.kernel.shapes.equality import vanishes
from backproof.equivalence.kernel.shapes.kernels import symbolic
from backproof.equivalence.kernel.shapes.largest import first, largest
from backproof.equivalence.kernel.shapes.polynomial import (
    Fresh,
    Unsupported,
    indices,
    integer,
    least,
    variable,
    within,
    zero,
)
from backproof.equivalence.kernel.shapes.replay import covers, differs
from backproof.equivalence.kernel.shapes.values import Point

M, N, K = variable("m"), variable("n"), variable("k")
FACTS = frozenset(least(size - integer(1)) for size in (M, N, K))
SHAPES = {"a": (M, N), "b": (M, N), "v": (K,)}


def slide(x: Any, size: Any, axis: int) -> Any:
    return np.lib.stride_tricks.sliding_window_view(x, size, axis=axis)


def walled(a: Any, width: Any) -> Any:
    return np.pad(a, [(0, 0), (width, width)], constant_values=-np.inf)


def put(a: Any, places: Any, values: Any) -> Any:
    z = np.zeros_like(a)
    np.put_along_axis(z, places, values, axis=0)
    return z


WORDS: list[Callable[..., Any]] = [
    lambda a, b, v: np.max(a, axis=1) + np.max(a) - np.max(a, axis=0, keepdims=True)[:, 0],
    lambda a, b, v: np.take_along_axis(b, np.argmax(a, axis=1, keepdims=True), axis=1),
    lambda a, b, v: np.take_along_axis(b, np.argmax(a, axis=0, keepdims=True), axis=0)[0] * 2,
    lambda a, b, v: put(a, np.argmax(a, axis=0, keepdims=True), np.sum(b, axis=0, keepdims=True)),
    lambda a, b, v: np.take_along_axis(b, np.argmin(a, axis=1, keepdims=True), axis=1),
    lambda a, b, v: np.where(np.argmin(a, axis=0) == 0, b[0], 7),
    lambda a, b, v: np.where(np.argmax(a, axis=1) == 0, b[:, 0], 7),
    lambda a, b, v: np.where(np.argmax(a, axis=1) != 1, b[:, 0], 7),
    lambda a, b, v: sum(np.where(np.argmax(a, axis=1) == j, b[:, j] * j, 0) for j in range(a.shape[1])),
    lambda a, b, v: np.max(slide(walled(a, v.shape[0]), v.shape[0] + 1, axis=1), axis=-1),
    lambda a, b, v: np.where(np.max(slide(walled(a, v.shape[0]), v.shape[0], axis=1), axis=-1) > -np.inf, 1.0, 0)[:, ::2] * 3,
    lambda a, b, v: np.where(walled(a, v.shape[0]) > -np.inf, walled(a, v.shape[0]), 9)[:, ::2],
    lambda a, b, v: np.where(np.argmax(slide(walled(a, 1), 2, axis=1), axis=-1) == 0, 5, 6),
    lambda a, b, v: np.where(np.argmax(slide(walled(a, 2), 2, axis=1), axis=-1) == 0, 5, 6),
    lambda a, b, v: np.take_along_axis(slide(np.pad(b, [(0, 0), (2, 2)]), 2, axis=1), np.argmax(slide(walled(a, 2), 2, axis=1), axis=-1, keepdims=True), -1)[..., 0],
    lambda a, b, v: slide(a, 1, axis=0)[..., 0] + slide(b, b.shape[0], axis=0)[0].sum(axis=1),
    lambda a, b, v: np.cumsum(a, axis=0) + np.flip(np.cumsum(np.flip(b, 1), axis=1), 1),
    lambda a, b, v: np.flip(a) * np.flip(b, (0,)),
    lambda a, b, v: np.where(a > -np.inf, a, 5),
]


@pytest.mark.parametrize("place", range(len(WORDS)))
def test_the_words_mean_what_numpy_does(place: int) -> None:
    word, compared = WORDS[place], 0
    for case, result in cases(word):
        for m, n, k in itertools.product((1, 2, 3), (1, 2, 3, 4), (1, 2)):
            for turn in range(3):
                point = drawn({"m": m, "n": n, "k": k}, turn)
                if covers(case, point):
                    floats = [np.array([float(each) for each in x.flat]).reshape(x.shape) for x in point.tensors.values()]
                    known = Point(case.known(point.sizes), point.tensors)
                    assert not differs([(result.sides, result.entry)], [np.asarray(word(*floats), dtype=np.float64)], known)
                    compared += 1
    assert compared >= 24


def cases(word: Any) -> list[tuple[Case, Array]]:
    """What the word returns in every case of sizes on which it branches."""
    pending, found = [Case(tuple((name, variable(name)) for name in "mnk"), FACTS, {})], []
    while pending:
        case = pending.pop()
        try:
            operands = [Array(case, shape, lambda i, name=name: entry(name, i)) for name, shape in SHAPES.items()]
            result = symbolic(word, operands, {})
            if isinstance(result, Array):
                result.entry(indices(result.sides)[0])
            found.append((case, result))
        except Fork as fork:
            pending.extend(case.split(fork.guard))
        except Divide as asked:
            pending.append(case.divided(asked.dividend, asked.divisor))
    return found


def drawn(sizes: dict[str, int], turn: int) -> Point:
    """Entries of few values, so that there are ties."""
    generator, tensors = random.Random(f"{sizes} {turn}"), {}
    for name, shape in SHAPES.items():
        sides = tuple(side.value(sizes) for side in shape)
        tensors[name] = np.empty(sides, dtype=object)
        for index in np.ndindex(sides):
            tensors[name][index] = flint.arb(generator.choice((-1, -2) if turn else (0, 1)))
    return Point(sizes, tensors)


def put_over_what_was_written(a: Any, b: Any, v: Any) -> Any:
    z = np.zeros_like(a)
    z[:] = b
    np.put_along_axis(z, np.argmax(a, axis=0, keepdims=True), np.sum(b, axis=0, keepdims=True), axis=0)
    return z


def written_over_what_was_put(a: Any, b: Any, v: Any) -> Any:
    z = np.zeros_like(a)
    np.put_along_axis(z, np.argmax(a, axis=0, keepdims=True), np.sum(b, axis=0, keepdims=True), axis=0)
    z[:1] = b[:1]
    return z


def put_into_what_was_seen(a: Any, b: Any, v: Any) -> Any:
    z = np.zeros_like(a)
    before = z + 0
    np.put_along_axis(z, np.argmax(a, axis=0, keepdims=True), np.sum(b, axis=0, keepdims=True), axis=0)
    return before + z


REFUSED: list[Callable[..., Any]] = [
    put_over_what_was_written,
    written_over_what_was_put,
    put_into_what_was_seen,
    lambda a, b, v: put(a, np.argmax(a, axis=0, keepdims=True), b),
    lambda a, b, v: walled(a, v.shape[0]) + 1,
    lambda a, b, v: walled(a, v.shape[0]),
    lambda a, b, v: np.sum(walled(a, v.shape[0])),
    lambda a, b, v: np.max(slide(walled(a, v.shape[0]), v.shape[0], axis=1), axis=-1),
    lambda a, b, v: np.where(a > 0, walled(a, 1)[:, : a.shape[1]], 0),
    lambda a, b, v: np.where(np.sum(walled(a, 1)[:, 1:-1] > 0) > 0, 1, 0),
    lambda a, b, v: np.where(walled(a, 1) > 0, 1, 0),
    lambda a, b, v: np.where(walled(a, 1) > -1e30, 1, 0),
    lambda a, b, v: np.where(np.pad(b, [(0, 0), (1, 1)]) == 0, walled(a, 1), 0),
    lambda a, b, v: np.pad(a, [(0, 0), (1, 1)], constant_values=np.inf),
    lambda a, b, v: a + np.inf,
    lambda a, b, v: np.where(a > np.inf, a, 0),
    lambda a, b, v: np.argmax(a, axis=1),
    lambda a, b, v: np.argmax(a, axis=1) + 1,
    lambda a, b, v: b[0][np.argmax(a, axis=1)],
    lambda a, b, v: np.take_along_axis(b, np.argmax(a, axis=0, keepdims=True), axis=1),
    lambda a, b, v: np.take_along_axis(b[:, :-1], np.argmax(a, axis=1, keepdims=True), axis=1),
    lambda a, b, v: np.where(np.argmax(a) == 0, a, b),
    lambda a, b, v: np.where(np.argmax(a, axis=1) == b[:, 0], 1, 0),
    lambda a, b, v: np.where(np.argmax(a, axis=1) > 0, 1, 0),
    lambda a, b, v: a * (3 if np.argmax(a, axis=1) == 0 else 2),
    lambda a, b, v: slide(a, v.shape[0] + a.shape[1], axis=1),
    lambda a, b, v: np.max(a[:, :0], axis=1),
    lambda a, b, v: np.cumsum(a),
]


@pytest.mark.parametrize("place", range(len(REFUSED)))
def test_what_has_no_meaning_is_refused(place: int) -> None:
    with pytest.raises(Unsupported):
        for _case, result in cases(REFUSED[place]):
            if not isinstance(result, Array):  # what no kernel may return
                raise Unsupported(type(result).__name__)


def test_a_family_is_known_by_its_members_and_not_by_its_order() -> None:
    def over(sign: int, shift: Any) -> tuple[Any, Any]:
        name = Fresh()
        body = entry("v", (variable(name) * integer(sign) + shift,))
        return name, body

    name, body = over(1, integer(0))
    moved, other = over(1, integer(-3))
    turned, mirror = over(-1, K - integer(1))
    own, at = within(name, K), variable("i")
    here = frozenset({least(variable(moved) - integer(3)), least(K + integer(2) - variable(moved))})
    assert vanishes(largest(FACTS, body, name, own) - largest(FACTS, other, moved, here), FACTS)
    assert vanishes(first(FACTS, body, name, own, at) - first(FACTS, other, moved, here, at + integer(3)), FACTS)
    assert not vanishes(first(FACTS, body, name, own, at) - first(FACTS, other, moved, here, at), FACTS)
    # Back to front the first winner is the last one.
    back = first(FACTS, mirror, turned, within(turned, K), K - integer(1) - at)
    assert not vanishes(first(FACTS, body, name, own, at) - back, FACTS)


def test_a_family_has_one_first() -> None:
    def at(place: str) -> Any:
        name = Fresh()
        return first(FACTS, entry("v", (variable(name),)), name, within(name, K), variable(place))

    facts = FACTS | within("i", K) | within("j", K)
    assert vanishes(at("i") * at("j") - at("i") * summed(ONE, (), {zero(variable("i") - variable("j"))}), facts)
    assert vanishes(at("i") * at("i") - at("i"), facts)
    assert not vanishes(at("i") * at("j") - at("i"), facts)
