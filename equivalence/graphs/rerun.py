"""A case seen again: on a fresh tape, on a tape that was used before, by the sparse sweeps, and in floats."""

from __future__ import annotations

from ...ir.exchange import Case
from ...runtime.tape import Tape
from ...spec.convention import CONVENTIONS
from ..engine.refute import differing, is_suspect
from ..kernel.verdict import Refuted, Side
from .crosscheck import both_sides
from .floats import float_verdict
from .overwriting import overwritten
from .replay import exact_semantics


def rerun(case: Case, make_tape: type[Tape], convention: str) -> tuple[Side, ...]:
    """Both sides of every value, on a fresh tape and on one refreshed; where they agree, what sparse sweeps or floats tell.

    Raises: Undecidable if the arithmetic cannot tell a branch at this point; DomainError outside a domain.
    """
    sides = both_sides(case, make_tape, exact_semantics(CONVENTIONS[convention]))
    if any(side.differs for side in sides):
        return sides
    found = differing(case, make_tape) if is_suspect(case.graph, make_tape) else None
    if found is not None:
        return sides + found.nodes
    kept = overwritten(case)
    verdict = float_verdict(case, make_tape)[0] if kept is None else kept
    return sides + verdict.counterexample.nodes if isinstance(verdict, Refuted) else sides
