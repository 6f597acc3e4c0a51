"""How much of the contract's catalogue has an op."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..spec.catalogue import IR_KINDS, LEAF_KIND, SESSION_OPS
from ..spec.definition import DEFINITIONS


@dataclass(frozen=True, slots=True)
class Coverage:
    """A list of the contract's, and what of it no op bears the name of."""

    listed: int
    missing: tuple[str, ...]


def session_coverage() -> Coverage:
    """The session's operations: each is an op of its own."""
    own = {op for op, definition in DEFINITIONS.items() if definition.source == "session"}
    return _coverage(SESSION_OPS, own)


def ir_coverage() -> Coverage:
    """The IR's kinds: each is named by an op's definition, but for the leaf."""
    kinds = {kind for definition in DEFINITIONS.values() for kind in definition.ir_kinds}
    return _coverage(IR_KINDS, kinds | {LEAF_KIND})


def _coverage(listed: Sequence[str], found: set[str]) -> Coverage:
    return Coverage(len(listed), tuple(name for name in listed if name not in found))
