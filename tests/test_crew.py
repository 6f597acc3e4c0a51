"""Worker processes: one that dies loses nothing, and none holds more memory than it may."""

from __future__ import annotations

import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest
from backproof.cli import main
from backproof.equivalence.kernel.decision import UnknownReason
from backproof.equivalence.kernel.verdict import Proved, Unknown
from backproof.equivalence.obligations import Decided
from backproof.equivalence.rule_work import RuleWork
from backproof.equivalence.rules.instances import instances
from backproof.equivalence.run import decided
from backproof.equivalence.workers import OUR_OWN, Staff

WORK = [RuleWork(rule) for op in ("relu", "neg", "exp") for rule in list(instances(op))[2:4]]

RULES = """
    import os, pathlib
    from backproof import primitive_of

    neg = primitive_of("neg")
    shipped = neg.vjp_kernel
    place = pathlib.Path({place!r})

    @neg.vjp
    def vjp(y_bar, y, x):
        {first}
        return shipped(y_bar, y, x)
"""


def run(rules: Path | None, staff: Staff = OUR_OWN) -> list[Decided]:
    return list(decided(WORK, 2, rules, "torchlean", lambda _done, _owed: None, None, staff=staff))


def written(folder: Path, first: str) -> Path:
    rules = folder / "rules.py"
    rules.write_text(textwrap.dedent(RULES).format(place=str(folder), first=first))
    return rules


def told(results: list[Decided]) -> list[object]:
    found = []
    for each in results:
        answer = each.verdict
        found.append((each.obligation, answer.proof.statement if isinstance(answer, Proved) else answer, each.notes))
    return found


def test_what_a_worker_that_died_was_at_is_done_again(tmp_path: Path) -> None:
    # The first to come dies, and all others at once with it.
    first = "if not (place / 'died').exists(): (place / 'died').touch(), os._exit(9)"
    results = run(written(tmp_path, first))
    assert (tmp_path / "died").exists()
    assert told(run(None)) == told(results)
    assert 0 < sum(each.was_done_again for each in results)


def test_what_kills_every_worker_is_unknown_and_nothing_else_is(tmp_path: Path) -> None:
    results = run(written(tmp_path, "os._exit(9)"))
    dead = [each for each in results if each.obligation.op == "neg"]
    assert {UnknownReason.CRASHED} == {each.verdict.reason for each in dead if isinstance(each.verdict, Unknown)}
    assert all(isinstance(each.verdict, Unknown) and "died" in each.verdict.detail for each in dead)
    others = [each for each in run(None) if each.obligation.op != "neg"]
    assert told(others) == told([each for each in results if each.obligation.op != "neg"])
    assert len(others) + len(dead) == len(results)


def test_no_worker_holds_more_than_it_may(tmp_path: Path) -> None:
    rules = written(tmp_path, "bytearray(2**32)")
    results = run(rules, replace(OUR_OWN, memory=2**11))
    wrong = [each.verdict for each in results if not isinstance(each.verdict, Proved) and each.obligation.op == "neg"]
    assert any(isinstance(each, Unknown) and "MemoryError" in each.detail for each in wrong)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--executor", "dask://127.0.0.1:1"), "backproof[dask] was needed"),
        (("--executor", "127.0.0.1:1"), "dask://HOST:PORT was needed"),
        (("--executor", "dask://127.0.0.1"), "dask://HOST:PORT was needed"),
        (("--executor", "dask://127.0.0.1:1", "--rules", "rules.py"), "a rules file is executed here alone"),
        (("--memory", "1"), "--memory"),
    ],
)
def test_a_cluster_that_cannot_be_used_is_one_line_and_status_2(
    options: tuple[str, ...], said: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert 2 == main(["check", "--ops", "neg", "--graphs", "0", "--no-ledger", *options])
    told = capfd.readouterr()
    assert ("", 1) == (told.out, len(told.err.splitlines()))
    assert said in told.err
