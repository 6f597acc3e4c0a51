"""The key of a piece of work: one digest of everything on which what is decided of it depends."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from ...runtime.primitive import primitive_of
from ...spec.convention import CONVENTIONS
from ...spec.definition import definition_of
from ..containment import contained
from ..graph_work import GraphWork
from ..kernel.verdict import Unknown
from ..rule_work import LemmaWork, RuleWork
from ..rules_file import MODULE_NAME, named_tape
from ..work import TheoremWork, Work
from .machinery import checker, machinery
from .reach import digest_of

FORMAT = "backproof.ledger.v2"


class Keys:
    """Keys under one convention. What an op or the tape consists of is hashed when it first comes up, and not again."""

    def __init__(self, convention: str, ours: str | None = None) -> None:
        """`ours` is the digest of the machinery, if it is known without looking at it."""
        self._convention = convention
        self._ours = ours
        self._parts: dict[str, str] = {}

    def of(self, piece: Work) -> str:
        """The key of a piece of work; "" where something that it depends on cannot be hashed exactly.

        Two runs of a tape have none: they ask what its class keeps from one run to the next, and cost nothing. Nor has what is
        asked of an engine: nothing is known of what it consists of.
        """
        ours, parts = self._ours or machinery(), self._parts_of(piece)
        if not ours or not parts or not all(parts):
            return ""
        # What a rules file changed unseen stays among runs with a rules file.
        ruled = MODULE_NAME in sys.modules
        convention = CONVENTIONS[self._convention]
        asked = _of_graph(piece) if isinstance(piece, GraphWork) else piece
        return _hashed(lambda: (FORMAT, ours, ruled, convention, type(piece).__name__, asked, parts))

    def code_of(self, piece: Work) -> str:
        """The digest of the code that would decide a piece of work, on whatever machine; "" where that is not to be known."""
        ours, parts = checker(), self._parts_of(piece)
        if not ours or not parts or not all(parts) or MODULE_NAME in sys.modules:
            return ""
        return _hashed(lambda: (ours, CONVENTIONS[self._convention], parts))

    def _parts_of(self, piece: Work) -> tuple[str, ...]:
        """The digests of what decides a piece of work, beside what decides every one."""
        match piece:
            case LemmaWork(op=op):
                return (self._op(op),)
            case RuleWork(rule=rule):
                return (self._op(rule.op),)
            case TheoremWork():
                return (self._tape(),)
            case GraphWork(case=case):
                return (self._tape(), *(self._op(op) for op in sorted({node.op for node in case.graph.nodes})))
        return ()

    def _op(self, op: str) -> str:
        return self._once(f"op {op}", lambda: (op, definition_of(op), primitive_of(op)))

    def _tape(self) -> str:
        return self._once("tape", named_tape)

    def _once(self, name: str, found: Callable[[], Any]) -> str:
        if name not in self._parts:
            self._parts[name] = _hashed(found)
        return self._parts[name]


def key_of(piece: Work, convention: str) -> str:
    """The key of a piece of work as everything is now."""
    return Keys(convention).of(piece)


def _of_graph(piece: GraphWork) -> tuple[Any, ...]:
    """All of a graph's work, with arrays as they arrive at a worker: their strides do not, but which order they are in does."""
    case = piece.case
    arrays = [tuple((each.shape, each.dtype.str, each.flags.fnc, each.tobytes()) for each in listed)
              for listed in (case.leaves, case.seeds)]  # fmt: skip
    return piece.name, case.graph, case.environment, *arrays


def _hashed(found: Callable[[], Any]) -> str:
    """The digest of what is found; "" if it is not found or cannot be hashed exactly, for whatever reason."""
    digest = contained(lambda: digest_of(found()))
    return "" if isinstance(digest, Unknown) else digest
