"""A multilayer perceptron of 100 000 parameters whose widths, batch and values are drawn from a seed.

    h ← tanh(h W + b), twice; then the mean squared error of h W + b against a target
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from backproof.ir.exchange import Case, last_value_seeds
from backproof.ir.graph import Environment, Graph, Leaf, Node, Shape
from numpy.typing import NDArray

Array = NDArray[np.float64]

PARAMETERS = 100_000


@dataclass(frozen=True, slots=True)
class Perceptron:
    """Its input, its target and its parameters: a matrix and a bias for each layer."""

    x: Array
    target: Array
    parameters: tuple[Array, ...]

    @property
    def count(self) -> int:
        """How many parameters it has."""
        return sum(each.size for each in self.parameters)


def drawn(seed: int) -> Perceptron:
    """The perceptron of a seed: no two are likely to share a shape."""
    stream = np.random.default_rng(seed)
    batch, first, second, last = (int(stream.integers(*ends)) for ends in ((9, 17), (100, 140), (400, 560), (17, 24)))
    third = (PARAMETERS - second * (first + 1) - last) // (second + 1 + last)  # what is left of the parameters
    parameters = []
    for rows, columns in pairwise((first, second, third, last)):
        parameters += [stream.normal(size=(rows, columns)) / np.sqrt(rows), stream.normal(size=columns)]
    return Perceptron(stream.normal(size=(batch, first)), stream.normal(size=(batch, last)), tuple(parameters))


def case_of(perceptron: Perceptron) -> Case:
    """The perceptron as a graph, seeded at its loss; input and target are frozen."""
    values = (perceptron.x, perceptron.target, *perceptron.parameters)
    leaves = [Leaf(value.shape, requires_grad=place > 1) for place, value in enumerate(values)]
    nodes: list[Node] = []

    def add(op: str, parents: tuple[int, ...], shape: Shape, size: Shape | None = None) -> int:
        nodes.append(Node(op, parents, shape, {} if size is None else {"shape": size}))
        return len(leaves) + len(nodes) - 1

    h = 0
    for weight in range(2, len(values), 2):
        shape = (len(perceptron.x), values[weight].shape[1])
        product = add("matmul", (h, weight), shape)
        h = add("add", (product, add("broadcast_to", (weight + 1,), shape, shape)), shape)
        if weight + 2 < len(values):
            h = add("tanh", (h,), shape)
    add("mse_loss", (h, 1), ())
    graph = Graph(tuple(leaves), tuple(nodes))
    return Case(graph, values, Environment(), last_value_seeds(graph))
