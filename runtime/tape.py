"""The tape: values in evaluation order, each with the function that pulls its cotangent back to its parents.

Source: the contract, sections 3.4 and 3.5, with decisions D4 (what is skipped) and D5 (frozen leaves).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..ir.collector import collector_waits
from ..ir.graph import Shape
from .primitive import Array, DomainError, Primitive, RuntimeFault

Contributions = Iterable[tuple[int, Array]]
Backward = Callable[[Array], Contributions]


class TapeError(RuntimeFault):
    """A tape used with ids, shapes or lengths that it does not have; `code` says which."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class TapeNode:
    """A leaf, or a value with a backward function of its own.

    `parents` are informational: the reverse loop follows what `backward` emits.
    """

    __slots__ = ("backward", "name", "parents", "requires_grad", "shape", "value")

    def __init__(
        self,
        value: Array,
        requires_grad: bool,  # noqa: FBT001 - a field, named by the contract
        parents: tuple[int, ...],
        backward: Backward,
        name: str = "",
    ) -> None:
        self.value = value
        self.shape = value.shape
        self.requires_grad = requires_grad
        self.parents = parents
        self.backward = backward
        self.name = name


class RecordedNode:
    """A value that a primitive computed, with what it was computed from."""

    __slots__ = ("attributes", "inputs", "parents", "primitive", "shape", "value")

    name = ""
    requires_grad = True

    def __init__(
        self,
        primitive: Primitive,
        parents: tuple[int, ...],
        inputs: Sequence[Array],
        attributes: Mapping[str, Any],
        value: Array,
    ) -> None:
        self.primitive = primitive
        self.parents = parents
        self.inputs = inputs
        self.attributes = attributes
        self.value = value
        self.shape = value.shape

    def backward(self, y_bar: Array) -> Contributions:
        """One cotangent for each parent.

        Raises: TapeError E-contrib-count.
        """
        cotangents = self.primitive.vjp_kernel(y_bar, self.value, *self.inputs, **self.attributes)
        if len(cotangents) != len(self.parents):
            raise TapeError(
                "E-contrib-count",
                f"the VJP of {self.primitive.op} gave {len(cotangents)} cotangents for {len(self.parents)} inputs",
            )
        return zip(self.parents, cotangents)  # noqa: B905 - the lengths were compared above, with a clearer error


def emit_nothing(_y_bar: Array) -> Contributions:
    """The backward function of a leaf."""
    return ()


