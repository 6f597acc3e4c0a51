"""An engine of some sixty lines of numpy, and the adapter by which it is checked.

    backproof check --rules examples/engines/small_engine.py

Its operations are numpy's alone, so that they also run on exact numbers and on symbols: `exact = True`.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from backproof import Graph, checked_engine

Array = Any


class Value:
    """An array, the values it was computed from, and what a gradient of it gives each of these."""

    def __init__(self, array: Array, parents: tuple["Value", ...] = (), pull: Callable[[Array], Sequence[Array]] = lambda _g: ()) -> None:
        self.array, self.parents, self.pull = array, parents, pull


def unbroadcast(gradient: Array, like: Array) -> Array:
    """Sum a gradient over what numpy repeated."""
    gradient = np.sum(gradient, axis=tuple(range(gradient.ndim - like.ndim)))
    ones = tuple(axis for axis in range(like.ndim) if like.shape[axis] == 1 and gradient.shape[axis] != 1)
    return np.sum(gradient, axis=ones, keepdims=True)


def add(a: Value, b: Value) -> Value:
    return Value(a.array + b.array, (a, b), lambda g: (g, g))


def sub(a: Value, b: Value) -> Value:
    return Value(a.array - b.array, (a, b), lambda g: (g, -g))


def mul(a: Value, b: Value) -> Value:
    return Value(a.array * b.array, (a, b), lambda g: (g * b.array, g * a.array))


def matmul(a: Value, b: Value) -> Value:
    return Value(
        a.array @ b.array,
        (a, b),
        lambda g: (unbroadcast(g @ b.array.mT, a.array), unbroadcast(a.array.mT @ g, b.array)),
    )


def relu(x: Value) -> Value:
    return Value(np.where(x.array > 0, x.array, 0), (x,), lambda g: (np.where(x.array > 0, g, 0),))


def tanh(x: Value) -> Value:
    y = np.tanh(x.array)
    return Value(y, (x,), lambda g: (g * (1 - y * y),))


def exp(x: Value) -> Value:
    y = np.exp(x.array)
    return Value(y, (x,), lambda g: (g * y,))


def total(x: Value) -> Value:
    return Value(np.sum(x.array), (x,), lambda g: (g + np.zeros_like(x.array),))


OPS = {"add": add, "sub": sub, "mul": mul, "matmul": matmul, "relu": relu, "tanh": tanh, "exp": exp, "sum": total}


@checked_engine
class SmallEngine:
    """The adapter: a graph of backproof's is run by the functions above, and swept from a gradient of every value."""

    ops = tuple(OPS)
    exact = True

    def forward(self, graph: Graph, leaves: Sequence[Array]) -> list[Array]:
        self.values = list(map(Value, leaves))
        for node in graph.nodes:
            self.values.append(OPS[node.op](*(self.values[parent] for parent in node.parents)))
        self.count = len(leaves)
        return [value.array for value in self.values]

    def backward(self, seeds: Sequence[Array]) -> list[Array]:
        gradients = {id(value): seed for value, seed in zip(self.values, seeds, strict=True)}
        for value in reversed(self.values):
            for parent, gradient in zip(value.parents, value.pull(gradients[id(value)]), strict=True):
                gradients[id(parent)] = self.accumulated(gradients[id(parent)], gradient)
        return [gradients[id(value)] for value in self.values[: self.count]]

    def accumulated(self, so_far: Array, more: Array) -> Array:
        return so_far + more
