"""The questions that a report holds itself: lemmas first, then what is not met, and never more than there is room for."""

from __future__ import annotations

from typing import Any

from backproof.equivalence import embedded as module
from backproof.equivalence.embedded import LONGEST, MOST_CHARACTERS, embedded
from backproof.equivalence.kernel import KERNEL
from backproof.equivalence.kernel.decision import UnknownReason
from backproof.equivalence.kernel.lemma import Lemma
from backproof.equivalence.kernel.verdict import Needs, Proved, Unknown, Verdict
from backproof.equivalence.obligations import Decided, Family, Obligation
from backproof.equivalence.rules.first_order import Question
from backproof.equivalence.run import Plan
from backproof.equivalence.second_opinion import Form

NOTHING = Plan((), (), 1, None, theorem=False, convention="torchlean")


def proved(length: int) -> Proved:
    proof: Any = KERNEL.decide(Lemma("it holds", (), (), f"(and true {'true ' * (length // 5)})", (), ()))
    return Proved(proof)


def decided(place: str, verdict: Verdict) -> Decided:
    return Decided(Obligation(place, Family.RULE, "tanh", "a claim", (), Needs.PROOF), verdict, 0.1)


def test_lemmas_come_first_then_what_is_not_met_and_the_rest_is_counted(monkeypatch: Any) -> None:
    def forms_of(_plan: Plan, _ask: object, ids: Any) -> list[Form]:
        return [Form(each, (Question("(check-sat)\n", faithful=True),), "", ()) for each in (*ids, "rule:other")]

    monkeypatch.setattr(module, "forms_of", forms_of)
    unknown = Unknown(UnknownReason.TIMEOUT, "")
    short, long, too_long = proved(100), proved(LONGEST - 500), proved(LONGEST)
    many = MOST_CHARACTERS // LONGEST + 3
    owed = [
        decided("rule:proved", short),
        decided("rule:open", unknown),
        decided("graph:open", unknown),
        decided("theorem:long", too_long),
        *(decided(f"rule:{place}", long) for place in range(many)),
        decided("theorem:step", short),
    ]
    found = embedded(NOTHING, owed)
    assert ["theorem:step", "rule:open", "rule:proved"] == [*found.texts][:3]
    assert "theorem:long" not in found.texts
    assert sum(map(len, found.texts.values())) <= MOST_CHARACTERS
    assert many + 4 == len(found.texts) + found.left_out
    assert "(set-info :status unknown)" in found.texts["rule:open"]
    assert "(set-info :status unsat)" in found.texts["theorem:step"]


def test_without_anything_that_is_open_no_form_is_made(monkeypatch: Any) -> None:
    monkeypatch.setattr(module, "forms_of", None)
    assert {"rule:proved"} == embedded(NOTHING, [decided("rule:proved", proved(100))]).texts.keys()
