"""The contract's lists, and the ops that bear their names."""

from __future__ import annotations

import backproof.spec.definitions  # noqa: F401  (fills the registry)
from backproof.equivalence.coverage import ir_coverage, session_coverage
from backproof.spec.catalogue import IR_KINDS, SESSION_OPS
from backproof.spec.definition import DEFINITIONS


def test_the_lists_are_as_long_as_the_contract_says() -> None:
    assert (62, 41) == (len(set(SESSION_OPS)), len(set(IR_KINDS)))
    assert (62, 41) == (len(SESSION_OPS), len(IR_KINDS)) == (session_coverage().listed, ir_coverage().listed)


def test_what_calls_itself_of_the_contract_is() -> None:
    session = {op for op, definition in DEFINITIONS.items() if definition.source == "session"}
    assert session <= set(SESSION_OPS)
    assert {kind for definition in DEFINITIONS.values() for kind in definition.ir_kinds} <= set(IR_KINDS)


def test_what_no_op_bears_the_name_of_is_missing() -> None:
    missing = set(session_coverage().missing)
    assert missing == {op for op in SESSION_OPS if op not in DEFINITIONS}
    assert not missing & DEFINITIONS.keys()
