"""The spec's VJPs on a runtime tape: the subject of the accumulation theorem, in exact numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import backproof.spec.definitions  # noqa: F401 - fills the registry of definitions
import pytest
import sympy
from backproof.equivalence.engine.compile_aux import arrays_of, compile_aux_data, tensors_of
from backproof.ir.graph import Environment, Graph, Leaf, NaturalsRef, Node, Shape, element_count
from backproof.runtime.tape import Tape
from backproof.spec.backprop import Context, Semantics, Tensor, backprop_all_ctx, eval_ctx
from backproof.spec.convention import TORCHLEAN
from backproof.spec.evaluate import Symbolic

SEMANTICS = Semantics(TORCHLEAN, Symbolic())


def node(op: str, parents: tuple[int, ...], shape: Shape, attributes: Mapping[str, Any] | None = None) -> Node:
    return Node(op, parents, shape, {} if attributes is None else attributes)


GRAPHS = {
    "leaves alone": Graph((Leaf((2,)), Leaf(())), ()),
    "the same parent twice": Graph((Leaf((2,)),), (node("mul", (0, 0), (2,)), node("add", (1, 1), (2,)))),
    "a diamond and a dead node": Graph(
        (Leaf((2,)), Leaf((2,))),
        (
            node("scale", (0,), (2,), {"c": 3.0}),
            node("relu", (0,), (2,)),
            node("mul", (2, 3), (2,)),
            node("sub", (1, 4), (2,)),
            node("sum", (4,), ()),
        ),
    ),
    "a product with a frozen factor": Graph(
        (Leaf((2, 3)), Leaf((3, 1), requires_grad=False)),
        (node("matmul", (0, 1), (2, 1)), node("matmul", (0, 1), (2, 1)), node("mul", (2, 3), (2, 1))),
    ),
    "no entries": Graph((Leaf((0,)),), (node("mul", (0, 0), (0,)), node("sum", (1,), ()))),
    "rows by the environment": Graph(
        (Leaf((2, 2)),), (node("gather_rows_ref", (0,), (3, 2), {"indices": NaturalsRef(0, 3)}),)
    ),
}
ENVIRONMENT = Environment((1, 0, 1))


def context(shapes: list[Shape], start: int) -> Context:
    entries = (sympy.Rational(numerator, 7) for numerator in range(start, 10**6, 3))
    return tuple(Tensor(shape, tuple(next(entries) for _ in range(element_count(shape)))) for shape in shapes)


def leaves(graph: Graph) -> Context:
    return context([leaf.shape for leaf in graph.leaves], -8)


def seeds(graph: Graph) -> Context:
    return context([graph.shape(value) for value in range(len(graph))], 5)


def aux(graph: Graph) -> Tape:
    return compile_aux_data(graph, leaves(graph), ENVIRONMENT, SEMANTICS, Tape)


@pytest.mark.parametrize("name", GRAPHS)
def test_the_sweep_over_the_specs_vjps_is_the_recursion_exactly(name: str) -> None:
    graph = GRAPHS[name]
    expected = backprop_all_ctx(graph, leaves(graph), ENVIRONMENT, seeds(graph), SEMANTICS)
    assert expected == tensors_of(aux(graph).backward_dense_from(arrays_of(seeds(graph))))


@pytest.mark.parametrize("name", GRAPHS)
def test_the_tape_holds_the_specs_values_under_the_graphs_ids(name: str) -> None:
    graph = GRAPHS[name]
    values = tensors_of([entry.value for entry in aux(graph).nodes])
    assert eval_ctx(graph, leaves(graph), ENVIRONMENT, SEMANTICS) == values


def test_a_node_emits_to_every_earlier_value_and_names_no_parents() -> None:
    graph = GRAPHS["a diamond and a dead node"]
    for place, entry in enumerate(aux(graph).nodes[2:], start=2):
        emitted = list(entry.backward(arrays_of(seeds(graph))[place]))
        assert list(range(place)) == [parent for parent, _ in emitted]
        assert [graph.shape(parent) for parent in range(place)] == [cotangent.shape for _, cotangent in emitted]
        assert () == entry.parents


def test_a_sparse_sweep_reaches_every_earlier_value_and_agrees_with_the_dense_one() -> None:
    graph = GRAPHS["a diamond and a dead node"]
    single = tuple(
        seed if place == 5 else SEMANTICS.zeros(seed.shape) for place, seed in enumerate(seeds(graph))
    )
    expected = backprop_all_ctx(graph, leaves(graph), ENVIRONMENT, single, SEMANTICS)
    reached = aux(graph).backward_dense(5, arrays_of(single)[5])
    assert [None] == reached[6:]
    assert expected[:6] == tensors_of(reached[:6])
