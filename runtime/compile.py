"""A graph, leaf values and an environment become a native tape."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..ir.collector import collector_waits
from ..ir.graph import Environment, Graph, resolve
from .primitive import Array, Primitive, ShapeMismatch, primitive_of
from .tape import Tape


def compile_graph(
    graph: Graph,
    leaves: Sequence[Array],
    environment: Environment,
    make: Callable[[], Tape],
    look_up: Callable[[str], Primitive] = primitive_of,
) -> Tape:
    """Record every node of the graph on a new tape: value ids are the graph's.

    Shapes: one array per leaf, of its declared shape.
    Raises: RuntimeFault for an unknown op, a shape that is not the declared one, or an entry outside a domain.
    """
    if len(leaves) != len(graph.leaves):
        raise ShapeMismatch(f"{len(leaves)} leaf values came, but the graph has {len(graph.leaves)} leaves")
    tape = make()
    for leaf, value in zip(graph.leaves, leaves, strict=True):
        if value.shape != leaf.shape:
            raise ShapeMismatch(f"leaf {leaf.name!r} declares shape {leaf.shape}, but its value has {value.shape}")
        tape.leaf(value, requires_grad=leaf.requires_grad, name=leaf.name)
    with collector_waits():
        for node in graph.nodes:
            place = tape.record(look_up(node.op), node.parents, resolve(node.attributes, environment))
            shape = tape.nodes[place].value.shape
            if shape != node.shape:
                raise ShapeMismatch(
                    f"node {node.name or node.op!r} declares shape {node.shape}, but {node.op} has shape {shape}"
                )
    return tape