class Tape:
    """Values and how to pull cotangents back through them.

    The reverse loop is `propagate`, from the last value to the first; every entry point prepares its array or reads
    its result. Results may share memory with each other: treat them as read-only.
    """

    def __init__(self, dtype: type[np.floating[Any]] | None = None) -> None:
        """An empty tape; recorded values are rounded to `dtype`, or kept as the kernels return them (None)."""
        self.dtype = dtype
        self.nodes: list[TapeNode | RecordedNode] = []

    def __len__(self) -> int:
        return len(self.nodes)

    def leaf(self, value: Array, *, requires_grad: bool = True, name: str = "") -> int:
        """Append an input; returns its id. A frozen one (`requires_grad` false) receives no cotangent."""
        return self.add_node(TapeNode(value, requires_grad, (), emit_nothing, name))

    def add_node(self, node: TapeNode) -> int:
        """Append a value with its own backward function; returns its id."""
        self.nodes.append(node)
        return len(self.nodes) - 1

    def record(self, primitive: Primitive, parents: tuple[int, ...], attributes: Mapping[str, Any]) -> int:
        """Run a primitive on earlier values and append the result; returns its id.

        Raises: ShapeMismatch, DomainError; TapeError E-value-id. Nothing is recorded then.
        """
        nodes = self.nodes
        place = len(nodes)
        inputs: list[Array] = []
        shapes: list[Shape] = []
        for parent in parents:
            if not 0 <= parent < place:
                raise TapeError("E-value-id", f"{primitive.op} reads id {parent}, but the tape has {place} values")
            node = nodes[parent]
            inputs.append(node.value)
            shapes.append(node.shape)
        primitive.shape(*shapes, **attributes)
        if primitive.domain_test is not None and not np.all(primitive.domain_test(*inputs, **attributes)):
            raise DomainError(f"{primitive.op} was given an entry outside its domain")
        value = primitive.forward_kernel(*inputs, **attributes)
        if self.dtype is not None:
            value = np.asarray(value, self.dtype)
        nodes.append(RecordedNode(primitive, parents, inputs, attributes, value))
        return place

    def refresh(self, leaves: Sequence[Array]) -> None:
        """Give the leaves new values of the same shapes and record every primitive again, in order.

        Raises: TapeError E-refresh if the leaves do not fit or a node was not recorded from a primitive; DomainError.
        Nothing is changed then.
        """
        old = [node for node in self.nodes if isinstance(node, TapeNode)]
        if any(node.backward is not emit_nothing for node in old):
            raise TapeError("E-refresh", "a value with its own backward function cannot be computed again")
        if [node.shape for node in old] != [leaf.shape for leaf in leaves]:
            raise TapeError("E-refresh", f"{len(leaves)} leaves came, but the tape has {len(old)} of other shapes")
        again = Tape(self.dtype)
        values = iter(leaves)
        with collector_waits():
            for node in self.nodes:
                if isinstance(node, RecordedNode):
                    again.record(node.primitive, node.parents, node.attributes)
                else:
                    again.leaf(next(values), requires_grad=node.requires_grad, name=node.name)
        self.nodes = again.nodes

    def backward_dense_from(self, cotangents: Sequence[Array]) -> list[Array]:
        """Every value's accumulated cotangent, for a seed on all values at once.

        Visits all nodes that require a gradient, from the last to the first, zero cotangents included.
        Shapes: one seed per value, of its value's shape.
        Raises: TapeError E-g0-length, E-g0-shape, E-contrib-id, E-contrib-shape, E-contrib-count.
        """
        if len(cotangents) != len(self.nodes):
            raise TapeError("E-g0-length", f"{len(cotangents)} seeds came, but the tape has {len(self.nodes)} values")
        for place, (node, cotangent) in enumerate(zip(self.nodes, cotangents, strict=True)):
            if node.requires_grad and cotangent.shape != node.shape:
                raise TapeError("E-g0-shape", f"value {place} has shape {node.shape}, but its seed {cotangent.shape}")
        accumulated: list[Any] = list(cotangents)
        for place in range(len(self.nodes) - 1, -1, -1):
            self.propagate(place, accumulated)
        return accumulated

    def backward_dense(self, out: int, seed: Array) -> list[Array | None]:
        """The cotangent of every value that the output depends on, None for the rest.

        Shapes: seed as the output's value.
        Raises: TapeError E-out-id, E-seed-shape, and as backward_dense_from.
        """
        needed = self._output(out).shape
        if seed.shape != needed:
            raise TapeError("E-seed-shape", f"output {out} has shape {needed}, but the seed has shape {seed.shape}")
        accumulated: list[Array | None] = [None] * len(self.nodes)
        accumulated[out] = seed
        for place in range(len(self.nodes) - 1, -1, -1):
            if accumulated[place] is not None:
                self.propagate(place, accumulated)
        return accumulated

    def backward_dense_all(self, out: int, seed: Array) -> list[Array]:
        """As backward_dense, with zeros for the values that were not reached (decision D4)."""
        reached = self.backward_dense(out, seed)
        return [
            np.zeros_like(node.value) if cotangent is None else cotangent
            for node, cotangent in zip(self.nodes, reached, strict=True)
        ]

    def backward(self, out: int, seed: Array) -> dict[int, Array]:
        """As backward_dense, as a map that holds only the values reached."""
        reached = self.backward_dense(out, seed)
        return {place: cotangent for place, cotangent in enumerate(reached) if cotangent is not None}

    def backward_scalar(self, out: int) -> dict[int, Array]:
        """The gradient of a scalar output: backward with seed 1.

        Raises: TapeError E-out-id, and E-seed-shape if the output is not a scalar.
        """
        return self.backward(out, np.ones_like(self._output(out).value, shape=()))

    def propagate(self, place: int, accumulated: list[Any]) -> None:
        """One iteration of the reverse loop: pull one value's cotangent back and add what it emits."""
        node = self.nodes[place]
        if not node.requires_grad:
            return
        for parent, contribution in node.backward(accumulated[place]):
            self.accumulate(parent, contribution, accumulated)

    def accumulate(self, parent: int, contribution: Array, accumulated: list[Any]) -> None:
        """Add one contribution to a value's cotangent; a frozen value takes nothing."""
        if not 0 <= parent < len(self.nodes):
            raise TapeError("E-contrib-id", f"a contribution names value {parent}, but there are {len(self.nodes)}")
        target = self.nodes[parent]
        if not target.requires_grad:
            return
        if contribution.shape != target.shape:
            raise TapeError(
                "E-contrib-shape", f"value {parent} has shape {target.shape}, but a contribution {contribution.shape}"
            )
        existing = accumulated[parent]
        accumulated[parent] = contribution if existing is None else existing + contribution

    def _output(self, out: int) -> TapeNode | RecordedNode:
        if not 0 <= out < len(self.nodes):
            raise TapeError("E-out-id", f"output {out} is not one of the tape's {len(self.nodes)} values")
        return self.nodes[out]
