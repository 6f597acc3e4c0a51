"""Evaluation, forward mode and reverse mode of a graph, by recursion on its nodes.

    eval(∅) = x                 eval(g·n) = eval(g) ⧺ [n.forward]
    jvp(∅) = ẋ                  jvp(g·n) = jvp(g) ⧺ [n.jvp]
    backprop(∅, s) = s          backprop(g·n, s ⧺ [σ]) = backprop(g, s + n.vjp(σ))
    backprop_all(∅, s) = s      backprop_all(g·n, s ⧺ [σ]) = backprop_all(g, s + n.vjp(σ)) ⧺ [σ]

Source: the contract, section 3.3. A frozen leaf keeps its seed and receives nothing (decision D5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ..ir.graph import Attribute, Environment, Graph, Node, Shape, resolve
from .convention import Convention
from .definition import SpecError, definition_of
from .derive import Instance, instantiate, symbol
from .evaluate import Algebra, Evaluation
from .operand import Entries, indices


class DomainError(SpecError):
    """A point outside the domain of an op."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """A shape and its entries in row-major order, as numbers of some algebra."""

    shape: Shape
    entries: tuple[Any, ...]

    def __add__(self, other: Tensor) -> Tensor:
        if self.shape != other.shape:
            raise SpecError(f"a tensor of shape {self.shape} and one of shape {other.shape} have no sum")
        return Tensor(self.shape, tuple(a + b for a, b in zip(self.entries, other.entries, strict=True)))


Context = tuple[Tensor, ...]
"""One tensor per leaf, then one per node."""


@dataclass(frozen=True)
class Semantics:
    """What graphs mean: a convention for kinks, an algebra of numbers, and the op instances met so far."""

    convention: Convention
    algebra: Algebra
    instances: dict[tuple[Any, ...], Instance] = field(default_factory=dict)

    def instance(self, op: str, shapes: Sequence[Shape], attributes: Mapping[str, Any]) -> Instance:
        """The op at these shapes and attributes, derived once."""
        definition = definition_of(op)
        key = (definition, tuple(shapes), tuple(sorted(attributes.items())))
        if key not in self.instances:
            self.instances[key] = instantiate(definition, shapes, attributes, self.convention)
        return self.instances[key]

    def zeros(self, shape: Shape) -> Tensor:
        """The zero tensor of a shape."""
        zero = self.algebra.number(Fraction(0))
        return Tensor(shape, tuple(zero for _ in indices(shape)))


def eval_ctx(graph: Graph, leaves: Context, environment: Environment, semantics: Semantics) -> Context:
    """The values of all leaves and nodes.

    Raises: SpecError if a leaf's shape or a node's declared shape is not the one it has; DomainError.
    """
    check_context(leaves, tuple(leaf.shape for leaf in graph.leaves), "leaves")
    values = list(leaves)
    for node in graph.nodes:
        step = _Step(node, values, environment, semantics)
        values.append(step.forward())
    return tuple(values)


def jvp_ctx(
    graph: Graph, leaves: Context, tangents: Context, environment: Environment, semantics: Semantics
) -> Context:
    """The tangents of all leaves and nodes, given the leaves'.

    Raises: as eval_ctx, and SpecError if a tangent's shape is not its leaf's.
    """
    check_context(tangents, tuple(leaf.shape for leaf in graph.leaves), "tangents")
    values = eval_ctx(graph, leaves, environment, semantics)
    result = list(tangents)
    for node in graph.nodes:
        result.append(_Step(node, values, environment, semantics).jvp([result[parent] for parent in node.parents]))
    return tuple(result)


def backprop_all_ctx(
    graph: Graph, leaves: Context, environment: Environment, seed: Context, semantics: Semantics
) -> Context:
    """The accumulated cotangent of every leaf and node, for a seed on all of them at once.

    Raises: as eval_ctx, and SpecError if a seed's shape is not its value's.
    """
    check_context(seed, tuple(graph.shape(value) for value in range(len(graph))), "seed")
    values = eval_ctx(graph, leaves, environment, semantics)
    cotangents = list(seed)
    first = len(graph.leaves)
    for position in reversed(range(len(graph.nodes))):
        node = graph.nodes[position]
        step = _Step(node, values, environment, semantics)
        contributions = step.vjp(cotangents[first + position])
        for parent, contribution in zip(node.parents, contributions, strict=True):
            if parent >= first or graph.leaves[parent].requires_grad:
                cotangents[parent] = cotangents[parent] + contribution
    return tuple(cotangents)


def backprop_ctx(
    graph: Graph, leaves: Context, environment: Environment, seed: Context, semantics: Semantics
) -> Context:
    """The accumulated cotangents of the leaves: the first entries of `backprop_all_ctx`."""
    return backprop_all_ctx(graph, leaves, environment, seed, semantics)[: len(graph.leaves)]


def check_context(context: Context, shapes: tuple[Shape, ...], what: str) -> None:
    """Refuse a context that does not have these shapes.

    Raises: SpecError.
    """
    came = tuple(tensor.shape for tensor in context)
    if came != shapes:
        raise SpecError(f"the {what} have shapes {came}, but the graph needs {shapes}")


@dataclass(frozen=True)
class _Step:
    """One node at the values of its parents."""

    node: Node
    values: Sequence[Tensor]
    environment: Environment
    semantics: Semantics

    def forward(self) -> Tensor:
        instance = self._instance()
        if instance.shape != self.node.shape:
            raise SpecError(f"node {self.node.name or self.node.op!r} declares shape {self.node.shape}, "
                            f"but {self.node.op} has shape {instance.shape}")
        evaluation = self._evaluation({})
        for condition in instance.domain:
            sign = self.semantics.algebra.sign(evaluation.value(condition.entry))
            if sign < 0 and condition.kind == "positive" or sign == 0:
                raise DomainError(f"{self.node.op} needs {instance.definition.domain_text}, "
                                  f"but {condition.entry} is {evaluation.value(condition.entry)}")
        return self._tensor(instance.shape, instance.forward, evaluation)

    def jvp(self, tangents: Sequence[Tensor]) -> Tensor:
        instance = self._differentiable()
        symbols = {key: value for i, tensor in enumerate(tangents) for key, value in _bind("x_dot", i, tensor).items()}
        return self._tensor(instance.shape, instance.jvp, self._evaluation(symbols))

    def vjp(self, y_bar: Tensor) -> tuple[Tensor, ...]:
        instance = self._differentiable()
        evaluation = self._evaluation(_bind("y_bar", 0, y_bar))
        return tuple(
            self._tensor(shape, entries, evaluation)
            for shape, entries in zip(instance.shapes, instance.vjp, strict=True)
        )

    def _instance(self) -> Instance:
        attributes: Mapping[str, Attribute | object] = resolve(self.node.attributes, self.environment)
        shapes = [self.values[parent].shape for parent in self.node.parents]
        return self.semantics.instance(self.node.op, shapes, attributes)

    def _differentiable(self) -> Instance:
        """The instance, at a point where the convention declares a derivative. Raises: DomainError."""
        instance = self._instance()
        evaluation = self._evaluation({})
        for discriminant in instance.without_derivative:
            if self.semantics.algebra.sign(evaluation.value(discriminant)) == 0:
                name = instance.convention.name
                raise DomainError(f"{self.node.op} has no derivative where {discriminant} is 0, by the convention {name}")
        return instance

    def _evaluation(self, symbols: Mapping[Any, Any]) -> Evaluation:
        known = dict(symbols)
        for position, parent in enumerate(self.node.parents):
            known |= _bind("x", position, self.values[parent])
        return Evaluation(known, self.semantics.algebra)

    @staticmethod
    def _tensor(shape: Shape, entries: Entries, evaluation: Evaluation) -> Tensor:
        return Tensor(shape, tuple(evaluation.value(entries[index]) for index in indices(shape)))


def _bind(role: str, position: int, tensor: Tensor) -> dict[Any, Any]:
    places = indices(tensor.shape)
    return {symbol(role, position, place): entry for place, entry in zip(places, tensor.entries, strict=True)}
