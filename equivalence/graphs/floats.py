"""Floating point: the tape's results in each format against the real ones, within a bound that the run itself computes.

Leaves and seeds are rounded to the format first: what is then compared is exact in both runs. Attributes and constants
are what a float run rounds itself, so their rounding is part of the bound.

An overflow is refuted only where it is certainly a kernel's own: a float entry is infinite or no number although every
input is finite and every exact primal, cotangent and tangent of the case is at most half the largest number, so that
rounding alone cannot reach it. A loss that ends in a finite number is judged by the bound alone; where there is none,
nothing is said.

The shipped kernels are run a second time on tracked numbers: balls that contain the real value, with a bound on what
the roundings of these very operations can have done. Nobody chooses a tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
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
from ..kernel.numbers.exact import PRECISION, Exact, Undecidable
from ..kernel.numbers.formats import FLOAT32, FLOAT64, Format
from ..kernel.numbers.tracked import Tracked
from ..kernel.scalars.array import entries_of
from ..kernel.scalars.mask import Unsupported
from ..kernel.verdict import Counterexample, Refuted, RefutedReason, Side, Tested, Unknown, Verdict
from .lifting import Lift, lifted, lifted_primitives
from .notes import ENTRIES, Notes, together, worst_note

QUANTITIES = ("primal", "cotangent", "tangent")
"""What is compared of each value; the seeds of the leaves serve as their tangents."""

FORMATS = (FLOAT64, FLOAT32)

LookUp = Callable[[str], Primitive]


@dataclass(frozen=True)
class Comparison:
    """One array: float entries, the real ones, and how far apart they may be; `dtype` if it came in another than the format's."""

    value: int
    op: str
    quantity: str
    format: Format
    floats: Values
    tracked: tuple[Tracked, ...]
    dtype: str = ""

    def outside(self) -> bool:
        """Whether an entry is certainly farther from the real one than the bound, or none is in the format."""
        return bool(self.dtype) or any(
            (math.isfinite(real.error()) and not math.isfinite(came))
            or _distance(came, real).abs_lower() > real.error()
            for came, real in self._entries()
        )

    def inside(self) -> bool:
        """Whether every entry is certainly within a finite bound, and in the format."""
        return not self.dtype and all(
            math.isfinite(came) and math.isfinite(real.error()) and _distance(came, real).abs_upper() <= real.error()
            for came, real in self._entries()
        )

    def worst(self) -> tuple[float, str]:
        """The largest distance from a real entry, in units in its last place, and where; entries that may be 0 have none."""
        ulps = ((self._ulps(came, real), place) for place, (came, real) in enumerate(self._entries()))
        most, place = max(ulps, key=lambda pair: pair[0], default=(0.0, 0))
        return most, f"{self.quantity} {place} of value {self.value} ({self.op})"

    def side(self) -> Side:
        """The array as it is shown: floats, and each real entry with its bound."""
        came = tuple(f"{self.dtype} {float(entry)!r}".lstrip() for entry in self.floats.ravel())
        owed = tuple(f"{real.ball.str(20, radius=False)} +/- {real.error():.3g}" for real in self.tracked)
        return Side(self.value, self.op, f"{self.format.name} {self.quantity}", came, owed, self.outside())

    def _ulps(self, came: float, real: Tracked) -> float:
        if real.ball.contains(0):
            return 0.0
        return float(_distance(came, real).abs_upper()) / self.format.ulp(float(real.ball.abs_lower()))

    def _entries(self) -> Iterator[tuple[float, Tracked]]:
        return zip((float(entry) for entry in self.floats.ravel()), self.tracked, strict=True)


def float_verdict(case: Case, make_tape: type[Tape]) -> tuple[Verdict, Notes]:
    """Whether every entry of the case is within its computed bound in every format, and the worst error in each."""
    detail = "every float64 and float32 entry is within its computed bound of the real one"
    return together([verdict_in(format_, case, make_tape) for format_ in FORMATS], detail)


def verdict_in(format_: Format, case: Case, make_tape: type[Tape]) -> tuple[Verdict, Notes]:
    """As float_verdict, in one format."""
    try:
        rounded = rounded_case(case, format_)
        compared = compare(rounded, make_tape, format_)
    except Unsupported as unsupported:
        unknown = Unknown(UnknownReason.UNSUPPORTED, f"{format_.name}: {unsupported}")
        return _overflow_or(unknown, case, make_tape, format_), ()
    outside = [comparison for comparison in compared if comparison.outside()]
    if outside:
        return _refuted(rounded, compared, outside[0]), ()
    if not all(comparison.inside() for comparison in compared):
        detail = f"{format_.name}: a bound is not finite, or balls are too wide to compare"
        return _overflow_or(Unknown(UnknownReason.GAVE_UP, detail), case, make_tape, format_), ()
    entries = sum(comparison.floats.size for comparison in compared)
    if entries == 0:
        return Unknown(UnknownReason.VACUOUS, "the case has no entries"), ()
    worst = max((comparison.worst() for comparison in compared), key=lambda pair: pair[0])
    verdict = Tested(entries, f"every {format_.name} entry is within its computed bound of the real one")
    return verdict, ((ENTRIES, str(entries)), worst_note(format_, *worst, rounded))


