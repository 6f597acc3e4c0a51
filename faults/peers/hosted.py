"""Rules as functions of arrays that a peer can host: an op's kernels at an instance, or a graph run by a tape."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from ...equivalence.rules.instances import RuleInstance
from ...ir.exchange import Case
from ...runtime.compile import compile_graph
from ...runtime.forward_mode import jvp_dense
from ...runtime.primitive import primitive_of
from ...runtime.tape import Tape

Array = Any


@dataclass(frozen=True, slots=True)
class Hosted:
    """y = forward(x…), x̄… = pull(ȳ, x…) and ẏ = push(ẋ…, x…) on arrays of floats, and the x… of a point."""

    forward: Callable[..., Array]
    pull: Callable[[Array, Sequence[Array]], Sequence[Array]]
    push: Callable[[Sequence[Array], Sequence[Array]], Array]
    shape: tuple[int, ...]
    point: tuple[Array, ...]

    def at(self, point: Sequence[Array]) -> Hosted:
        """The same at another point."""
        return replace(self, point=tuple(point))


def hosted_rule(rule: RuleInstance, point: Sequence[Array]) -> Hosted:
    """The kernels that an op has now, at an instance."""
    primitive, attributes = primitive_of(rule.op), rule.attributes
    forward, vjp, jvp = primitive.forward_kernel, primitive.vjp_kernel, primitive.jvp_kernel

    def pull(y_bar: Array, inputs: Sequence[Array]) -> Sequence[Array]:
        return vjp(y_bar, forward(*inputs, **attributes), *inputs, **attributes)  # type: ignore[no-any-return]

    def push(dots: Sequence[Array], inputs: Sequence[Array]) -> Array:
        return jvp(*dots, forward(*inputs, **attributes), *inputs, **attributes)

    return Hosted(partial(forward, **attributes), pull, push, rule.shape, tuple(point))


def hosted_graph(case: Case, tape_class: type[Tape]) -> Hosted:
    """A graph's last value as a function of its leaves: recorded on a tape of this class, and swept from that value."""

    def recorded(leaves: Sequence[Array]) -> Tape:
        return compile_graph(case.graph, list(leaves), case.environment, tape_class)

    def forward(*leaves: Array) -> Array:
        return recorded(leaves).nodes[-1].value

    def pull(y_bar: Array, leaves: Sequence[Array]) -> Sequence[Array]:
        tape = recorded(leaves)
        seeds = [np.zeros_like(node.value) for node in tape.nodes]
        seeds[-1] = y_bar
        return tape.backward_dense_from(seeds)[: len(leaves)]

    def push(dots: Sequence[Array], leaves: Sequence[Array]) -> Array:
        return jvp_dense(recorded(leaves), list(dots))[-1]

    return Hosted(forward, pull, push, case.graph.shape(len(case.graph) - 1), case.leaves)
