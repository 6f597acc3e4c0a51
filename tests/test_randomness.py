"""Random ops: the same bits as the hash that the contract gives, computed here a third time, and no gradient."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.kernel.verdict import Proved, Refuted
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import instances
from backproof.equivalence.rules.parts import Part
from backproof.runtime.primitive import PRIMITIVES, ShapeMismatch, primitive_of
from backproof.runtime.session import Session
from backproof.spec.definition import DEFINITIONS
from backproof.spec.definition import ShapeMismatch as SpecMismatch

MASK = 2**64 - 1


def splitmix64(z: int) -> int:
    z = (z + 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def hashed(shape: tuple[int, ...], seed: int, counter: int) -> list[int]:
    count = 1
    for side in shape:
        count *= side
    return [splitmix64((splitmix64((seed + counter) & MASK) + place) & MASK) & 0xFFFFFFFF for place in range(count)]


def test_the_hash_of_this_test_is_the_published_one() -> None:
    state, published = 1234567, [6457827717110365317, 3203168211198807973, 9817491932198370423]
    assert published == [splitmix64((state + k * 0x9E3779B97F4A7C15) & MASK) for k in range(3)]


SHAPES = [(), (1,), (7,), (2, 3), (3, 2), (2, 0), (2, 3, 2)]
SEEDS = [(0, 0), (0, 1), (1, 0), (7, 5), (2**53, 3), (2**64 - 1, 0), (2**64 - 1, 2), (2**70 + 5, 1)]


@pytest.mark.parametrize(("seed", "counter"), SEEDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_uniform_numbers_are_the_hashes_to_the_bit(shape: tuple[int, ...], seed: int, counter: int) -> None:
    expected = np.array([u / 2**32 for u in hashed(shape, seed, counter)]).reshape(shape)
    ours = primitive_of("rand_uniform").forward_kernel(shape, seed, counter)
    assert expected.shape == ours.shape
    assert np.array_equal(expected, ours)
    formula = DEFINITIONS["rand_uniform"].formula
    for index in itertools.product(*map(range, shape)):
        assert expected[index] == formula(*index, shape=shape, seed=seed, counter=counter)


@pytest.mark.parametrize(("seed", "counter"), SEEDS)
def test_a_mask_keeps_what_lies_below_the_probability(seed: int, counter: int) -> None:
    draws = hashed((3, 4), seed, counter)
    # Also exactly at a draw, which is not kept, and at the two numbers beside it.
    for keep in (-1.0, 0.0, 0.25, 0.5, 1.0, *(draws[5] / 2**32 + step * 2.0**-33 for step in (-1, 0, 1))):
        expected = np.array([float(keep > u / 2**32) for u in draws]).reshape(3, 4)
        session = Session()
        mask = session.bernoulli_mask(session.input(keep), shape=(3, 4), seed=seed, counter=counter)
        assert np.array_equal(expected, session.get_value(mask))


def test_a_mask_has_no_gradient_and_no_tangent() -> None:
    session = Session()
    keep = session.input(0.5)
    mask = session.bernoulli_mask(keep, shape=(5,), seed=3, counter=1)
    assert 0.0 == session.backward_dense_all(mask, np.ones(5))[keep.id]
    assert not session.jvp_leaf(mask, keep, 1.0).any()


def test_one_seed_gives_the_same_numbers_again_and_another_counter_others() -> None:
    session = Session()
    session.input(0.0)
    first, again, other = (session.rand_uniform(shape=(9,), seed=4, counter=counter) for counter in (1, 1, 2))
    assert np.array_equal(session.get_value(first), session.get_value(again))
    assert not (session.get_value(first) == session.get_value(other)).any()


UNIFORM = primitive_of("rand_uniform").forward_kernel


def as_mask(draws: Any) -> Callable[..., Any]:
    def kernel(keep: Any, shape: tuple[int, ...], seed: int, counter: int) -> Any:
        ones, zeros = np.ones_like(keep, shape=shape), np.zeros_like(keep, shape=shape)
        return np.where(keep > draws(shape, seed, counter), ones, zeros)

    return kernel


WRONG: list[tuple[str, str, Callable[..., Any]]] = [
    ("rand_uniform", "forward", lambda shape, seed, counter: UNIFORM(shape, seed, 0)),
    ("rand_uniform", "forward", lambda shape, seed, counter: UNIFORM(shape, seed + 1, counter)),
    ("rand_uniform", "forward", lambda shape, seed, counter: UNIFORM(shape[::-1], seed, counter).T),
    ("rand_uniform", "forward", lambda shape, seed, counter: UNIFORM(shape, seed, counter) * (1 - 2.0**-32)),
    ("rand_uniform", "jvp", lambda y, shape, seed, counter: y),
    ("bernoulli_mask", "forward", as_mask(lambda shape, seed, counter: 1 - UNIFORM(shape, seed, counter))),
    ("bernoulli_mask", "forward", as_mask(lambda shape, seed, counter: UNIFORM(shape, seed, counter + 1))),
    ("bernoulli_mask", "vjp", lambda g, y, keep, shape, seed, counter: (np.sum(g) + 0 * keep,)),
    ("bernoulli_mask", "jvp", lambda t, y, keep, shape, seed, counter: y * t),
]


@pytest.mark.parametrize(("op", "part", "kernel"), WRONG)
def test_a_wrong_draw_or_a_gradient_through_it_is_refuted(
    op: str, part: str, kernel: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(primitive_of(op), f"{part}_kernel", kernel)
    verdicts = [RuleCheck(rule, exact_semantics()).verdict(Part(part)) for rule in instances(op)]
    assert any(isinstance(verdict, Refuted) for verdict in verdicts)


@pytest.mark.parametrize("op", ["rand_uniform", "bernoulli_mask"])
def test_the_shipped_rules_are_proved_at_every_instance(op: str) -> None:
    found = [RuleCheck(rule, exact_semantics()).verdict(part) for rule in instances(op) for part in Part]
    assert len(found) >= 8 * len(Part)
    assert all(isinstance(verdict, Proved) for verdict in found)


@pytest.mark.parametrize(("seed", "counter"), [(-1, 0), (0, -1)])
def test_a_negative_seed_is_refused_by_the_spec_and_by_the_runtime(seed: int, counter: int) -> None:
    attributes = {"shape": (2,), "seed": seed, "counter": counter}
    with pytest.raises(ShapeMismatch, match="natural numbers"):
        PRIMITIVES["rand_uniform"].shape(**attributes)
    with pytest.raises(SpecMismatch, match="natural numbers"):
        DEFINITIONS["rand_uniform"].infer_shape((), attributes)


def test_a_probability_that_is_no_scalar_is_refused() -> None:
    session = Session()
    with pytest.raises(ShapeMismatch, match="a scalar is needed"):
        session.bernoulli_mask(session.input([0.5]), shape=(2,), seed=0, counter=0)
