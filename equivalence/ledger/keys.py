"""The key of a piece of work: one digest of everything on which what is decided of it depends."""

from __future__ import annotations

from ...ir.graph import BackproofError
from ...runtime.primitive import primitive_of
from ...spec.convention import CONVENTIONS
from ...spec.definition import definition_of
from ..work import LemmaWork, RuleWork, Work
from .machinery import machinery
from .reach import digest_of

FORMAT = "backproof.ledger.v1"


def key_of(piece: Work, convention: str) -> str:
    """The key of a lemma or a rule; "" for other work, and where something that it depends on cannot be hashed exactly."""
    if not isinstance(piece, LemmaWork | RuleWork):
        return ""
    op = piece.op if isinstance(piece, LemmaWork) else piece.rule.op
    try:
        ours = machinery()
        parts = (FORMAT, ours, CONVENTIONS[convention], op, type(piece).__name__, piece, definition_of(op), primitive_of(op))
        return digest_of(parts) if ours else ""
    except (BackproofError, ImportError, OSError, RecursionError):
        return ""
