"""Faults in the judges, judged: what the project itself sets against each, with the edited package in place of ours."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from ...equivalence.caught import Caught, caught
from ...equivalence.rules_file import OUR_RULES, Rules
from ..children import Answer, Limits, answers
from ..fault import Fault, Judged, Outcome
from ..judging import Progress
from ..kind import Kind
from . import algebra, claims, formulas, runs, scalars, shapes, solvers
from .edits import PACKAGE, ROOT, Edit, load_edited
from .wrong import WrongJudge

LIMITS = Limits(processor=120, memory=6 << 30)

WRONG: Mapping[str, WrongJudge] = MappingProxyType(
    {
        each.id: each
        for table in (formulas.WRONG, scalars.WRONG, algebra.WRONG, solvers.WRONG, shapes.WRONG, claims.WRONG, runs.WRONG)
        for each in table
    }
)
"""Every fault of a judge by its id."""


def judges_faults() -> tuple[Fault, ...]:
    """Every one. Raises: EditError if the source is no longer what an edit was written for."""
    return tuple(_fault(wrong) for wrong in WRONG.values())


def drawn(sample: int | None, _seed: int) -> tuple[Fault, ...]:
    """The first of each layer before the second of any, `sample` at most."""
    found = judges_faults()
    if sample is None or sample >= len(found):
        return found
    place = {fault.id: sum(other.fault_class == fault.fault_class for other in found[:k]) for k, fault in enumerate(found)}
    return tuple(sorted(found, key=lambda fault: place[fault.id])[:sample])


def judged(faults: Sequence[Fault], jobs: int, _seed: int, progress: Progress) -> Iterator[Judged]:
    """What becomes of each: REFUTED or REJECTED by what caught it, SURVIVED if nothing did.

    What is to catch a fault is asked without it first: a guard that is red anyway catches nothing.
    """
    wrong = [WRONG[fault.id.removeprefix("judges/")] for fault in faults]
    controls = list(dict.fromkeys((each.op, each.tests) for each in wrong))
    questions = [partial(_control, *each) for each in controls] + [partial(_judge, each) for each in wrong]
    came: dict[int, tuple[Answer, float]] = {}
    place = 0
    for done, each in enumerate(answers(questions, jobs, LIMITS), start=1):
        came[each.place] = each.answer, each.seconds
        progress(done, len(questions))
        while place < len(wrong) and _there(came, len(controls), place):
            control = came[controls.index((wrong[place].op, wrong[place].tests))][0]
            yield _judged(faults[place], control, *came[len(controls) + place])
            place += 1


def _there(came: Mapping[int, object], controls: int, place: int) -> bool:
    return all(each in came for each in range(controls)) and controls + place in came


def _judged(fault: Fault, control: Answer, answer: Answer, seconds: float) -> Judged:
    if control.outcome is Outcome.NOT_EXPRESSIBLE:
        return Judged(fault, control.outcome, control.by, None, seconds)
    if control.outcome is not Outcome.SURVIVED:
        return Judged(fault, Outcome.SURVIVED, f"its guard is red without it: {control.by}", None, seconds)
    return Judged(fault, answer.outcome, answer.by, None, seconds)


def _control(op: str, tests: tuple[str, ...]) -> Answer:
    return _guarded(op, tests)


def _judge(wrong: WrongJudge) -> Answer:
    """What catches the fault; where it is not the check of right rules, also whether a wrong rule would pass."""
    load_edited([wrong.edit])
    answer = _guarded(wrong.op, wrong.tests)
    if not wrong.wrong_rule:
        return answer
    guards = importlib.import_module(f"{PACKAGE}.faults.judges.guards")
    unmet = caught(lambda: guards.unmet_with(wrong.op, wrong.wrong_rule.format(op=wrong.op)))
    passes = "passes check" if unmet == "" else f"does not pass check ({_said(unmet)})"
    return Answer(answer.outcome, f"{answer.by}; a wrong rule of {wrong.op} {passes}", None)


def _guarded(op: str, tests: tuple[str, ...]) -> Answer:
    """By the check of an op, else by tests."""
    guards = importlib.import_module(f"{PACKAGE}.faults.judges.guards")
    unmet = guards.unmet(op) if not tests else ""
    if unmet:
        outcome = Outcome.REFUTED if unmet.startswith(guards.REFUTED) else Outcome.REJECTED
        return Answer(outcome, f"check: {_short(unmet)}", None)
    failed = importlib.import_module(f"{PACKAGE}.faults.own_tests").failed_test(tests) if tests else ""
    if failed:
        return Answer(Outcome.REJECTED, f"suite: {failed}", None)
    return Answer(Outcome.SURVIVED, "nothing caught it", None)


def _said(unmet: str | Caught) -> str:
    return _short(f"{type(unmet.error).__name__}: {unmet.error}" if isinstance(unmet, Caught) else unmet)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 160 else f"{line[:157]}..."


def _fault(wrong: WrongJudge) -> Fault:
    layer = wrong.id.partition("/")[0]
    return Fault(f"judges/{wrong.id}", Kind.JUDGE, wrong.op, layer, partial(_plant, wrong.edit), _diff(wrong.edit))


def _plant(edit: Edit) -> Rules:
    load_edited([edit])
    return OUR_RULES


def _diff(edit: Edit) -> str:
    """The edit as a person reads it."""
    before = (ROOT / edit.file).read_text(encoding="utf-8").splitlines()
    lines = difflib.unified_diff(before, edit.text.splitlines(), edit.file, edit.file, lineterm="", n=1)
    return "\n".join(lines) + "\n"
