"""Large rules: each is decided with the lemma that covers it, once for all of them, and is known where the lemma is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401 - fills the registry of definitions
import pytest
from backproof.equivalence.kernel.verdict import Proved, Refuted
from backproof.equivalence.ledger.ledger import open_ledger
from backproof.equivalence.obligations import Decided
from backproof.equivalence.rule_work import LemmaWork, RuleWork
from backproof.equivalence.rules.instances import RuleInstance
from backproof.equivalence.run import decided
from backproof.equivalence.subject import Subject
from backproof.equivalence.work import Work, perform
from backproof.runtime.tape import Tape
from backproof.spec.convention import TORCHLEAN
from ledgers import kept

SUBJECT = Subject(Tape, TORCHLEAN)
MATMUL = RuleInstance("matmul", ((20, 30), (30, 40)))
OTHER = RuleInstance("matmul", ((17, 29), (29, 41)))
LARGE = (
    MATMUL,
    RuleInstance("tanh", ((20, 30),)),
    RuleInstance("broadcast_to", ((30,),), {"shape": (20, 30)}),
    RuleInstance("mse_loss", ((20, 30), (20, 30))),
)


def covering(rule: RuleInstance) -> LemmaWork:
    lemma = RuleWork(rule).covering()
    assert lemma is not None
    return lemma


def run(work: Sequence[Work], path: Path | None) -> list[Decided]:
    if path is None:
        return list(decided(work, 1, None, "torchlean", lambda _done, _owed: None, None))
    with open_ledger(path, pytest.fail) as ledger:
        return list(decided(work, 1, None, "torchlean", lambda _done, _owed: None, ledger))


def carriers(results: Sequence[Decided]) -> set[str]:
    return {each.verdict.proof.rests_on[-1] for each in results if isinstance(each.verdict, Proved)}


@pytest.mark.parametrize("rule", LARGE, ids=lambda rule: rule.key)
def test_a_rule_is_decided_with_its_lemma_as_it_would_be_by_itself(rule: RuleInstance) -> None:
    alone = perform(RuleWork(rule), SUBJECT)
    covered = RuleWork(rule).covered(perform(covering(rule), SUBJECT))
    assert 4 == len(alone)
    assert [(each.obligation, each.outcome, each.notes) for each in alone] == [
        (each.obligation, each.outcome, each.notes) for each in covered
    ]


def test_a_wrong_rule_is_refuted_with_its_lemma(replaced: Callable[..., None]) -> None:
    replaced("tanh", vjp=lambda y_bar, y, x: (y_bar * (1 + y * y),))
    rule = RuleWork(LARGE[1])
    covered: Any = {each.obligation.id.rsplit(":", 1)[1]: each.outcome for each in rule.covered(perform(covering(LARGE[1]), SUBJECT))}
    assert isinstance(covered["vjp"], Refuted)
    assert not isinstance(covered["forward"], Refuted)


def test_a_small_rule_is_covered_by_nothing() -> None:
    assert RuleWork(RuleInstance("matmul", ((2, 3), (3, 4)))).covering() is None


def test_rules_of_other_sizes_and_their_lemma_are_decided_once_and_kept_once(tmp_path: Path) -> None:
    path = tmp_path / "proofs.ledger"
    lemma = covering(MATMUL)
    assert lemma == covering(OTHER)
    results = run((RuleWork(MATMUL), lemma, RuleWork(OTHER)), path)
    assert {"worker"} == carriers(results)
    assert 12 == len([each for each in results if isinstance(each.verdict, Proved)])
    rules = [f"rule:{rule.key}:{part}" for rule in (MATMUL, OTHER) for part in ("forward", "vjp", "jvp", "adjoint")]
    assert rules == [each.obligation.id for each in (*results[:4], *results[8:])]
    assert [0.0] * 8 == [each.seconds for each in results[4:]]
    assert all(each.seconds > 0 for each in results[:4])
    assert 1 == len(kept(path))


def test_a_rule_of_a_size_never_seen_is_known_where_its_lemma_is(tmp_path: Path) -> None:
    path = tmp_path / "proofs.ledger"
    run((covering(MATMUL),), path)
    results = run((RuleWork(OTHER),), path)
    assert {"ledger"} == carriers(results)
    assert 4 == len(results)
    assert {"worker"} == carriers(run((RuleWork(RuleInstance("tanh", ((20, 30),))),), path))
