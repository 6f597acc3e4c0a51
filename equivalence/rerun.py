"""A case seen again: on a fresh tape, on a tape that was used before, and by the sparse sweeps."""

from __future__ import annotations

from ..ir.exchange import Case
from ..runtime.tape import Tape
from .crosscheck import both_sides
from .engine_refute import differing, is_suspect
from .kernel.verdict import Side
from .replay import exact_semantics


def rerun(case: Case, make_tape: type[Tape]) -> tuple[Side, ...]:
    """Both sides of every value, on a fresh tape and on one refreshed; where they agree, also what sparse sweeps tell.

    Raises: Undecidable if the arithmetic cannot tell a branch at this point; DomainError outside a domain.
    """
    sides = both_sides(case, make_tape, exact_semantics())
    if any(side.differs for side in sides):
        return sides
    found = differing(case, make_tape) if is_suspect(case.graph, make_tape) else None
    return sides if found is None else sides + found.nodes
