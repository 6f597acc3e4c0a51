"""Floating point: the tape's float64 results against the real ones, within a bound that the run itself computes.

The shipped kernels are run a second time on tracked numbers: balls that contain the real value, with a bound on what
the roundings of these very operations can have done. Nobody chooses a tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import flint
import numpy as np
from flint import arb

from ...ir.exchange import Case, Values, case_document
from ...runtime.compile import compile_graph
from ...runtime.forward_mode import jvp_dense
from ...runtime.primitive import Primitive, primitive_of
from ...runtime.tape import Tape
from ..kernel.decision import UnknownReason
from ..kernel.numbers.exact import PRECISION
from ..kernel.numbers.tracked import Tracked
from ..kernel.scalars.array import array_of, entries_of
from ..kernel.scalars.mask import Unsupported
from ..kernel.verdict import Counterexample, Refuted, RefutedReason, Side, Tested, Unknown, Verdict
from .lifting import lifted_primitives

QUANTITIES = ("primal", "cotangent", "tangent")
"""What is compared of each value; the seeds of the leaves serve as their tangents."""

WORST = "worst error, ulps"
Notes = tuple[tuple[str, str], ...]
LookUp = Callable[[str], Primitive]


@dataclass(frozen=True)
class Comparison:
    """One array: float entries, the real ones, and how far apart they may be."""

    value: int
    op: str
    quantity: str
    floats: Values
    tracked: tuple[Tracked, ...]

    def outside(self) -> bool:
        """Whether an entry is certainly farther from the real one than the bound."""
        return any(
            (math.isfinite(real.error()) and not math.isfinite(came))
            or _distance(came, real).abs_lower() > real.error()
            for came, real in self._entries()
        )

    def inside(self) -> bool:
        """Whether every entry is certainly within a finite bound."""
        return all(
            math.isfinite(came) and math.isfinite(real.error()) and _distance(came, real).abs_upper() <= real.error()
            for came, real in self._entries()
        )

    def worst_ulps(self) -> float:
        """The largest distance from a real entry, in units in its last place; entries that may be 0 have none."""
        return max((_ulps(came, real) for came, real in self._entries()), default=0.0)

    def _entries(self) -> Iterator[tuple[float, Tracked]]:
        return zip((float(entry) for entry in self.floats.ravel()), self.tracked, strict=True)


def float_verdict(case: Case, make_tape: type[Tape]) -> tuple[Verdict, Notes]:
    """Whether every float64 entry of the case is within its computed bound, and the worst error."""
    try:
        compared = compare(case, make_tape)
    except Unsupported as unsupported:
        return Unknown(UnknownReason.UNSUPPORTED, str(unsupported)), ()
    outside = [comparison for comparison in compared if comparison.outside()]
    if outside:
        return _refuted(case, compared, outside[0]), ()
    if not all(comparison.inside() for comparison in compared):
        return Unknown(UnknownReason.GAVE_UP, "a bound is not finite, or balls are too wide to compare"), ()
    entries = sum(comparison.floats.size for comparison in compared)
    if entries == 0:
        return Unknown(UnknownReason.VACUOUS, "the case has no entries"), ()
    worst = max(comparison.worst_ulps() for comparison in compared)
    notes = (("entries", str(entries)), (WORST, f"{worst:.3g}"))
    return Tested(entries, "every float64 entry is within its computed bound of the real one"), notes


def compare(case: Case, make_tape: type[Tape]) -> tuple[Comparison, ...]:
    """Every primal, cotangent and tangent of the case, in floats and tracked.

    Raises: Unsupported where no bound exists, such as a float branch too close to call.
    """
    with np.errstate(all="ignore"):
        floats = _swept(case, make_tape, list(case.leaves), list(case.seeds), primitive_of)
    # A bound that overflows is infinite, and said to be so by what compares with it.
    with flint.ctx.workprec(PRECISION), np.errstate(all="ignore"):
        leaves, seeds = list(map(_tracked, case.leaves)), list(map(_tracked, case.seeds))
        tracked = _swept(case, make_tape, leaves, seeds, lifted_primitives(Tracked.of))
        return tuple(
            Comparison(
                place % len(case.graph),
                getattr(case.graph.entry(place % len(case.graph)), "op", "leaf"),
                QUANTITIES[place // len(case.graph)],
                np.asarray(came, dtype=np.float64),
                tuple(map(Tracked.of, entries_of(real))),
            )
            for place, (came, real) in enumerate(zip(floats, tracked, strict=True))
        )


def _swept(case: Case, make_tape: type[Tape], leaves: Sequence[Any], seeds: Sequence[Any], look_up: LookUp) -> list[Any]:
    tape = compile_graph(case.graph, leaves, case.environment, make_tape, look_up)
    tangents = jvp_dense(tape, seeds[: len(leaves)])
    return [*(node.value for node in tape.nodes), *tape.backward_dense_from(seeds), *tangents]


def _tracked(values: Values) -> Any:
    return array_of(values.shape, (Tracked.of(float(entry)) for entry in values.ravel()))


def _distance(came: float, real: Tracked) -> arb:
    return arb(came) - real.ball


def _ulps(came: float, real: Tracked) -> float:
    if real.ball.contains(0):
        return 0.0
    return float(_distance(came, real).abs_upper()) / math.ulp(float(real.ball.abs_lower()))


def _refuted(case: Case, compared: Sequence[Comparison], first: Comparison) -> Refuted:
    sides = tuple(
        Side(
            c.value,
            c.op,
            f"float64 {c.quantity}",
            tuple(repr(float(entry)) for entry in c.floats.ravel()),
            tuple(f"{real.ball.str(20, radius=False)} +/- {real.error():.3g}" for real in c.tracked),
            c.outside(),
        )
        for c in compared
    )
    detail = f"the float64 {first.quantity} of value {first.value} ({first.op}) is outside its computed bound"
    return Refuted(Counterexample(case_document(case), sides), RefutedReason.WRONG, detail)
