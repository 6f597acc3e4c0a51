"""The imperative API: leaves, naturals and ops recorded one after another, and derivatives of what was recorded.

Source: the contract, sections 3.2 and 3.5 to 3.7, with decisions D4 to D7 and D11. `docs/session.md` lists all verbs
and error codes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from ..ir.exchange import Case
from ..ir.graph import Dense, Graph, Leaf
from . import primitives as _registered  # noqa: F401 - importing them fills the registry
from .arrays import Float, array_in, array_out, naturals_in
from .calls import Argument, method_of
from .descent import sgd_step
from .forward_mode import jvp_dense
from .handles import Natural, Naturals, Owner, Parameter, SessionError, Value
from .primitive import PRIMITIVES, Array
from .recording import Recording
from .tape import Tape


class Session:
    """A program that is evaluated as it is recorded.

    Every op of the registry is a method with the parameters of its forward kernel: `session.matmul(a, b)`,
    `session.scale(x, c=2.0)`. A verb that fails changes nothing. Arrays are copied on their way in and read-only on
    their way out.
    """

    def __init__(self, dtype: Float = np.float64) -> None:
        """An empty session that computes in np.float64 or np.float32.

        Raises: SessionError E-dtype.
        """
        if dtype not in (np.float32, np.float64):
            raise SessionError("E-dtype", f"a session computes in np.float32 or np.float64, but {dtype!r} came")
        self._dtype = dtype
        self._recording = Recording(Owner(), 0, dtype)

    def reset_tape(self) -> None:
        """Forget leaves, nodes and naturals; handles given out so far become stale, parameters keep their values."""
        self._recording = Recording(self._recording.owner, self._recording.generation + 1, self._dtype)

    def param(self, initial: ArrayLike, *, name: str = "", requires_grad: bool = True) -> Parameter:
        """A new parameter; records nothing.

        Raises: SessionError E-value.
        """
        return Parameter(array_in(initial, self._dtype), name, requires_grad)

    def use(self, parameter: Parameter) -> Value:
        """A leaf with the parameter's present value; used twice, a parameter has two leaves and gets both updates.

        Raises: SessionError E-leaf-late, E-value.
        """
        leaf = self.input(parameter.value, name=parameter.name, requires_grad=parameter.requires_grad)
        self._recording.uses.append((leaf, parameter))
        return leaf

    def input(self, value: ArrayLike, *, name: str = "", requires_grad: bool = True) -> Value:
        """A leaf; a frozen one (`requires_grad` false) receives no cotangent.

        Raises: SessionError E-leaf-late, E-value.
        """
        array = array_in(value, self._dtype)
        return self._recording.add_leaf(Leaf(array.shape, name, requires_grad), array)

    def const(self, value: ArrayLike) -> Value:
        """A constant, finite: a frozen leaf before the first op, a node without parents after it (decision D6).

        Raises: SessionError E-value.
        """
        array = array_in(value, self._dtype)
        if not np.all(np.isfinite(array)):
            raise SessionError("E-value", "a constant has an entry that is not finite")
        if not self._recording.nodes:
            return self._recording.add_leaf(Leaf(array.shape, requires_grad=False), array)
        return self._record("const", {"value": Dense(array.shape, tuple(array.ravel().tolist()))})

    def input_nat(self, natural: int) -> Natural:
        """One natural of the environment.

        Raises: SessionError E-leaf-late, E-nat-value.
        """
        added = self.input_nat_vec([natural])
        return Natural(added.owner, added.generation, added.start)

    def input_nat_vec(self, naturals: Sequence[int]) -> Naturals:
        """Naturals of the environment, which ops read as indices.

        Raises: SessionError E-leaf-late, E-nat-value.
        """
        return self._recording.add_naturals(naturals_in(naturals))

    def get_nat(self, reference: Natural) -> int:
        """The natural as it is now.

        Raises: SessionError E-nat-id.
        """
        return self._recording.environment.naturals[self._recording.span_of(reference)][0]

    def set_nat(self, reference: Natural, natural: int) -> None:
        """Change a natural: recorded nodes that read it have other values and derivatives from now on.

        Raises: SessionError E-nat-id, E-nat-value.
        """
        self._recording.write(self._recording.span_of(reference), naturals_in([natural]))

    def get_nat_vec(self, reference: Naturals) -> tuple[int, ...]:
        """The naturals as they are now.

        Raises: SessionError E-natvec-range.
        """
        return self._recording.environment.naturals[self._recording.span_of(reference)]

    def set_nat_vec(self, reference: Naturals, naturals: Sequence[int]) -> None:
        """Change naturals: recorded nodes that read them have other values and derivatives from now on.

        Raises: SessionError E-natvec-range, E-nat-value.
        """
        self._recording.write(self._recording.span_of(reference), naturals_in(naturals))

    def __getattr__(self, op: str) -> Callable[..., Value]:
        """The op of this name as a function that records it.

        Raises: AttributeError if there is none.
        """
        if op not in PRIMITIVES:
            raise AttributeError(f"a session has no verb or op {op!r}; the ops are {', '.join(sorted(PRIMITIVES))}")

        return method_of(op, PRIMITIVES[op].forward_kernel, self._record)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *PRIMITIVES})

    def get_value(self, value: Value) -> Array:
        """What a leaf or node evaluates to, with the naturals as they are now.

        Raises: SessionError E-ref-id, E-ref-shape; DomainError.
        """
        place = self._recording.place_of(value, "E-ref")
        return array_out(self._recording.tape().nodes[place].value)

    def compile_tape(self) -> Tape:
        """The recorded program on a native tape of its own: value ids are those of the handles.

        Raises: DomainError.
        """
        return self._recording.compile()

    def graph(self) -> Graph:
        """The recorded program."""
        return self._recording.graph()

    def case(self, out: Value, seed: ArrayLike) -> Case:
        """The recorded program with its leaf values, its naturals and a seed at one value, for export.

        Shapes: seed as the output's value.
        Raises: SessionError E-ref-id, E-ref-shape; GraphError if a leaf is not finite or the seed does not fit.
        """
        place = self._recording.place_of(out, "E-ref")
        graph = self.graph()
        seeds = [np.zeros(graph.shape(other)) for other in range(len(graph))]
        seeds[place] = np.array(seed, dtype=np.float64)
        leaves = tuple(value.astype(np.float64) for value in self._recording.leaf_values)
        return Case(graph, leaves, self._recording.environment, tuple(seeds))

    def backward_dense_all(self, out: Value, seed: ArrayLike) -> tuple[Array, ...]:
        """The cotangent of every leaf and node, zeros where the output does not depend on it (decision D4).

        Shapes: seed as the output's value.
        Raises: SessionError E-value; TapeError E-out-id, E-seed-shape; DomainError.
        """
        self._recording.check(out)
        cotangents = self._recording.tape().backward_dense_all(out.id, array_in(seed, self._dtype))
        return tuple(array_out(cotangent) for cotangent in cotangents)

    def backward_scalar_dense_all(self, out: Value) -> tuple[Array, ...]:
        """The gradient of a scalar with respect to every leaf and node.

        Raises: as backward_dense_all; E-seed-shape if the output is not a scalar.
        """
        return self.backward_dense_all(out, 1)

    def grad(self, cotangents: Sequence[Array], value: Value) -> Array:
        """A value's cotangent among all.

        Raises: SessionError E-grad-range, E-grad-shape.
        """
        self._recording.check(value)
        if not 0 <= value.id < len(cotangents):
            raise SessionError("E-grad-range", f"{value} was asked for among {len(cotangents)} cotangents")
        if cotangents[value.id].shape != value.shape:
            raise SessionError("E-grad-shape", f"{value} was asked for, its entry is of {cotangents[value.id].shape}")
        return cotangents[value.id]

    def jvp_dense_all(self, out: Value, tangents: Sequence[ArrayLike]) -> Array:
        """The tangent of a value, given those of all leaves.

        Shapes: one tangent per leaf, frozen ones too, each of its leaf's shape.
        Raises: SessionError E-dx-size, E-dx-shape, E-value, then E-ref-id, E-ref-shape; DomainError.
        """
        leaves = self._recording.leaves
        if len(tangents) != len(leaves):
            raise SessionError("E-dx-size", f"{len(tangents)} tangents came for {len(leaves)} leaves")
        arrays = [array_in(tangent, self._dtype) for tangent in tangents]
        for place, (leaf, array) in enumerate(zip(leaves, arrays, strict=True)):
            if array.shape != leaf.shape:
                raise SessionError("E-dx-shape", f"leaf {place} has shape {leaf.shape}, but its tangent {array.shape}")
        place = self._recording.place_of(out, "E-ref")
        return array_out(jvp_dense(self._recording.tape(), arrays)[place])

    def jvp_leaf(self, out: Value, leaf: Value, tangent: ArrayLike) -> Array:
        """The tangent of a value when one leaf moves and the others stand still.

        Shapes: tangent as the leaf.
        Raises: SessionError E-leaf-id, E-leaf-shape, E-value, E-ref-id, E-ref-shape; DomainError.
        """
        moving = array_in(tangent, self._dtype)
        place = self._recording.leaf_of(leaf, moving.shape)
        tangents = [np.zeros_like(value) for value in self._recording.leaf_values]
        tangents[place] = moving
        return self.jvp_dense_all(out, tangents)

    def jvp_scalar_leaf(self, out: Value, leaf: Value, tangent: ArrayLike) -> float:
        """As jvp_leaf, for a scalar output.

        Raises: as jvp_leaf; SessionError E-ref-shape if the output is not a scalar.
        """
        if out.shape != ():
            raise SessionError("E-ref-shape", f"{out} was named, but a scalar was needed")
        return float(self.jvp_leaf(out, leaf, tangent))

    def sgd_step_all(self, rate: float, cotangents: Sequence[Array]) -> None:
        """p := p - p̄·rate for every used parameter that is not frozen, all or none (decision D11).

        The leaves keep their values: reset and use the parameters again to compute with the new ones.
        Raises: SessionError E-sgd-range, E-sgd-shape, E-sgd-param.
        """
        sgd_step(self._recording.uses, cotangents, rate)

    def _record(self, op: str, arguments: Mapping[str, Argument]) -> Value:
        # Not the recording's own method: an op kept by the caller over a reset must not write to the old recording.
        return self._recording.add_node(op, arguments)