def compare(case: Case, make_tape: type[Tape], format_: Format) -> tuple[Comparison, ...]:
    """Every primal, cotangent and tangent of the case, whose values the format holds, in floats and tracked.

    Raises: Unsupported where no bound exists, such as a float branch too close to call.
    """

    def tracked(value: Any) -> Tracked:
        return Tracked.of(value, format_)

    floats = run_in(case, make_tape, format_)
    # A bound that overflows is infinite, and said to be so by what compares with it.
    with flint.ctx.workprec(PRECISION), np.errstate(all="ignore"):
        real = lifted_sweep(case, make_tape, tracked)
        return tuple(
            Comparison(
                *_named(case, place),
                format_,
                np.asarray(came, dtype=format_.number),
                tuple(map(tracked, entries_of(exact))),
                _other_dtype(case, place, came, format_),
            )
            for place, (came, exact) in enumerate(zip(floats, real, strict=True))
        )


def _named(case: Case, place: int) -> tuple[int, str, str]:
    """The value, op and quantity at a place of what `swept` returns."""
    value = place % len(case.graph)
    return value, getattr(case.graph.entry(value), "op", "leaf"), QUANTITIES[place // len(case.graph)]


def _other_dtype(case: Case, place: int, came: Any, format_: Format) -> str:
    """The dtype of a primal that was not rounded to the format, as the tape's `dtype` asks for; "" of all else."""
    is_primal = place < len(case.graph)
    return str(np.asarray(came).dtype) if is_primal and np.asarray(came).dtype != format_.number else ""


def run_in(case: Case, make_tape: type[Tape], format_: Format, *, bare: bool = False) -> list[Any]:
    """Every primal, cotangent and tangent of the case in floats; `bare` as of swept."""
    def rounding_tape() -> Tape:
        tape = make_tape()  # a tape under check may take no arguments
        tape.dtype = format_.number
        return tape

    with np.errstate(all="ignore"):
        leaves, seeds = ([value.astype(format_.number) for value in values] for values in (case.leaves, case.seeds))
        return swept(case, rounding_tape, leaves, seeds, primitive_of, bare=bare)


def lifted_sweep(case: Case, make_tape: type[Tape], lift: Lift, *, bare: bool = False) -> list[Any]:
    """The same on numbers of another kind."""
    leaves, seeds = ([lifted(value, lift) for value in values] for values in (case.leaves, case.seeds))
    return swept(case, make_tape, leaves, seeds, lifted_primitives(lift), bare=bare)


def swept(
    case: Case,
    make: Callable[[], Tape],
    leaves: Sequence[Any],
    seeds: Sequence[Any],
    look_up: LookUp,
    *,
    bare: bool = False,
) -> list[Any]:
    """Every value, cotangent and tangent, in this order; `bare` if the leaves' seeds are their tangents alone."""
    tape = compile_graph(case.graph, leaves, case.environment, make, look_up)
    tangents = seeds[: len(leaves)]
    pulled = [*map(np.zeros_like, tangents), *seeds[len(leaves) :]] if bare else seeds
    pushed = jvp_dense(tape, tangents)
    return [*(node.value for node in tape.nodes), *tape.backward_dense_from(pulled), *pushed]


def rounded_case(case: Case, format_: Format) -> Case:
    """The case with its values rounded to the format. Raises: Unsupported if one is beyond its range."""
    def rounded(values: Values) -> Values:
        with np.errstate(all="ignore"):
            nearest = values.astype(format_.number).astype(np.float64)
        if not np.all(np.isfinite(nearest) & ((nearest != 0) | (values == 0))):
            raise Unsupported("an input is beyond the format's range: rounded to it, the input is infinite or 0")
        return nearest

    return replace(case, leaves=tuple(map(rounded, case.leaves)), seeds=tuple(map(rounded, case.seeds)))


def _distance(came: float, real: Tracked) -> arb:
    return arb(came) - real.ball


def _refuted(case: Case, compared: Sequence[Comparison], first: Comparison) -> Refuted:
    sides = tuple(each.side() for each in compared)
    wrong = f"is in {first.dtype}" if first.dtype else "is outside its computed bound"
    detail = f"the {first.format.name} {first.quantity} of value {first.value} ({first.op}) {wrong}"
    return Refuted(Counterexample(case_document(case), sides), RefutedReason.WRONG, detail)


def _overflow_or(unknown: Unknown, case: Case, make_tape: type[Tape], format_: Format) -> Verdict:
    """Refuted if kernels overflow although the format's range holds every input and every exact result, else as it was."""
    try:
        rounded = rounded_case(case, format_)
        floats = [np.asarray(came, dtype=format_.number) for came in run_in(rounded, make_tape, format_)]
        if all(np.all(np.isfinite(came)) for came in floats):
            return unknown
        with flint.ctx.workprec(PRECISION):
            exact = [list(map(Exact.of, entries_of(real))) for real in lifted_sweep(rounded, make_tape, Exact.of)]
            if not all(_in_range(entry, format_) for entries in exact for entry in entries):
                return unknown
    except (Unsupported, Undecidable):
        return unknown
    sides = tuple(
        Side(
            *_named(case, place)[:2],
            f"{format_.name} {_named(case, place)[2]}",
            tuple(repr(float(entry)) for entry in came.ravel()),
            tuple(map(repr, entries)),
            not np.all(np.isfinite(came)),
        )
        for place, (came, entries) in enumerate(zip(floats, exact, strict=True))
    )
    first = next(side for side in sides if side.differs)
    detail = f"the {first.quantity} of value {first.value} ({first.op}) overflows, and every exact result is in range"
    return Refuted(Counterexample(case_document(rounded), sides), RefutedReason.WRONG, detail)


def _in_range(entry: Exact, format_: Format) -> bool:
    return entry.value is not None and bool(abs(arb(entry.value)) <= format_.largest / 2)
