"""The IR's greedy reading of a broadcast, step by step, is `broadcast_to` with the axis map that the documentation gives."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from backproof.equivalence.kernel.decision import Holds
from backproof.equivalence.kernel.shapes import Part, decide_all_shapes
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.patterns import matching
from backproof.runtime.session import Session
from backproof.spec.convention import TORCHLEAN

Shape = tuple[int, ...]


def witnessed(x: Any, target: Shape) -> Any:
    """The four steps of the contract, part 1.3.a, chosen greedily; None if there is no such broadcast."""
    if x.ndim == 0:
        return np.full(target, x)
    if not target:
        return None
    n, rest = target[0], target[1:]
    if x.shape[0] == n:
        slices = [witnessed(part, rest) for part in x]
        if not slices:
            return np.zeros(target) if greedy_axes(x.shape, target) is not None else None
        return None if slices[0] is None else np.stack(slices)
    inner = witnessed(x[0] if x.shape[0] == 1 else x, rest)
    return None if inner is None else np.stack([inner] * n) if n else np.zeros(target)


def greedy_axes(source: Shape, target: Shape) -> tuple[int, ...] | None:
    """The axis map as docs/ir_kinds.md says."""
    left, axes = list(source), []
    for place, side in enumerate(target):
        if left and left[0] in (side, 1):
            axes.append(place)
            left.pop(0)
    return None if left else tuple(axes)


SHAPES = [shape for rank in range(4) for shape in itertools.product((1, 2, 3), repeat=rank)]


def test_the_map_says_what_the_steps_do() -> None:
    compared = 0
    for source, target in itertools.product(SHAPES, SHAPES):
        x = np.arange(1.0, np.prod(source) + 1).reshape(source)
        expected, axes = witnessed(x, target), greedy_axes(source, target)
        assert (expected is None) is (axes is None)
        if axes is not None:
            session = Session()
            assert np.array_equal(
                expected, session.get_value(session.broadcast_to(session.input(x), shape=target, axes=axes))
            )
            compared += 1
    assert compared > 100


@pytest.mark.parametrize(
    ("source", "target", "axes"),
    [((3,), (3, 3), (0,)), ((2, 3), (2, 2, 3), (0, 2)), ((3,), (2, 3), (1,)), ((1, 3), (2, 3), (0, 1)), ((), (2, 3), ())],
)
def test_the_documented_maps_are_the_greedy_ones(source: Shape, target: Shape, axes: tuple[int, ...]) -> None:
    assert axes == greedy_axes(source, target)


@pytest.mark.parametrize("part", Part)
@pytest.mark.parametrize(("source", "target"), [((3,), (3, 3)), ((2, 3), (2, 2, 3)), ((1, 3), (5, 2, 3)), ((2, 1, 3), (2, 7, 3, 4))])
def test_a_greedy_broadcast_is_proved_at_all_shapes(part: Part, source: Shape, target: Shape) -> None:
    attributes = {"shape": target, "axes": greedy_axes(source, target)}
    pattern = matching("broadcast_to", (source,), attributes)
    assert pattern is not None
    assert isinstance(decide_all_shapes(lemma("broadcast_to", part, pattern, TORCHLEAN)), Holds)
