"""The questions to solvers that a report holds itself: few enough that it stays small, what matters most first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .kernel.verdict import Refuted, Unknown, meets
from .obligations import Decided
from .run import Plan
from .second_opinion import Ask, Form, forms_of, smt2_texts

MOST_CHARACTERS = 600_000
LONGEST = 40_000
"""Units: characters of all texts together, and of one."""

MOST_FORMS = 12
"""Claims that are not met whose own form is made for this."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """Questions in SMT-LIB by the id of what was decided, and how many more ids have some."""

    texts: dict[str, str]
    left_out: int


def embedded(plan: Plan, decided: Sequence[Decided]) -> Embedded:
    """Lemmas of the theorem first, then what is not met, then proofs that asked a solver, in order."""
    unmet = [each.obligation.id for each in decided if _is_open(each)]
    forms = _forms(plan, [each for each in unmet if each.startswith("rule:")][:MOST_FORMS])
    texts = smt2_texts(decided, forms)
    first = [each for each in texts if each.startswith("theorem:")]
    order = dict.fromkeys((*first, *(each for each in unmet if each in texts), *texts))
    kept: dict[str, str] = {}
    room = MOST_CHARACTERS
    for each in order:
        if len(texts[each]) <= min(room, LONGEST):
            kept[each] = texts[each]
            room -= len(texts[each])
    return Embedded(kept, len(texts) - len(kept))


def _is_open(each: Decided) -> bool:
    return isinstance(each.verdict, (Refuted, Unknown)) or not meets(each.verdict, each.obligation.needs)


def _forms(plan: Plan, ids: Sequence[str]) -> dict[str, Form]:
    """The forms of these claims alone."""
    return {form.id: form for form in forms_of(plan, Ask.NO, ids) if form.id in ids} if ids else {}
