"""The composition end to end: the tape's sweep against the spec's recursion, at points, in exact numbers.

Every tape is run twice, the second time refreshed with other values: a value saved too long shows only then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import flint

from ..ir.exchange import Case, Values
from ..ir.graph import BackproofError
from ..runtime.compile import compile_graph
from ..runtime.tape import Tape
from ..spec.backprop import DomainError, Semantics, Tensor
from .kernel.decision import UnknownReason
from .kernel.scalars.array import entries_of
from .kernel.scalars.exact import PRECISION, Exact, Undecidable
from .kernel.verdict import Refuted, RefutedReason, Tested, Unknown, Verdict
from .lifting import lifted_primitives
from .reduction import reduce_case
from .replay import counterexample, exact_array, replay, side_of, spec_values

MOST_ENTRIES = 64
"""A graph with a larger value is not run end to end in exact numbers: its rules and its engine are proved apart."""

_STEPS = (0.0, 0.25, -0.25, 0.125, 0.375, -0.5)
"""Shifts of the leaves, tried in turn until the arithmetic can tell every branch."""


def is_small(case: Case) -> bool:
    """Whether a case is run end to end."""
    return all(seed.size <= MOST_ENTRIES for seed in case.seeds)


def crosscheck(case: Case, make_tape: type[Tape], semantics: Semantics) -> Verdict:
    """Whether primals, cotangents and tangents agree at the case's point, and cotangents again on a second run."""
    for point in _points(case):
        try:
            verdict = _both_runs(point, make_tape, semantics)
        except (Undecidable, DomainError):
            continue
        return _smaller(point, make_tape, semantics) if isinstance(verdict, Refuted) else verdict
    return Unknown(UnknownReason.GAVE_UP, "no nearby point at which the arithmetic tells every branch")


def _both_runs(case: Case, make_tape: type[Tape], semantics: Semantics) -> Verdict:
    sides = replay(case, make_tape, semantics)
    if any(side.differs for side in sides):
        return Refuted(counterexample(case, sides), RefutedReason.WRONG, "the two sides differ at this point")
    return _second_run(case, make_tape, semantics)


def _smaller(case: Case, make_tape: type[Tape], semantics: Semantics) -> Verdict:
    """Refuted by what is left of a refuted case when everything is removed that its two sides differ without."""

    def differs(smaller: Case) -> bool:
        try:
            return isinstance(_both_runs(smaller, make_tape, semantics), Refuted)
        except (BackproofError, Undecidable):
            return False

    return _both_runs(reduce_case(differs, case), make_tape, semantics)


def _points(case: Case) -> Iterator[Case]:
    for step in _STEPS:
        yield replace(case, leaves=tuple(leaf + step for leaf in case.leaves))


def _second_run(case: Case, make_tape: type[Tape], semantics: Semantics) -> Verdict:
    """The tape recorded at the case's point, swept, refreshed with other leaves and swept again."""
    with flint.ctx.workprec(PRECISION):
        leaves = [exact_array(leaf) for leaf in case.leaves]
        seeds = [exact_array(seed) for seed in case.seeds]
        tape = compile_graph(case.graph, leaves, case.environment, make_tape, lifted_primitives(Exact.of))
        tape.backward_dense_from(seeds)
        other = _moved(case)
        try:
            wanted = spec_values(other, semantics)
            tape.refresh([exact_array(leaf) for leaf in other.leaves])
        except (Undecidable, DomainError):
            other = replace(case, seeds=_other_seeds(case))
            wanted = spec_values(other, semantics)
        came = tape.backward_dense_from([exact_array(seed) for seed in other.seeds])
        pairs = [pair for a, b in zip(came, wanted["cotangent"], strict=True) for pair in _entries(a, b)]
        if any(a.differs(b) for a, b in pairs):
            sides = [
                side_of(other, value, "cotangent, second run", a, b)
                for value, (a, b) in enumerate(zip(came, wanted["cotangent"], strict=True))
            ]
            return Refuted(counterexample(other, sides), RefutedReason.WRONG, "the second run of one tape differs")
        if not all(a.agrees(b) for a, b in pairs):
            return Unknown(UnknownReason.GAVE_UP, "balls too wide to count as agreement")
    return Tested(2, "equal as rationals, or in balls of 256 bits, on two runs of one tape")


def _moved(case: Case) -> Case:
    return replace(case, leaves=tuple(leaf * 0.75 for leaf in case.leaves), seeds=_other_seeds(case))


def _other_seeds(case: Case) -> tuple[Values, ...]:
    return tuple(0.5 - seed for seed in case.seeds)


def _entries(came: object, wanted: Tensor) -> list[tuple[Exact, Exact]]:
    return [(Exact.of(a), b) for a, b in zip(entries_of(came), wanted.entries, strict=True)]
