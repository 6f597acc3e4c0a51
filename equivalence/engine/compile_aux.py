"""The theorem's own subject: a runtime tape into which the spec's VJPs are baked.

Every node emits to every earlier value, zeros included, and names no parents.
Source: the contract, sections 3.3 and 3.8 (`compileAuxData`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...ir.graph import Environment, Graph, Leaf, Node
from ...runtime.tape import Contributions, Tape, TapeNode, emit_nothing
from ...spec.backprop import Context, Semantics, Tensor, backprop_ctx, eval_ctx


def compile_aux_data(
    graph: Graph, leaves: Context, environment: Environment, semantics: Semantics, make: Callable[[], Tape]
) -> Tape:
    """A tape of the graph's values whose backward functions are the spec's.

    Arrays hold numbers of the semantics' algebra; ids are the graph's.
    Raises: as eval_ctx.
    """
    tape = make()
    values = eval_ctx(graph, leaves, environment, semantics)
    for leaf, value in zip(graph.leaves, values, strict=False):
        tape.add_node(TapeNode(array_of(value), leaf.requires_grad, (), emit_nothing, leaf.name))
    for place, node in enumerate(graph.nodes, start=len(graph.leaves)):
        backward = _puller(node, values[:place], environment, semantics)
        tape.add_node(TapeNode(array_of(values[place]), True, (), backward, node.name))  # noqa: FBT003 - the contract's
    return tape


def _puller(node: Node, earlier: Context, environment: Environment, semantics: Semantics) -> Any:
    """The node's backward function: its VJP is the recursion on the graph of this node alone."""
    inputs = tuple(earlier[parent] for parent in node.parents)
    alone = Graph(
        tuple(Leaf(value.shape) for value in inputs),
        (Node(node.op, tuple(range(len(inputs))), node.shape, node.attributes),),
    )
    nothing = tuple(semantics.zeros(value.shape) for value in inputs)

    def pull(y_bar: Any) -> Contributions:
        seed = (*nothing, tensor_of(y_bar))
        result = [semantics.zeros(value.shape) for value in earlier]
        cotangents = backprop_ctx(alone, inputs, environment, seed, semantics)
        for parent, cotangent in zip(node.parents, cotangents, strict=True):
            result[parent] = result[parent] + cotangent
        return [(place, array_of(cotangent)) for place, cotangent in enumerate(result)]

    return pull


def arrays_of(context: Context) -> list[Any]:
    """A context as the tape takes it."""
    return [array_of(tensor) for tensor in context]


def tensors_of(arrays: Sequence[Any]) -> Context:
    """What the tape holds, as a context."""
    return tuple(map(tensor_of, arrays))


def array_of(tensor: Tensor) -> Any:
    """A numpy array of objects with the tensor's entries."""
    flat = np.empty(len(tensor.entries), object)
    for place, entry in enumerate(tensor.entries):
        flat[place] = entry
    return flat.reshape(tensor.shape)


def tensor_of(array: Any) -> Tensor:
    """The tensor with an array's entries."""
    return Tensor(array.shape, tuple(array.ravel()))
