"""A case that the shipped code does not get through: it raises, or gives no number, where definitions have values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb

from ...ir.exchange import Case
from ...runtime.compile import compile_graph
from ...runtime.forward_mode import jvp_dense
from ...runtime.primitive import RuntimeFault
from ...runtime.tape import Tape
from ...spec.backprop import Context
from ..kernel.verdict import Side

_MODERATE = 1e30

FAULTS = (RuntimeFault, ValueError, IndexError)
"""What tape and numpy raise over shapes, indices and domains; other errors may be owed to the numbers it was run on."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The quantity that did not come, and what was raised in its place."""

    quantity: str
    error: str


def float_refusal(case: Case, make_tape: type[Tape]) -> Refusal | None:
    """What the tape raises on this case's own float64 numbers; None if it computes every quantity."""
    leaves, seeds = [leaf.copy() for leaf in case.leaves], [seed.copy() for seed in case.seeds]
    quantity = "primal"
    try:
        with np.errstate(all="ignore"):
            tape = compile_graph(case.graph, leaves, case.environment, make_tape)
            quantity = "cotangent"
            tape.backward_dense_from(seeds)
            quantity = "tangent"
            jvp_dense(tape, seeds[: len(leaves)])
    except FAULTS as error:
        return Refusal(quantity, f"{type(error).__name__}: {error}")
    return None


def no_number_sides(case: Case, make_tape: type[Tape], spec_side: Mapping[str, Context]) -> tuple[Side, ...]:
    """Both sides of every value, if this case's float64 numbers come to a NaN somewhere; none if they do not.

    The kernels' own doing, for the case's numbers are finite and every exact result is far from the format's range.
    Raises: whatever the tape raises.
    """
    with np.errstate(all="ignore"):
        leaves, seeds = [leaf.copy() for leaf in case.leaves], [seed.copy() for seed in case.seeds]
        tape = compile_graph(case.graph, leaves, case.environment, make_tape)
        came: dict[str, Sequence[Any]] = {
            "primal": [node.value for node in tape.nodes],
            "cotangent": tape.backward_dense_from(seeds),
            "tangent": jvp_dense(tape, seeds[: len(leaves)]),
        }
    sides = tuple(
        Side(
            value=value,
            op=getattr(case.graph.entry(value), "op", "leaf"),
            quantity=quantity,
            tape=tuple(repr(float(entry)) for entry in np.asarray(came[quantity][value]).ravel()),
            spec=tuple(map(repr, tensor.entries)),
            differs=bool(np.any(np.isnan(came[quantity][value]))),
        )
        for quantity, tensors in spec_side.items()
        for value, tensor in enumerate(tensors)
    )
    owed = (entry for tensors in spec_side.values() for tensor in tensors for entry in tensor.entries)
    moderate = all(map(_is_moderate, owed))
    return sides if moderate and any(side.differs for side in sides) else ()


def _is_moderate(entry: Any) -> bool:
    """Whether a real number is far below the largest float64, so that products of a few such are no overflow."""
    return entry.value is not None and bool(abs(arb(entry.value)) < _MODERATE)


def refused_sides(case: Case, refusal: Refusal, spec_side: Mapping[str, Context]) -> tuple[Side, ...]:
    """For every value the error on the tape's side, and on the other what was owed."""
    return tuple(
        Side(
            value=value,
            op=getattr(case.graph.entry(value), "op", "leaf"),
            quantity=f"{refusal.quantity}, refused",
            tape=(refusal.error,),
            spec=tuple(map(repr, tensor.entries)),
            differs=True,
        )
        for value, tensor in enumerate(spec_side[refusal.quantity])
    )
