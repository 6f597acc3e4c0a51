"""The composition end to end: the tape's sweep against the spec's recursion, at points, in exact numbers.

A tape is run elsewhere first, and is refreshed with the case's values after another has run on them: a value that a
tape, or its class, has saved too long shows only then.
"""

from __future__ import annotations

import flint
import numpy as np

from ...ir.exchange import Case
from ...runtime.compile import compile_graph
from ...runtime.tape import Tape
from ...spec.backprop import DomainError, Semantics, Tensor, backprop_all_ctx
from ..containment import contained
from ..generation.reduction import reduce_case
from ..kernel.decision import UnknownReason
from ..kernel.numbers.exact import PRECISION, Exact, Undecidable
from ..kernel.scalars.array import entries_of
from ..kernel.verdict import Refuted, RefutedReason, Side, Tested, Unknown, Verdict
from .lifting import lifted_primitives
from .nearby import nearby
from .refusal import FAULTS
from .replay import counterexample, exact_array, exact_tensor, replay, side_of, spec_values


def crosscheck(case: Case, make_tape: type[Tape], semantics: Semantics) -> Verdict:
    """Whether primals, cotangents and tangents agree at the case's point, and again on a second run."""
    for point in nearby(case):
        try:
            verdict = _both_runs(point, make_tape, semantics)
        except (Undecidable, DomainError):
            continue
        return _smaller(verdict, point, make_tape, semantics) if isinstance(verdict, Refuted) else verdict
    return Unknown(UnknownReason.GAVE_UP, "no nearby point at which the arithmetic tells every branch")


def both_sides(case: Case, make_tape: type[Tape], semantics: Semantics) -> tuple[Side, ...]:
    """Both sides of every value on a fresh tape; if they agree, also on a tape that was run at another point before.

    Raises: Undecidable if the arithmetic cannot tell a branch, or two balls apart; DomainError outside a domain.
    """
    with flint.ctx.workprec(PRECISION):
        used = _run_elsewhere(case, make_tape)
        fresh = replay(case, make_tape, semantics)
        if any(side.differs for side in fresh):
            return fresh
        if used is None:
            raise Undecidable("no other point nearby at which the tape could be run before")
        return (*fresh, *_refreshed(used, case, semantics), *_gradient(used, case, semantics))


def _both_runs(case: Case, make_tape: type[Tape], semantics: Semantics) -> Verdict:
    sides = both_sides(case, make_tape, semantics)
    if any(side.differs for side in sides):
        return Refuted(counterexample(case, sides), RefutedReason.WRONG, "the two sides differ at this point")
    return Tested(2, "equal as rationals, or in balls of 256 bits, on a fresh tape and on one refreshed")


def _smaller(verdict: Refuted, case: Case, make_tape: type[Tape], semantics: Semantics) -> Refuted:
    """Refuted by what is left of a refuted case when everything is removed that its two sides differ without."""
    # Each is kept as it came: a tape that remembers its runs may answer otherwise when it is asked again.
    smallest = verdict

    def differs(smaller: Case) -> bool:
        nonlocal smallest
        # Nor need such a tape get through the run of another graph at all.
        again = contained(lambda: _both_runs(smaller, make_tape, semantics))
        if isinstance(again, Refuted):
            smallest = again
        return isinstance(again, Refuted)

    reduce_case(differs, case)
    return smallest


def _run_elsewhere(case: Case, make_tape: type[Tape]) -> Tape | None:
    """A tape recorded and swept with other seeds, and with other leaves unless those leave a domain."""
    look_up = lifted_primitives(Exact.of)
    for factor in (0.75, 1.0):
        leaves = [exact_array(factor * leaf) for leaf in case.leaves]
        try:
            tape = compile_graph(case.graph, leaves, case.environment, make_tape, look_up)
            tape.backward_dense_from([exact_array(0.5 - seed) for seed in case.seeds])
        except (Undecidable, *FAULTS):
            continue
        return tape
    return None


def _refreshed(tape: Tape, case: Case, semantics: Semantics) -> tuple[Side, ...]:
    """Both sides when a tape that was run before is refreshed with the case's leaves."""
    tape.refresh(list(map(exact_array, case.leaves)))
    came = {
        "primal": [node.value for node in tape.nodes],
        "cotangent": tape.backward_dense_from(list(map(exact_array, case.seeds))),
    }
    wanted = spec_values(case, semantics)
    sides = tuple(
        side_of(case, value, f"{quantity}, refreshed", a, b)
        for quantity, arrays in came.items()
        for value, (a, b) in enumerate(zip(arrays, wanted[quantity], strict=True))
    )
    pairs = [pair for a, b in zip(came["cotangent"], wanted["cotangent"], strict=True) for pair in _entries(a, b)]
    if not any(side.differs for side in sides) and not all(a.agrees(b) for a, b in pairs):
        raise Undecidable("balls too wide to count as agreement")
    return sides


def _gradient(tape: Tape, case: Case, semantics: Semantics) -> tuple[Side, ...]:
    """Both sides of the gradient of the last value, if that is a number; nothing where the spec's is undefined somewhere.

    What is not reached is 0 without a VJP being asked, so nothing is said of a point where one has no value.
    """
    graph, last = case.graph, len(case.graph) - 1
    if graph.shape(last) != ():
        return ()
    seeds = tuple(exact_tensor(np.full(seed.shape, float(place == last))) for place, seed in enumerate(case.seeds))
    leaves = tuple(map(exact_tensor, case.leaves))
    wanted = backprop_all_ctx(graph, leaves, case.environment, seeds, semantics)
    if any(entry.value is None for each in wanted for entry in each.entries):
        return ()
    came = tape.backward_scalar(last)
    return tuple(
        side_of(case, value, "cotangent, of the last value alone", came.get(value, exact_array(0 * seed)), each)
        for value, (seed, each) in enumerate(zip(case.seeds, wanted, strict=True))
    )


def _entries(came: object, wanted: Tensor) -> list[tuple[Exact, Exact]]:
    return [(Exact.of(a), b) for a, b in zip(entries_of(came), wanted.entries, strict=True)]
