"""The key of a piece of work: one digest of everything on which what is decided of it depends."""

from __future__ import annotations

import sys

from ...ir.graph import BackproofError
from ...runtime.primitive import primitive_of
from ...spec.convention import CONVENTIONS
from ...spec.definition import definition_of
from ..rules_file import MODULE_NAME
from ..work import LemmaWork, RuleWork, Work
from .machinery import machinery
from .reach import digest_of

FORMAT = "backproof.ledger.v2"


class Keys:
    """Keys under one convention. What an op consists of is hashed when it first comes up, and not again."""

    def __init__(self, convention: str) -> None:
        self._convention = convention
        self._ops: dict[str, str] = {}

    def of(self, piece: Work) -> str:
        """The key of a lemma or a rule; "" for other work, and where something that it depends on cannot be hashed exactly."""
        if not isinstance(piece, LemmaWork | RuleWork):
            return ""
        op = piece.op if isinstance(piece, LemmaWork) else piece.rule.op
        try:
            ours, theirs = machinery(), self._op(op)
            # What a rules file changed unseen stays among runs with a rules file.
            ruled = MODULE_NAME in sys.modules
            parts = (FORMAT, ours, ruled, CONVENTIONS[self._convention], type(piece).__name__, piece, theirs)
            return digest_of(parts) if ours and theirs else ""
        except (BackproofError, ImportError, OSError, RecursionError):
            return ""

    def _op(self, op: str) -> str:
        if op not in self._ops:
            self._ops[op] = _digest_of_op(op)
        return self._ops[op]


def key_of(piece: Work, convention: str) -> str:
    """The key of a piece of work as everything is now."""
    return Keys(convention).of(piece)


def _digest_of_op(op: str) -> str:
    """The definition and the kernels of an op; "" if they cannot be hashed exactly."""
    try:
        return digest_of((op, definition_of(op), primitive_of(op)))
    except (BackproofError, ImportError, OSError, RecursionError):
        return ""
