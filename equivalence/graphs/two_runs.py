"""A tape that somebody named, run on one small graph at one point and at another.

It comes before anything symbolic: a tape that keeps what it met first would then have kept the theorem's symbols, and
only crash on numbers.
"""

from __future__ import annotations

import numpy as np

from ...ir.exchange import Case
from ...ir.graph import Environment, Graph, Leaf, Node
from ...runtime.tape import Tape
from ...spec.backprop import Semantics
from ..kernel.verdict import Verdict
from .crosscheck import crosscheck

_GRAPH = Graph((Leaf(()), Leaf(())), (Node("mul", (0, 1), ()), Node("mul", (2, 2), ())))

_CASE = Case(
    _GRAPH,
    (np.array(3.0), np.array(-2.0)),
    Environment(),
    (np.array(1.0), np.array(10.0), np.array(100.0), np.array(1000.0)),
)


def two_runs(make_tape: type[Tape], semantics: Semantics) -> Verdict:
    """Whether tapes of one class agree with the spec: a fresh one after another was run elsewhere, and that other."""
    return crosscheck(_CASE, make_tape, semantics)
