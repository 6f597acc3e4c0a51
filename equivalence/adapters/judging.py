"""An engine's answers against what the definitions say: in floats within a bound, or in exact numbers to the last bit.

Nothing here is proved: an engine whose floats are all within their bounds was tested, at those points. One entry outside
even the bound of float32 is refuted; between the two it is unknown, less accurate or wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import flint
import numpy as np

from ...ir.exchange import Case
from ...spec.backprop import DomainError, Tensor
from ...spec.convention import Convention
from ..caught import Caught, caught
from ..containment import contained
from ..generation.reduction import reduce_case
from ..graphs.floats import Comparison
from ..graphs.nearby import nearby
from ..graphs.replay import counterexample, exact_array, side_of
from ..kernel.decision import UnknownReason
from ..kernel.numbers.exact import PRECISION, Exact, Undecidable
from ..kernel.numbers.formats import FLOAT32, FLOAT64, Format
from ..kernel.scalars.array import entries_of
from ..kernel.scalars.mask import Unsupported
from ..kernel.verdict import Refuted, RefutedReason, Side, Tested, Unknown, Verdict
from .asking import Answer, answers, asked
from .definitions import Meaning, exact_meaning, is_on_a_kink, tracked_meaning
from .engine import Engine

_NOWHERE = (Undecidable, DomainError, Unsupported)
"""What makes a point say nothing."""

_LESS = "outside the bound of float64 and within that of float32: less accurate than the formulas and our kernels, or wrong"

Judge = Callable[[Case], Verdict]


@dataclass(frozen=True)
class Judging:
    """An engine under check, and the convention by which kinks are judged."""

    make: type[Engine]
    convention: Convention

    def in_floats(self, case: Case) -> Verdict:
        """Whether float64 primals and gradients are within the bounds of the definitions, here or at a point nearby."""
        return self._judged(self._floats_at, case)

    def exactly(self, case: Case) -> Verdict:
        """Whether primals and gradients are the definitions' in exact numbers, here or at a point nearby."""
        return self._judged(self._exactly_at, case)

    def seen(self, case: Case) -> tuple[Side, ...]:
        """Both sides of every value at this very point: exactly if the engine is exact and they differ so, else in floats.

        Raises: Undecidable if the point says nothing, or an answer is neither within its bound nor refuted.
        """
        case = asked(case)
        verdicts = [judge(case) for judge in (self._exactly_at, self._floats_at) if self.make.exact or judge == self._floats_at]
        for verdict in verdicts:
            if isinstance(verdict, Refuted):
                return verdict.counterexample.nodes
        if isinstance(verdicts[-1], Unknown):
            raise Undecidable(verdicts[-1].detail)
        with flint.ctx.workprec(PRECISION), np.errstate(all="ignore"):
            return _sides(_beside(case, answers(self.make, case, np.copy), tracked_meaning(case, self.convention, FLOAT64), FLOAT64))

    def _judged(self, judge: Judge, case: Case) -> Verdict:
        for point in nearby(asked(case)):
            verdict = judge(point)
            if isinstance(verdict, Refuted):
                return self._smallest(judge, verdict, point)
            if not _says_nothing(verdict):
                return verdict
        return Unknown(UnknownReason.NOT_RUN, "no point nearby that is in the domain and at which the arithmetic tells every branch")

    def _smallest(self, judge: Judge, verdict: Refuted, case: Case) -> Refuted:
        """Refuted by what is left of a case when everything is removed without which the engine is still refuted."""
        smallest = verdict

        def is_refuted(smaller: Case) -> bool:
            nonlocal smallest
            found = contained(lambda: judge(smaller))
            if isinstance(found, Refuted):
                smallest = found
            return isinstance(found, Refuted)

        left = reduce_case(is_refuted, case)
        return self._as_kink(judge, smallest, left)

    def _as_kink(self, judge: Judge, refuted: Refuted, case: Case) -> Refuted:
        """KINK if what is left lies on a kink, and the engine passes at every point nearby that says something."""
        if not is_on_a_kink(case, self.convention):
            return refuted
        found = [judge(point) for point in nearby(case) if point is not case and not is_on_a_kink(point, self.convention)]
        off = [each for each in found if not _says_nothing(each)]
        if not off or not all(isinstance(each, Tested) for each in off):
            return refuted
        detail = f"right at {len(off)} points nearby; at the kink against convention {self.convention.name}"
        return replace(refuted, reason=RefutedReason.KINK, detail=detail)

    def _floats_at(self, case: Case) -> Verdict:
        with flint.ctx.workprec(PRECISION), np.errstate(all="ignore"):
            meaning = self._tracked(case, FLOAT64)
            if isinstance(meaning, Unknown):
                return meaning
            came = caught(lambda: answers(self.make, case, np.copy))
            if isinstance(came, Caught):
                return _raised(came.error)
            found = _beside(case, came, meaning, FLOAT64)
            if not _of_another_shape(case, came) and not any(each.outside() for each in found):
                return _within(found)
            wider = self._tracked(case, FLOAT32)
            coarse = () if isinstance(wider, Unknown) else _beside(case, came, wider, FLOAT32)
            return _refuted_or_coarse(case, came, found, coarse)

    def _tracked(self, case: Case, format_: Format) -> Meaning | Unknown:
        try:
            return tracked_meaning(case, self.convention, format_)
        except _NOWHERE as nowhere:
            return _nothing(nowhere)

    def _exactly_at(self, case: Case) -> Verdict:
        with flint.ctx.workprec(PRECISION):
            try:
                meaning = exact_meaning(case, self.convention)
            except _NOWHERE as nowhere:
                return _nothing(nowhere)
            came = caught(lambda: answers(self.make, case, exact_array))
            if isinstance(came, Caught):
                return _nothing(came.error) if isinstance(came.error, Undecidable) else _raised(came.error)
            return _exactly(case, came, meaning)


