"""A case that the shipped code does not get through: it raises where the definitions have values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...ir.exchange import Case
from ...runtime.compile import compile_graph
from ...runtime.forward_mode import jvp_dense
from ...runtime.primitive import RuntimeFault
from ...runtime.tape import Tape
from ...spec.backprop import Context
from ..kernel.verdict import Side

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
