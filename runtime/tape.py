"""The tape: values in evaluation order, each with the function that pulls its cotangent back to its parents.

Source: the contract, sections 3.4 and 3.5, with decisions D4 (what is skipped) and D5 (frozen leaves).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from .primitive import Array, DomainError, Primitive, RuntimeFault

Contributions = Iterable[tuple[int, Array]]
Backward = Callable[[Array], Contributions]


class TapeError(RuntimeFault):
    """A tape used with ids, shapes or lengths that it does not have; `code` says which."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class TapeNode:
    """One value on the tape; `parents` are informational, the reverse loop follows what `backward` emits."""

    __slots__ = ("attributes", "backward", "name", "parents", "primitive", "requires_grad", "value")

    def __init__(
        self,
        value: Array,
        requires_grad: bool,  # noqa: FBT001 - a field, named by the contract
        parents: tuple[int, ...],
        backward: Backward,
        name: str = "",
    ) -> None:
        self.value = value
        self.requires_grad = requires_grad
        self.parents = parents
        self.backward = backward
        self.name = name
        self.primitive: Primitive | None = None
        self.attributes: Mapping[str, Any] = {}


def emit_nothing(_y_bar: Array) -> Contributions:
    """The backward function of a leaf."""
    return ()


class Tape:
    """Values and how to pull cotangents back through them.

    The reverse loop is `backward_dense_from`; every other entry point prepares its array or reads its result.
    """

    def __init__(self) -> None:
        self.nodes: list[TapeNode] = []

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
        for parent in parents:
            if not 0 <= parent < len(nodes):
                raise TapeError("E-value-id", f"{primitive.op} reads id {parent}, but the tape has {len(nodes)} values")
        inputs = [nodes[parent].value for parent in parents]
        node = TapeNode(_forward(primitive, inputs, attributes), True, parents, emit_nothing)  # noqa: FBT003
        node.primitive = primitive
        node.attributes = attributes
        node.backward = self._puller(node, primitive, parents, attributes)
        return self.add_node(node)

    def refresh(self, leaves: Sequence[Array]) -> None:
        """Give the leaves new values of the same shapes and run every recorded primitive again, in order.

        Raises: TapeError E-refresh if the leaves do not fit or a node was not recorded from a primitive; DomainError.
        """
        places = [place for place, node in enumerate(self.nodes) if not node.parents and node.primitive is None]
        if [self.nodes[place].value.shape for place in places] != [leaf.shape for leaf in leaves]:
            raise TapeError("E-refresh", f"{len(leaves)} leaves came, but the tape has {len(places)} of other shapes")
        values: dict[int, Array] = dict(zip(places, leaves, strict=True))
        for place, node in enumerate(self.nodes):
            if node.primitive is not None:
                values[place] = _forward(node.primitive, [values[p] for p in node.parents], node.attributes)
            elif place not in values:
                raise TapeError("E-refresh", f"value {place} has its own backward function and cannot be run again")
        for place, value in values.items():
            self.nodes[place].value = value

    def backward_dense_from(self, cotangents: Sequence[Array]) -> list[Array]:
        """Every value's accumulated cotangent, for a seed on all values at once.

        Visits all nodes that require a gradient, from the last to the first, zero cotangents included.
        Shapes: one seed per value, of its value's shape.
        Raises: TapeError E-g0-length, E-g0-shape, E-contrib-id, E-contrib-shape.
        """
        if len(cotangents) != len(self.nodes):
            raise TapeError("E-g0-length", f"{len(cotangents)} seeds came, but the tape has {len(self.nodes)} values")
        accumulated: list[Any] = list(cotangents)
        for place in range(len(self.nodes) - 1, -1, -1):
            self.propagate(place, accumulated)
        return accumulated

    def backward_dense(self, out: int, seed: Array) -> list[Array | None]:
        """The cotangent of every value that the output depends on, None for the rest.

        Shapes: seed as the output's value.
        Raises: TapeError E-out-id, E-seed-shape, and as backward_dense_from.
        """
        self._check_seed(out, seed)
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

        Raises: TapeError E-seed-shape if the output is not a scalar.
        """
        if not 0 <= out < len(self.nodes):
            raise TapeError("E-out-id", f"output {out} is not one of the tape's {len(self.nodes)} values")
        value = self.nodes[out].value
        return self.backward(out, np.ones_like(value) if value.shape == () else np.ones(()))

    def propagate(self, place: int, accumulated: list[Any]) -> None:
        """One iteration of the reverse loop: pull one value's cotangent back and add what it emits."""
        node = self.nodes[place]
        if not node.requires_grad:
            return
        y_bar = accumulated[place]
        if y_bar.shape != node.value.shape:
            raise TapeError(
                "E-g0-shape", f"value {place} has shape {node.value.shape}, but its cotangent has {y_bar.shape}"
            )
        for parent, contribution in node.backward(y_bar):
            self.accumulate(parent, contribution, accumulated)

    def accumulate(self, parent: int, contribution: Array, accumulated: list[Any]) -> None:
        """Add one contribution to a value's cotangent; a frozen value takes nothing."""
        if not 0 <= parent < len(self.nodes):
            raise TapeError("E-contrib-id", f"a contribution names value {parent}, but there are {len(self.nodes)}")
        target = self.nodes[parent]
        if not target.requires_grad:
            return
        if contribution.shape != target.value.shape:
            raise TapeError(
                "E-contrib-shape",
                f"value {parent} has shape {target.value.shape}, but a contribution has {contribution.shape}",
            )
        existing = accumulated[parent]
        accumulated[parent] = contribution if existing is None else existing + contribution

    def _puller(
        self, node: TapeNode, primitive: Primitive, parents: tuple[int, ...], attributes: Mapping[str, Any]
    ) -> Backward:
        # Values are read when the cotangent arrives: kept from the first run, they would be stale after a refresh.
        nodes = self.nodes

        def pull(y_bar: Array) -> Contributions:
            inputs = [nodes[parent].value for parent in parents]
            return zip(parents, primitive.vjp_kernel(y_bar, node.value, *inputs, **attributes), strict=True)

        return pull

    def _check_seed(self, out: int, seed: Array) -> None:
        if not 0 <= out < len(self.nodes):
            raise TapeError("E-out-id", f"output {out} is not one of the tape's {len(self.nodes)} values")
        needed = self.nodes[out].value.shape
        if seed.shape != needed:
            raise TapeError("E-seed-shape", f"output {out} has shape {needed}, but the seed has shape {seed.shape}")


def _forward(primitive: Primitive, inputs: Sequence[Array], attributes: Mapping[str, Any]) -> Array:
    primitive.shape(*[value.shape for value in inputs], **attributes)
    if primitive.domain_test is not None and not np.all(primitive.domain_test(*inputs, **attributes)):
        raise DomainError(f"{primitive.op} was given an entry outside its domain")
    return primitive.forward_kernel(*inputs, **attributes)
