"""Residues: arithmetic is that of integers modulo a prime, and the check by adjoints sees wrong sweeps of large graphs."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from backproof.equivalence.graph_work import GraphWork
from backproof.equivalence.graphs.adjoint import adjoint_check
from backproof.equivalence.kernel import verdict as verdicts
from backproof.equivalence.kernel.scalars.mask import Unsupported
from backproof.equivalence.kernel.verdict import Unknown
from backproof.equivalence.planning import every_op
from backproof.equivalence.residues.array import ResidueArray, residues
from backproof.equivalence.residues.field import (
    MOST_PRODUCTS,
    a_prime,
    error_bound,
    inverse,
    trials_for,
    uniform,
)
from backproof.equivalence.rules.instances import instances
from backproof.ir.exchange import Case, last_value_seeds
from backproof.ir.graph import Environment, Graph, Leaf, Node
from backproof.runtime.primitive import primitive_of
from backproof.runtime.tape import Tape

P = a_prime(random.Random(1))


def drawn(*shape: int, seed: int = 0) -> ResidueArray:
    return residues(uniform(shape, np.random.default_rng(seed), P), P)


def whole(values: Any) -> Any:
    """Python's own integers, which never round."""
    return np.asarray(values).view(np.ndarray).astype(np.int64).astype(object)


def assert_same(expected: Any, came: ResidueArray) -> None:
    assert expected.shape == came.shape
    assert np.all(2 * np.abs(came.view(np.ndarray)) <= P + 2)
    assert np.all((whole(came) - expected) % P == 0)


PAIRS: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "matmul": lambda a, b: a @ b,
    "tensordot": lambda a, b: np.tensordot(a, b, ((1,), (0,))),
    "dot": lambda a, b: np.dot(a, b),
    "einsum of two": lambda a, b: np.einsum("ij,jk->ki", a, b),
    "einsum of three": lambda a, b: np.einsum("ij,jk,ki->k", a, b, a),
    "sum": lambda a, b: np.sum(a, axis=0) + np.sum(b),
    "prod": lambda a, b: np.prod(a, axis=1),
    "cumsum": lambda a, b: np.cumsum(a, axis=1),
    "cumprod": lambda a, b: np.cumprod(a, axis=0),
    "power": lambda a, b: a**5,
    "where": lambda a, b: np.where(a > b, a, 0),
    "halves": lambda a, b: np.concatenate((a[::2], np.flip(b, 0))) * 3 - 1,
}


@pytest.mark.parametrize("name", PAIRS)
def test_what_numpy_does_on_residues_is_what_it_does_on_integers(name: str) -> None:
    a, b = drawn(40, 40, seed=1), drawn(40, 40, seed=2)
    assert_same(np.asarray(PAIRS[name](whole(a), whole(b))), PAIRS[name](a, b))


def test_a_product_longer_than_float64_sums_is_summed_in_parts() -> None:
    a, b = drawn(1, MOST_PRODUCTS + 5, seed=1), drawn(MOST_PRODUCTS + 5, 1, seed=2)
    assert_same(whole(a) @ whole(b), a @ b)


def test_a_quotient_times_its_divisor_is_the_dividend() -> None:
    a, b = drawn(200, seed=1), drawn(200, seed=2)
    assert_same(whole(a), a / b * b)
    assert inverse(np.zeros(1), P) == [0]


def test_machine_numbers_are_read_exactly() -> None:
    a = drawn(50)
    assert_same(whole(a), (a * 0.375 + 1e-6 - 1e-6) / 3 * 8)
    assert_same(whole(a), a * np.array(0.1) / 0.1)


def test_numpy_that_has_no_meaning_here_is_refused_by_name() -> None:
    with pytest.raises(Unsupported, match="floor_divide"):
        drawn(3) // 2
    with pytest.raises(Unsupported, match="histogram"):
        np.histogram(drawn(3))


def test_the_bound_is_met_by_as_many_trials_as_are_said_to_meet_it() -> None:
    assert error_bound(trials_for(60)) <= 2**-60 < error_bound(trials_for(60) - 1)


def alone(op: str, shapes: tuple[tuple[int, ...], ...], shape: tuple[int, ...], attributes: dict[str, Any]) -> Case:
    graph = Graph(tuple(map(Leaf, shapes)), (Node(op, tuple(range(len(shapes))), shape, attributes),))
    return Case(graph, tuple(map(np.zeros, shapes)), Environment(()), last_value_seeds(graph))


@pytest.mark.parametrize("op", every_op())
def test_the_sweeps_of_every_op_are_adjoint_modulo_primes(op: str) -> None:
    rules = [rule for rule in instances(op) if not rule.is_large][-4:]
    came = [adjoint_check(alone(op, rule.shapes, rule.shape, dict(rule.attributes)), Tape) for rule in rules]
    assert came
    assert [] == [verdict for verdict in came if not isinstance(verdict, verdicts.Tested)]


@contextmanager
def vjp(op: str, wrong: Callable[..., Any]) -> Iterator[None]:
    """The op with another VJP."""
    primitive = primitive_of(op)
    shipped = primitive.vjp_kernel
    primitive.vjp(wrong)
    try:
        yield
    finally:
        primitive.vjp(shipped)


def perceptron() -> Case:
    """Large enough not to be run in exact numbers, nor to be bounded entry by entry."""
    shapes = ((64, 600), (300, 600), (300,))
    leaves = tuple(map(Leaf, shapes))
    nodes = (
        Node("linear", (1, 2, 0), (64, 300)), Node("tanh", (3,), (64, 300)), Node("mul", (4, 4), (64, 300)),
        Node("softmax", (5,), (64, 300)),
    )  # fmt: skip
    graph = Graph(leaves, nodes)
    return Case(graph, tuple(map(np.zeros, shapes)), Environment(()), last_value_seeds(graph))


def test_a_large_graph_owes_that_its_sweeps_are_adjoint_and_meets_it() -> None:
    work = GraphWork("large", perceptron())
    assert ["modulo primes" in owed.claim for owed in work.owed()] == [False, True]
    verdict = adjoint_check(perceptron(), Tape)
    assert isinstance(verdict, verdicts.Tested)
    assert "at most 2^-72" in verdict.detail


def _one_entry(y_bar: Any, y: Any, a: Any, b: Any) -> Any:
    kept = np.ones_like(a)
    kept[3, 7] = 0
    return y_bar * b, y_bar * a * kept


WRONG: dict[str, tuple[str, Callable[..., Any]]] = {
    "a factor": ("tanh", lambda y_bar, y, x: (y_bar * (1 + y * y),)),
    "one entry": ("mul", _one_entry),
    "a row": ("linear", lambda y_bar, y, w, b, x: (y_bar.T @ x, np.sum(y_bar[1:], axis=0), y_bar @ w)),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_vjp_in_a_large_graph_is_not_met_and_its_node_named(name: str) -> None:
    op, wrong = WRONG[name]
    with vjp(op, wrong):
        verdict = adjoint_check(perceptron(), Tape)
    assert isinstance(verdict, Unknown)
    assert f"node {op!r} alone" in verdict.detail


class Forgetful(Tape):
    """Keeps the last contribution alone."""

    def accumulate(self, parent: int, contribution: Any, accumulated: list[Any]) -> None:
        accumulated[parent] = contribution


def test_a_wrong_loop_on_a_large_graph_is_not_met() -> None:
    verdict = adjoint_check(perceptron(), Forgetful)
    assert isinstance(verdict, Unknown)
    assert "differ modulo" in verdict.detail
