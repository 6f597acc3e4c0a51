"""What a session has recorded since its last reset, and the tape that evaluates it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from ..ir.graph import Attribute, Environment, Graph, Leaf, NaturalRef, NaturalsRef, Node, Shape, resolve
from .arrays import Float
from .calls import Argument
from .compile import compile_graph
from .handles import Handle, Natural, Naturals, Owner, Parameter, SessionError, Value
from .primitive import Array, primitive_of
from .tape import Tape


class Recording:
    """Leaves with their values, nodes, the environment, and which leaf reads which parameter: one generation."""

    def __init__(self, owner: Owner, generation: int, dtype: Float) -> None:
        self.owner = owner
        self.generation = generation
        self.dtype = dtype
        self.leaves: list[Leaf] = []
        self.leaf_values: list[Array] = []
        self.nodes: list[Node] = []
        self.environment = Environment()
        self.uses: list[tuple[Value, Parameter]] = []
        self._tape: Tape | None = None

    def graph(self) -> Graph:
        """The recorded program."""
        return Graph(tuple(self.leaves), tuple(self.nodes))

    def compile(self) -> Tape:
        """A new tape on which everything is evaluated.

        Raises: DomainError.
        """
        return compile_graph(self.graph(), self.leaf_values, self.environment, partial(Tape, self.dtype))

    def tape(self) -> Tape:
        """The tape that grows with the recording, evaluated again if naturals have changed since.

        Raises: DomainError.
        """
        if self._tape is None:
            self._tape = self.compile()
        return self._tape

    def add_leaf(self, leaf: Leaf, value: Array) -> Value:
        """Append a leaf.

        Raises: SessionError E-leaf-late.
        """
        self._check_no_nodes("a leaf")
        self.leaves.append(leaf)
        self.leaf_values.append(value)
        self._tape = None
        return Value(self.owner, self.generation, len(self.leaves) - 1, leaf.shape)

    def add_node(self, op: str, arguments: Mapping[str, Argument]) -> Value:
        """Evaluate an op and append it.

        Raises: SessionError E-handle-*, and E-build-id, E-build-shape (E-ref-* for an op that reads naturals),
        E-nat-id, E-natvec-range; ShapeMismatch, DomainError. Nothing is recorded then.
        """
        use = "E-ref" if any(isinstance(argument, Natural | Naturals) for argument in arguments.values()) else "E-build"
        parents: list[int] = []
        attributes: dict[str, Attribute] = {}
        for name, argument in arguments.items():
            if isinstance(argument, Value):
                parents.append(self.place_of(argument, use))
            elif isinstance(argument, Naturals):
                span = self.span_of(argument)
                attributes[name] = NaturalsRef(span.start, argument.count)
            elif isinstance(argument, Natural):
                attributes[name] = NaturalRef(self.span_of(argument).start)
            else:
                attributes[name] = argument
        tape = self.tape()
        place = tape.record(primitive_of(op), tuple(parents), resolve(attributes, self.environment))
        shape = tape.nodes[place].shape
        self.nodes.append(Node(op, tuple(parents), shape, attributes))
        return Value(self.owner, self.generation, place, shape)

    def add_naturals(self, naturals: tuple[int, ...]) -> Naturals:
        """Append naturals to the environment.

        Raises: SessionError E-leaf-late.
        """
        self._check_no_nodes("a natural")
        start = len(self.environment.naturals)
        self.environment = Environment(self.environment.naturals + naturals)
        self._tape = None
        return Naturals(self.owner, self.generation, start, len(naturals))

    def place_of(self, value: Value, use: str) -> int:
        """The id that a value names; `use` starts the error codes.

        Raises: SessionError E-handle-foreign, E-handle-stale; `use`-id, `use`-shape.
        """
        self.check(value)
        if not 0 <= value.id < len(self.leaves) + len(self.nodes):
            raise SessionError(f"{use}-id", f"{value} was named, but there are {len(self.leaves) + len(self.nodes)}")
        if value.shape != self.shape(value.id):
            raise SessionError(f"{use}-shape", f"{value} was named, but that value has shape {self.shape(value.id)}")
        return value.id

    def leaf_of(self, value: Value, shape: Shape) -> int:
        """The id of a leaf of this shape.

        Raises: SessionError E-handle-foreign, E-handle-stale, E-leaf-id, E-leaf-shape.
        """
        self.check(value)
        if not 0 <= value.id < len(self.leaves):
            raise SessionError("E-leaf-id", f"{value} was named, but the leaves are the first {len(self.leaves)}")
        if not self.leaves[value.id].shape == value.shape == shape:
            raise SessionError(
                "E-leaf-shape", f"{value} was named with a tangent of {shape}; it has {self.leaves[value.id].shape}"
            )
        return value.id

    def shape(self, place: int) -> Shape:
        """The shape of a leaf or node."""
        first = len(self.leaves)
        return self.leaves[place].shape if place < first else self.nodes[place - first].shape

    def span_of(self, reference: Natural | Naturals) -> slice:
        """The part of the environment that a reference names.

        Raises: SessionError E-handle-foreign, E-handle-stale, E-nat-id, E-natvec-range.
        """
        self.check(reference)
        count = len(self.environment.naturals)
        if isinstance(reference, Natural):
            code, span = "E-nat-id", slice(reference.position, reference.position + 1)
        else:
            code, span = "E-natvec-range", slice(reference.start, reference.start + reference.count)
        if not 0 <= span.start <= span.stop <= count:
            raise SessionError(code, f"{reference} came, but the environment holds {count}")
        return span

    def write(self, span: slice, naturals: tuple[int, ...]) -> None:
        """Replace a part of the environment by as many naturals; nodes are evaluated again when next read.

        Raises: SessionError E-nat-value.
        """
        if len(naturals) != span.stop - span.start:
            raise SessionError("E-nat-value", f"{len(naturals)} naturals came, {span.stop - span.start} were needed")
        old = self.environment.naturals
        self.environment = Environment(old[: span.start] + naturals + old[span.stop :])
        self._tape = None

    def check(self, handle: Handle) -> None:
        """Refuse a handle of another session, or of this one before its last reset.

        Raises: SessionError E-handle-foreign, E-handle-stale.
        """
        if handle.owner is not self.owner:
            raise SessionError("E-handle-foreign", f"{handle} belongs to another session")
        if handle.generation != self.generation:
            raise SessionError("E-handle-stale", f"{handle} was given out before the session was reset")

    def _check_no_nodes(self, what: str) -> None:
        if self.nodes:
            raise SessionError("E-leaf-late", f"{what} must come before the first op; {len(self.nodes)} ops are recorded")
