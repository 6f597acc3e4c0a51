"""Typed programs as plain data: leaves, nodes in evaluation order, and the environment of naturals.

Ids count leaves first, then nodes: leaf i has id i, node k has id len(leaves) + k. What is checked here is structure
(ids, order, arity of declared shapes, well-formed attributes); the shape an op *has* is inferred by spec and by runtime,
each for itself, and their agreement is an obligation.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

Shape = tuple[int, ...]

MAX_ELEMENTS = 2**27
"""Entries a single declared shape may have; a larger one is a mistake in the file, not a tensor."""

MAX_TEXT = 256
"""Characters an attribute in words may have."""


class BackproofError(Exception):
    """Something a caller can read and answer: one clear line that says where, what came and what was needed."""


class GraphError(BackproofError):
    """A graph whose structure is not well-formed."""


@dataclass(frozen=True, slots=True)
class NaturalRef:
    """One natural of the environment, read each time the graph is evaluated."""

    position: int


@dataclass(frozen=True, slots=True)
class NaturalsRef:
    """`count` naturals of the environment from position `start`, read each time the graph is evaluated."""

    start: int
    count: int


@dataclass(frozen=True, slots=True)
class Dense:
    """The value of a constant: row-major entries in binary64."""

    shape: Shape
    entries: tuple[float, ...]


Attribute = int | float | str | tuple[int, ...] | NaturalRef | NaturalsRef | Dense
"""What a node may carry beside its parents. Floats are binary64 and read exactly; a text is printable ASCII."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """An input of the graph; a frozen one (`requires_grad` false) receives no cotangent."""

    shape: Shape
    name: str = ""
    requires_grad: bool = True


@dataclass(frozen=True, slots=True)
class Node:
    """One operation: parents are ids of earlier values; `shape` is the declared shape of its output."""

    op: str
    parents: tuple[int, ...]
    shape: Shape
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    name: str = ""


@dataclass(frozen=True, slots=True)
class Environment:
    """The naturals Δ: read by nodes, not differentiable, free to change between evaluations."""

    naturals: tuple[int, ...] = ()

    def read(self, reference: NaturalRef | NaturalsRef) -> int | tuple[int, ...]:
        """The natural or the naturals that a reference names.

        Raises: GraphError if the reference reaches beyond the environment.
        """
        if isinstance(reference, NaturalRef):
            (natural,) = self.read_all(NaturalsRef(reference.position, 1))
            return natural
        return self.read_all(reference)

    def read_all(self, reference: NaturalsRef) -> tuple[int, ...]:
        """The naturals that a reference to several names.

        Raises: GraphError if the reference reaches beyond the environment.
        """
        end = reference.start + reference.count
        if end > len(self.naturals):
            raise GraphError(
                f"naturals {reference.start} to {end} were asked for, but the environment holds {len(self.naturals)}"
            )
        return self.naturals[reference.start : end]


@dataclass(frozen=True, slots=True)
class Graph:
    """Leaves and nodes, each node after its parents.

    Raises: GraphError, on construction, naming the node and what it needed.
    """

    leaves: tuple[Leaf, ...]
    nodes: tuple[Node, ...]

    def __post_init__(self) -> None:
        for position, leaf in enumerate(self.leaves):
            check_shape(leaf.shape, f"leaf {position}")
        for position, node in enumerate(self.nodes):
            _check_node(node, len(self.leaves) + position)

    def __len__(self) -> int:
        return len(self.leaves) + len(self.nodes)

    def shape(self, value_id: int) -> Shape:
        """The declared shape of a leaf or node."""
        return self.entry(value_id).shape

    def entry(self, value_id: int) -> Leaf | Node:
        """The leaf or node with this id."""
        if value_id < len(self.leaves):
            return self.leaves[value_id]
        return self.nodes[value_id - len(self.leaves)]

    def label(self, value_id: int) -> str:
        """What messages call this value: its name if it has one, else its id."""
        name = self.entry(value_id).name
        return repr(name) if name else f"#{value_id}"


def resolve(attributes: Mapping[str, Attribute], environment: Environment) -> dict[str, object]:
    """The attributes with every reference into the environment replaced by the naturals it names."""
    return {
        key: environment.read(value) if isinstance(value, NaturalRef | NaturalsRef) else value
        for key, value in attributes.items()
    }


def element_count(shape: Shape) -> int:
    """The number of entries of a tensor of this shape."""
    return math.prod(shape)


def check_shape(shape: Shape, where: str) -> None:
    """Refuse a shape that is not a tuple of naturals of sensible size.

    Raises: GraphError.
    """
    if not all(type(side) is int and side >= 0 for side in shape):
        raise GraphError(f"{where} declares shape {shape!r}, but a shape is made of natural numbers")
    if element_count(tuple(side for side in shape if side)) > MAX_ELEMENTS:
        raise GraphError(f"{where} declares shape {shape!r}, more than the {MAX_ELEMENTS} entries a tensor may have")


def _check_node(node: Node, value_id: int) -> None:
    where = f"node {node.name!r}" if node.name else f"node #{value_id}"
    check_shape(node.shape, where)
    for parent in node.parents:
        if not 0 <= parent < value_id:
            raise GraphError(f"{where} has parent {parent!r}, but a parent must be an earlier id, 0 to {value_id - 1}")
    for key, value in node.attributes.items():
        _check_attribute(value, f"{where}, attribute {key!r}")


def _check_attribute(value: Attribute, where: str) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise GraphError(f"{where} is {value!r}, but a number must be finite")
    if isinstance(value, str) and not (len(value) <= MAX_TEXT and value.isascii() and value.isprintable()):
        raise GraphError(f"{where} is {value!r:.80}, but a text is at most {MAX_TEXT} printable ASCII characters")
    if isinstance(value, Dense):
        check_shape(value.shape, where)
        if len(value.entries) != element_count(value.shape):
            raise GraphError(f"{where} has {len(value.entries)} entries, but shape {value.shape} needs "
                             f"{element_count(value.shape)}")
        if not all(math.isfinite(entry) for entry in value.entries):
            raise GraphError(f"{where} has an entry that is not finite")
    if isinstance(value, NaturalRef) and value.position < 0:
        raise GraphError(f"{where} is {value!r}, but a position is a natural number")
    if isinstance(value, NaturalsRef) and (value.start < 0 or value.count < 0):
        raise GraphError(f"{where} is {value!r}, but start and count are natural numbers")