def _exactly(case: Case, came: Sequence[Answer], meaning: Meaning) -> Verdict:
    given = [(each, np.asarray(each.array), _owed(meaning, each)) for each in came]
    sides = tuple(side_of(case, each.value, each.quantity, array, owed) for each, array, owed in given)
    if any(side.differs for side in sides):
        return Refuted(counterexample(case, sides), RefutedReason.WRONG, "the engine and the definitions differ at this point")
    pairs = [pair for _each, array, owed in given for pair in zip(entries_of(array), owed.entries, strict=True)]
    if not all(Exact.of(a).agrees(b) for a, b in pairs):
        return _nothing(Undecidable("balls too wide to count as agreement"))
    if not pairs:
        return Unknown(UnknownReason.VACUOUS, "the case has no entries")
    return Tested(len(pairs), "equal as rationals, or in balls of 256 bits, asked twice after a run elsewhere")


def _beside(case: Case, came: Sequence[Answer], meaning: Meaning, format_: Format) -> list[Comparison]:
    """Every answer of the right shape beside what is owed, with the bounds of a format."""
    return [
        Comparison(
            each.value, _op(case, each.value), each.quantity, format_, np.asarray(each.array, dtype=np.float64), _owed(meaning, each).entries
        )
        for each in came
        if np.shape(each.array) == case.graph.shape(each.value)
    ]  # fmt: skip


def _says_nothing(verdict: Verdict) -> bool:
    return isinstance(verdict, Unknown) and verdict.reason is UnknownReason.NOT_RUN


def _nothing(why: Exception) -> Unknown:
    return Unknown(UnknownReason.NOT_RUN, str(why))


def _raised(error: Exception) -> Unknown:
    """What an engine says it cannot run is unsupported, whatever else it raises a crash: neither passes."""
    reason = UnknownReason.UNSUPPORTED if isinstance(error, NotImplementedError | Unsupported) else UnknownReason.CRASHED
    return Unknown(reason, f"{type(error).__name__}: {error}")


def _op(case: Case, value: int) -> str:
    return getattr(case.graph.entry(value), "op", "leaf")


def _owed(meaning: Meaning, answer: Answer) -> Tensor:
    return meaning[answer.quantity.partition(",")[0]][answer.value]


def _of_another_shape(case: Case, came: Sequence[Answer]) -> list[Answer]:
    return [each for each in came if np.shape(each.array) != case.graph.shape(each.value)]


def _within(found: Sequence[Comparison]) -> Verdict:
    entries = sum(each.floats.size for each in found)
    if not all(each.inside() for each in found):
        return Unknown(UnknownReason.GAVE_UP, "a bound is not finite, or balls are too wide to compare")
    if entries == 0:
        return Unknown(UnknownReason.VACUOUS, "the case has no entries")
    return Tested(entries, "every float64 entry is within its computed bound, asked twice after a run elsewhere")


def _refuted_or_coarse(case: Case, came: Sequence[Answer], found: Sequence[Comparison], coarse: Sequence[Comparison]) -> Verdict:
    """Refuted by an array of another shape, or by an entry that is outside the bound of float32 too."""
    shapes = tuple(
        Side(each.value, _op(case, each.value), f"float64 {each.quantity}, shape {np.shape(each.array)} for {case.graph.shape(each.value)}", (), (), differs=True)
        for each in _of_another_shape(case, came)
    )  # fmt: skip
    outside = [wide for wide in coarse if wide.outside()]
    if not shapes and not outside:
        return Unknown(UnknownReason.GAVE_UP, _LESS)
    return Refuted(counterexample(case, (*shapes, *_sides(found))), RefutedReason.WRONG, _detail(outside))


def _sides(found: Sequence[Comparison]) -> tuple[Side, ...]:
    return tuple(each.side() for each in found)


def _detail(outside: Sequence[Comparison]) -> str:
    if not outside:
        return "an array has another shape than it owes"
    first: Any = outside[0]
    return f"the engine's {first.quantity} of value {first.value} ({first.op}) is outside the bounds of float64 and of float32"
