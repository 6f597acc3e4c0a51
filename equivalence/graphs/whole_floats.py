"""The floats of a whole graph: its verdict, of what is left of it if that is a refutation, and what its nodes lose alone."""

from __future__ import annotations

from ...ir.exchange import Case
from ...runtime.primitive import RuntimeFault
from ...runtime.tape import Tape
from ..generation.reduction import reduce_case
from ..kernel.verdict import Refuted, Tested, Verdict
from .findings import findings, node_cases, noted
from .floats import FORMATS, float_verdict
from .notes import Notes
from .overwriting import smallest_overwritten
from .sizes import is_small


def whole_float_verdict(case: Case, tape: type[Tape]) -> tuple[Verdict, Notes]:
    """The verdict on the graph; if it is refuted and small, on what is left of it when it is taken apart."""
    verdict, notes = float_verdict(case, tape)
    if not is_small(case):
        return verdict, notes
    if isinstance(verdict, Refuted):
        return float_verdict(reduce_case(lambda smaller: _refuted(smaller, tape), case), tape)
    if not isinstance(verdict, Tested):
        return verdict, notes
    kept = smallest_overwritten(case)
    if kept is not None:
        return kept, ()
    alone = ((node, each) for each in FORMATS for node in node_cases(case, each))
    return verdict, (*notes, *noted([found for node, each in alone for found in findings(node, each)]))


def _refuted(case: Case, tape: type[Tape]) -> bool:
    try:
        return isinstance(float_verdict(case, tape)[0], Refuted)
    except RuntimeFault:  # what is left of a graph may lie outside a domain
        return False
