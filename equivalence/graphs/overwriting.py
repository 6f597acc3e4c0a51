"""Whether a kernel writes over what it gave before: an array that it keeps, and returns again at the next call.

No single node shows it, nor does exact arithmetic here, whose runs copy what kernels give. So every kernel of a case is run
in plain float64, what it gives is kept as it came, and looked at again after the last call. Nothing else writes here, and
whoever keeps a value or a contribution, as a tape does, then holds another one than was computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...ir.exchange import Case, case_document
from ...ir.graph import resolve
from ...runtime.primitive import primitive_of
from ..containment import contained
from ..generation.reduction import reduce_case
from ..kernel.verdict import Counterexample, Refuted, RefutedReason, Side


@dataclass(frozen=True, slots=True)
class _Given:
    """What a kernel gave for a value: the array itself, and its entries as they were then."""

    value: int
    quantity: str
    held: Any
    entries: Any

    def side(self, case: Case) -> Side:
        """What is held now, and what was given."""
        op = getattr(case.graph.entry(self.value), "op", "leaf")
        differs = not np.array_equal(np.asarray(self.held), self.entries, equal_nan=True)
        return Side(self.value, op, f"float64 {self.quantity}, after the last call", _shown(self.held), _shown(self.entries), differs)


def overwritten(case: Case) -> Refuted | None:
    """A refutation if a later call changed what an earlier one gave.

    Raises: whatever the kernels raise.
    """
    with np.errstate(all="ignore"):
        sides = tuple(given.side(case) for given in [*_given(case)])
    first = next((side for side in sides if side.differs), None)
    if first is None:
        return None
    detail = f"a later call of a kernel changed the {first.quantity.split(',')[0]} of value {first.value} ({first.op})"
    return Refuted(Counterexample(case_document(case), sides), RefutedReason.WRONG, detail)


def smallest_overwritten(case: Case) -> Refuted | None:
    """The same of what is left of a case when everything is removed without which nothing is changed."""
    found = overwritten(case)
    if found is None:
        return None
    smallest = reduce_case(lambda smaller: isinstance(contained(lambda: overwritten(smaller)), Refuted), case)
    again = overwritten(smallest)
    return found if again is None else again


def _given(case: Case) -> Iterator[_Given]:
    """Each result of every kernel when it comes: forwards, then tangents, then contributions, each node with its own seed."""
    graph = case.graph
    values = [leaf.copy() for leaf in case.leaves]
    tangents = [seed.copy() for seed in case.seeds[: len(values)]]
    calls = [
        (primitive_of(node.op), node.parents, resolve(node.attributes, case.environment)) for node in graph.nodes
    ]

    def given(value: int, quantity: str, array: Any) -> _Given:
        return _Given(value, quantity, array, np.array(array))

    for primitive, parents, attributes in calls:
        values.append(primitive.forward_kernel(*(values[parent] for parent in parents), **attributes))
        yield given(len(values) - 1, "primal", values[-1])
    for place, (primitive, parents, attributes) in enumerate(calls, start=len(graph.leaves)):
        inputs = [values[parent] for parent in parents]
        moved = (tangents[parent] for parent in parents)
        tangents.append(primitive.jvp_kernel(*moved, values[place], *inputs, **attributes))
        yield given(place, "tangent", tangents[-1])
    for place, (primitive, parents, attributes) in enumerate(calls, start=len(graph.leaves)):
        inputs = [values[parent] for parent in parents]
        pulled = primitive.vjp_kernel(case.seeds[place].copy(), values[place], *inputs, **attributes)
        for parent, x_bar in zip(parents, pulled, strict=False):
            yield given(parent, f"contribution of {place}", x_bar)


def _shown(array: Any) -> tuple[str, ...]:
    return tuple(repr(float(entry)) for entry in np.asarray(array).ravel())
