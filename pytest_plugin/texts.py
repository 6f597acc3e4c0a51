"""What a failed item says: what is not met, and of a refutation both sides as pytest shows a difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..equivalence.kernel.verdict import Needs, Refuted, Unknown, meets
from ..equivalence.obligations import Decided
from ..reports.counterexample import graph_lines, pair
from ..reports.report import CounterexampleRecord
from ..reports.rows import row_of

MOST_SIDES = 6
"""Quantities whose difference is shown."""


def why_not(decided: Sequence[Decided]) -> list[str]:
    """The lines about everything that is not met; none only if something was owed and all of it is met."""
    if not decided:
        return ["nothing was decided, so nothing was shown"]
    return [line for each in decided if not meets(each.verdict, each.obligation.needs) for line in _lines(each)]


def _lines(decided: Decided) -> Iterator[str]:
    owed, verdict = decided.obligation, decided.verdict
    match verdict:
        case Refuted(reason=reason, detail=detail):
            yield f"{owed.id} is refuted ({reason}): {owed.claim}"
            yield from detail.splitlines()
        case Unknown(reason=reason, detail=detail):
            yield f"{owed.id} is unknown ({reason}): {owed.claim}"
            yield from detail.splitlines()
        case _:
            yield f"{owed.id} is not met: a {Needs(owed.needs)} was needed: {owed.claim}"
    found = row_of(decided).counterexample
    if found is not None:
        yield from graph_lines(found)
        yield from _difference(found)


def _difference(found: CounterexampleRecord) -> Iterator[str]:
    """Both sides of each quantity that differs: - what the spec says, + what the tape gave."""
    apart = [(value, sides) for value in (*found.leaves, *found.nodes) for sides in value.sides if sides.differs]
    for value, sides in apart[:MOST_SIDES]:
        tape, spec = pair(sides)
        yield f"E     {sides.quantity} of %{value.id} {value.op}:"
        yield f"E     - {spec}  (spec)"
        yield f"E     + {tape}  (tape)"
    if len(apart) > MOST_SIDES:
        yield f"E     … {len(apart) - MOST_SIDES} more"
