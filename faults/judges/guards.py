"""What the check says with a fault in a judge: of the right rules of an op, and of a wrong one.

It is loaded anew with an edited package, and what it says is the edited package's word.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from ...equivalence.generation.strategies import generate
from ...equivalence.graph_work import GraphWork
from ...equivalence.kernel.sealed import Source
from ...equivalence.kernel.verdict import Refuted, meets
from ...equivalence.records import readmitted
from ...equivalence.rule_work import LemmaWork, RuleWork
from ...equivalence.rules_file import load_rules
from ...equivalence.run import NamedCase, Plan, work_of
from ...equivalence.subject import Subject
from ...equivalence.work import TheoremWork, TwoRunsWork, Work, perform
from ...runtime.tape import Tape
from ...spec.convention import TORCHLEAN

REFUTED = "refuted"
"""The first word of what `unmet` says where a counterexample was found."""

_GRAPHS = 3


def unmet(op: str) -> str:
    """The first obligation that is not met of what `check` owes for an op, or for the tape and some graphs where op is "".

    Nothing if all are met; that nothing is owed is said.
    """
    subject, count = Subject(Tape, TORCHLEAN), 0
    for piece in _work(op):
        for record in perform(piece, subject):
            count += 1
            decided = readmitted(record, Source.WORKER)
            if not meets(decided.verdict, decided.obligation.needs):
                answer = REFUTED if isinstance(decided.verdict, Refuted) else "not met"
                return f"{answer}: {decided.obligation.id}: {getattr(decided.verdict, 'detail', '')}"
    return "" if count else "not met: nothing is owed"


def unmet_with(op: str, rules: str) -> str:
    """The same with the text of a rules file loaded."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rules.py"
        file.write_text(rules, encoding="utf-8")
        load_rules(file)
    return unmet(op)


def _work(op: str) -> Iterator[Work]:
    """Rules at small instances, then lemmas; or two runs, graphs and the theorem."""
    if not op:
        cases = enumerate(generate(_GRAPHS, 1, ["add", "mul", "tanh"]))
        yield TwoRunsWork()
        yield from (GraphWork(f"generated-{place:04}", case) for place, case in cases)
        yield TheoremWork()
        return
    work = work_of(Plan(tuple[NamedCase, ...](), (op,), 1, None, False, TORCHLEAN.name))  # noqa: FBT003 - no theorem
    yield from (piece for piece in work if isinstance(piece, RuleWork) and piece.covering() is None)
    yield from (piece for piece in work if isinstance(piece, LemmaWork))
