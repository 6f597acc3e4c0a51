"""A case seen again: on a fresh tape, on a tape that was used before, and by the sparse sweeps."""

from __future__ import annotations

from ..ir.exchange import Case
from ..runtime.tape import Tape
from .crosscheck import crosscheck
from .engine_refute import differing, is_suspect
from .kernel.verdict import Refuted, Side
from .replay import exact_semantics, replay


def rerun(case: Case, make_tape: type[Tape]) -> tuple[Side, ...]:
    """Both sides of every value; where a fresh tape tells no difference, also what a second run or a sparse sweep tells.

    Raises: Undecidable if the arithmetic cannot tell a branch at this point; DomainError outside a domain.
    """
    semantics = exact_semantics()
    sides = replay(case, make_tape, semantics)
    if any(side.differs for side in sides):
        return sides
    again = crosscheck(case, make_tape, semantics)
    if isinstance(again, Refuted):
        return sides + again.counterexample.nodes
    found = differing(case, make_tape) if is_suspect(case.graph, make_tape) else None
    return sides if found is None else sides + found.nodes
