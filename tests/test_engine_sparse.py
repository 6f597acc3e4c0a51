"""Sparse and dense sweeps agree if every VJP maps zero to zero, and only then (decision D4)."""

from __future__ import annotations

import numpy as np
import pytest
from backproof.runtime.primitive import Array
from backproof.runtime.tape import Contributions, Tape, TapeNode


def tape(offset: float) -> Tape:
    """A leaf, a node that the output does not depend on, and the output; their VJPs add `offset` to the cotangent."""
    made = Tape()
    made.leaf(np.array(3.0))

    def backward(y_bar: Array) -> Contributions:
        return [(0, y_bar + offset)]

    for _ in range(2):
        made.add_node(TapeNode(np.array(3.0), requires_grad=True, parents=(0,), backward=backward))
    return made


def one_hot() -> list[Array]:
    return [np.array(0.0), np.array(0.0), np.array(5.0)]


def test_with_zero_preserving_vjps_the_sparse_sweep_is_the_dense_one_from_a_single_seed() -> None:
    assert [5.0, None, 5.0] == tape(offset=0.0).backward_dense(2, np.array(5.0))
    assert [5.0, 0.0, 5.0] == tape(offset=0.0).backward_dense_all(2, np.array(5.0))
    assert [5.0, 0.0, 5.0] == tape(offset=0.0).backward_dense_from(one_hot())


@pytest.mark.parametrize("offset", [1.0, -2.0])
def test_without_that_hypothesis_they_differ_by_what_zero_is_mapped_to(offset: float) -> None:
    sparse = tape(offset).backward_dense_all(2, np.array(5.0))
    dense = tape(offset).backward_dense_from(one_hot())
    assert offset == dense[0] - sparse[0]
