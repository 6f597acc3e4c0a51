"""Loops over ranges of unknown length that one round cannot stand for are refused: kept state, escapes, branches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from backproof.equivalence.kernel.shapes.arrays import Array
from backproof.equivalence.kernel.shapes.atoms import entry
from backproof.equivalence.kernel.shapes.case import Case
from backproof.equivalence.kernel.shapes.kernels import symbolic
from backproof.equivalence.kernel.shapes.polynomial import Unsupported, indices, integer, least, variable

M, K = variable("m"), variable("k")


def carried(a: Any, v: Any) -> Any:
    total = a
    for k in range(v.shape[0]):
        total = total + a * v[k]
    return total


def carried_by_a_list(a: Any, v: Any) -> Any:
    total = [a]
    return sum((total.append(total[-1] + a), v[k] * total[-1])[1] for k in range(v.shape[0]))


def carried_by_an_assignment_inside(a: Any, v: Any) -> Any:
    total = a
    return sum((total := total + a) * v[k] for k in range(v.shape[0]))


def carried_by_a_generator(a: Any, v: Any) -> Any:
    def prefixes() -> Any:
        total = a
        for k in range(v.shape[0]):
            total = total + a * v[k]
            yield total

    return sum(prefixes())


def carried_by_a_closure(a: Any, v: Any) -> Any:
    total = a

    def more() -> Any:
        nonlocal total
        total = total + a
        return total

    return sum(more() * v[k] for k in range(v.shape[0]))


def carried_by_a_closure_in_a_closure(a: Any, v: Any) -> Any:
    total = a

    def outer() -> Any:
        def more() -> Any:
            nonlocal total
            total = total + a
            return total

        return more()

    return sum(outer() * v[k] for k in range(v.shape[0]))


def carried_by_an_iterator(a: Any, v: Any) -> Any:
    once = (1 for _ in range(1))
    return sum(v[k] * (a + sum(once)) for k in range(v.shape[0]))


def carried_by_a_zip(a: Any, v: Any) -> Any:
    once = zip((1, 2), (3, 4), strict=True)
    return sum(v[k] * (a + len(list(once))) for k in range(v.shape[0]))


def carried_by_a_default(a: Any, v: Any) -> Any:
    def more(k: Any, met: Any = []) -> Any:  # noqa: B006 - that it is kept is the fault
        met.append(1)
        return a * len(met) * v[k]

    return sum(more(k) for k in range(v.shape[0]))


def carried_by_zeros(a: Any, v: Any) -> Any:
    z = np.zeros_like(a)

    def more(k: Any) -> Any:
        nonlocal z
        z += a
        return z * v[k]

    return sum(more(k) for k in range(v.shape[0]))


def written_into_zeros_outside(a: Any, v: Any) -> Any:
    z = np.zeros_like(v)

    def more(k: Any) -> Any:
        z[k : k + 1] += 1
        return v[k]

    return sum(more(k) for k in range(v.shape[0])) + z


def kept_by_a_function(a: Any, v: Any) -> Any:
    return sum(memory(a) * v[k] for k in range(v.shape[0]))


def _remembering() -> Any:
    calls = 0

    def outer(a: Any) -> Any:
        def inner() -> Any:
            nonlocal calls
            calls = calls + 1
            return a * calls

        return inner()

    return outer


memory = _remembering()


def branching_on_the_index(a: Any, v: Any) -> Any:
    return sum(v[k] * (2 if k == 0 else 1) for k in range(v.shape[0]))


def filtering_by_the_index(a: Any, v: Any) -> Any:
    return sum(v[k] for k in range(v.shape[0]) if k > 0)


def filtering_by_the_truth_of_the_index(a: Any, v: Any) -> Any:
    return sum(v[k] for k in range(v.shape[0]) if k)


def leaking_a_list(a: Any, v: Any) -> Any:
    (item,) = [a * v[k] for k in range(v.shape[0])]
    return item


def leaking_the_index(a: Any, v: Any) -> Any:
    for k in range(v.shape[0]):
        pass
    return a * v[k]


def leaking_from_a_tuple(a: Any, v: Any) -> Any:
    (item,) = tuple(a * v[k] for k in range(v.shape[0]))
    return item


def counting(a: Any, v: Any) -> Any:
    return a * len(tuple(a * v[k] for k in range(v.shape[0])))


def counting_rounds(a: Any, v: Any) -> Any:
    return a * sum(1 for k in range(v.shape[0]))


def growing(a: Any, v: Any) -> Any:
    return sum(v[: k + 1].sum() * v[:k] for k in range(v.shape[0]))


def out_of_range(a: Any, v: Any) -> Any:
    return sum(v[k + 1] for k in range(v.shape[0]))


def one_range_in_another(a: Any, v: Any) -> Any:
    return sum(v[k] * v[j] for k in range(v.shape[0]) for j in range(v.shape[0]))


def summed_twice(a: Any, v: Any) -> Any:
    places = np.ndindex(v.shape[0], v.shape[0])
    return sum(v[k] * v[j] for k, j in places) + sum(v[k] * v[j] for k, j in places)


def largest_of_a_loop(a: Any, v: Any) -> Any:
    return max(v[k] for k in range(v.shape[0]))


def by_zip(a: Any, v: Any) -> Any:
    return sum(v[k] for k, _ in zip(range(v.shape[0]), range(v.shape[0]), strict=True))


def by_enumerate(a: Any, v: Any) -> Any:
    return sum(v[k] * place for place, k in enumerate(range(v.shape[0])))


def peeking(a: Any, v: Any) -> Any:
    loop = (v[k] for k in range(v.shape[0]))
    return sum(loop) + a * (1 if loop.gi_frame is None else 2)


def sending(a: Any, v: Any) -> Any:
    loop = (v[k] for k in range(v.shape[0]))
    return loop.send(None) + sum(loop)


REFUSED = [
    carried, carried_by_a_list, carried_by_an_assignment_inside, carried_by_a_generator, carried_by_a_closure,
    carried_by_a_closure_in_a_closure, carried_by_an_iterator, carried_by_a_zip, carried_by_a_default,
    carried_by_zeros, written_into_zeros_outside, kept_by_a_function, branching_on_the_index, filtering_by_the_index,
    filtering_by_the_truth_of_the_index, leaking_a_list, leaking_the_index, leaking_from_a_tuple, counting,
    counting_rounds, growing, out_of_range, one_range_in_another, summed_twice, largest_of_a_loop, by_zip,
    by_enumerate, peeking, sending,
]  # fmt: skip


@pytest.mark.parametrize("word", REFUSED)
def test_a_loop_that_one_round_cannot_stand_for_is_refused(word: Any) -> None:
    case = Case((("m", M), ("k", K)), frozenset({least(M - integer(1)), least(K - integer(1))}), {})
    operands = [Array(case, (M,), lambda i: entry("a", i)), Array(case, (K,), lambda i: entry("v", i))]
    with pytest.raises(Unsupported):
        result = symbolic(word, operands, {})
        result.entry(indices(result.sides)[0])
