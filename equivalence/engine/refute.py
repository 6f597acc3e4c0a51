"""Counterexamples to a tape: a small graph of real ops on which its sweeps and the recursion give different numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from ...ir.exchange import Case, case_document
from ...ir.graph import Environment, Graph, Leaf, Node
from ...runtime import primitives as _primitives  # noqa: F401 - fills the registry that cases are run with
from ...runtime.compile import compile_graph
from ...runtime.tape import Tape
from ...spec import definitions as _definitions  # noqa: F401 - fills the registry that cases are read by
from ...spec.backprop import Context, Semantics, Tensor, backprop_all_ctx, eval_ctx
from ...spec.convention import TORCHLEAN
from ...spec.evaluate import Symbolic
from ..kernel import KERNEL
from ..kernel.decision import Fails
from ..kernel.free_terms import NotFree
from ..kernel.verdict import Counterexample, Side
from .free import engine_claim
from .shrink import Parents, shrink

MOTIFS: tuple[Parents, ...] = (
    ((), (0,)),
    ((), (0, 0)),
    ((), (), (0, 1)),
    ((), (0,), (1,)),
    ((), (0,), (0,)),
    ((), (0,), (0, 1)),
    ((), (0, 0), (0,)),
    ((), (0,), (1,), (1,)),
    ((), (0,), (0,), (0,)),
    ((), (0,), (0,), (1, 2)),
    ((), (0,), (1, 1), (1,)),
    ((), (0,), (1,), (2,)),
)
"""Small graphs that tell most faults, by the parents of each value; no parents is a leaf."""

COTANGENT = "cotangent"
"""The dense sweep of a fresh tape: of all that can differ, what a reader follows best."""

MOST_PRODUCTS = 4
"""Of at most this many values even repeated squares and their cotangents are integers far below 2⁵³."""

MOST_VALUES = 12
"""A graph that does not shrink below this is no counterexample that anybody would read."""


def refute_engine(graph: Graph, tape_class: type[Tape]) -> Counterexample | None:
    """A case on which both sides were run and differ: a motif if one tells the fault, else shrunk from the graph.

    A graph is only run if the tape fails on it with free VJPs: a wrong rule is no fault of the engine.
    """
    cases = (*map(_case, MOTIFS), _case(((), (), (0, 1)), frozen=1))
    found = [each for case in cases if is_suspect(case.graph, tape_class) and (each := differing(case, tape_class))]
    if found:
        return min(found, key=lambda each: each.nodes[0].quantity != COTANGENT)
    smallest = shrink(graph, lambda values: is_suspect(_case(values).graph, tape_class))
    if len(smallest) > MOST_VALUES:
        return None
    case = _case(smallest)
    return differing(case, tape_class) if is_suspect(case.graph, tape_class) else None


def is_suspect(graph: Graph, tape_class: type[Tape]) -> bool:
    """Whether the tape's sweeps are not the recursion on this graph, or do more than free terms can follow."""
    try:
        return type(KERNEL.decide(engine_claim(graph, tape_class))) is Fails
    except NotFree:
        return True


def differing(case: Case, tape_class: type[Tape]) -> Counterexample | None:
    """The case with both sides of the first quantity that differs, None if none does.

    Units: float64 on the tape, exact because a case holds small integers; rationals in the spec.
    """
    for quantity, tape, spec in _quantities(case, tape_class):
        sides = tuple(
            _side(case.graph, value, quantity, came, expected)
            for value, (came, expected) in enumerate(zip(tape, spec, strict=True))
        )
        if any(side.differs for side in sides):
            return Counterexample(case_document(case), sides)
    return None


def _quantities(case: Case, tape_class: type[Tape]) -> Iterator[tuple[str, Sequence[Any], Context]]:
    graph, environment, seeds = case.graph, case.environment, list(case.seeds)
    leaves, semantics = tuple(map(_tensor, case.leaves)), Semantics(TORCHLEAN, Symbolic())
    expected = backprop_all_ctx(graph, leaves, environment, tuple(map(_tensor, seeds)), semantics)
    tape = compile_graph(graph, case.leaves, environment, tape_class)
    yield COTANGENT, tape.backward_dense_from(seeds), expected
    yield "cotangent, swept again", tape.backward_dense_from(seeds), expected

    used = compile_graph(graph, [leaf + 1.0 for leaf in case.leaves], environment, tape_class)
    used.backward_dense_from([2.0 * seed for seed in seeds])
    used.refresh(case.leaves)
    yield "primal, after a run at x + 1", [node.value for node in used.nodes], eval_ctx(
        graph, leaves, environment, semantics
    )
    yield "cotangent, after a run at x + 1", used.backward_dense_from(seeds), expected

    for out in range(len(graph)):
        single = [seed if place == out else np.zeros_like(seed) for place, seed in enumerate(seeds)]
        expected = backprop_all_ctx(graph, leaves, environment, tuple(map(_tensor, single)), semantics)
        reached = tape.backward_dense(out, seeds[out])
        dense = [zero if entry is None else entry for entry, zero in zip(reached, 0 * np.array(seeds), strict=True)]
        yield f"cotangent, sparse from #{out}", dense, expected
        yield f"cotangent, filled from #{out}", tape.backward_dense_all(out, seeds[out]), expected
        by_id = tape.backward(out, seeds[out])
        yield f"cotangent, by id from #{out}", [by_id.get(place, 0.0 * seed) for place, seed in enumerate(seeds)], expected


def _case(values: Parents, frozen: int | None = None) -> Case:
    """Scalars: a value without parents is a leaf, with one parent it is 2x, with two parents their product.

    Larger cases have sums for products, so that float64 stays exact.
    """
    both = "mul" if len(values) <= MOST_PRODUCTS else "add"
    leaves = [place for place, parents in enumerate(values) if not parents]
    graph = Graph(
        tuple(Leaf((), requires_grad=place != frozen) for place in leaves),
        tuple(_node(parents, both) for parents in values[len(leaves) :]),
    )
    return Case(
        graph,
        tuple(np.array(float(place + 3)) for place in leaves),
        Environment(),
        tuple(np.array(float(10**place)) for place in range(len(graph))),
    )


def _node(parents: tuple[int, ...], both: str) -> Node:
    return Node("scale", parents, (), {"c": 2.0}) if len(parents) == 1 else Node(both, parents, ())


def _tensor(value: Any) -> Tensor:
    entries = (Symbolic().number(Fraction(entry)) for entry in value.ravel().tolist())
    return Tensor(value.shape, tuple(entries))


def _side(graph: Graph, value: int, quantity: str, came: Any, expected: Tensor) -> Side:
    tape = tuple(str(Fraction(entry)) for entry in np.asarray(came).ravel().tolist())
    spec = tuple(map(str, expected.entries))
    op = getattr(graph.entry(value), "op", "leaf")
    return Side(value, op, quantity, tape, spec, tape != spec or np.shape(came) != expected.shape)
