"""Two reports compared: whatever is shown no longer, or less well, is worse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from backproof.cli import main
from backproof.equivalence.kernel.verdict import Needs
from backproof.reports.diff import Change, Diff, Kind, diff_record, diff_text
from backproof.reports.report import Answer, Cost, Report, Row, RunCost, encode
from backproof.reports.status import Status
from typed_rows import HOSTILE, MIXED, report_with, typed

FILES = (Path("old.json"), Path("new.json"))
PROVED, TESTED, UNKNOWN, REFUTED = (
    typed("rule:a", verdict, method="m") for verdict in (Answer.PROVED, Answer.TESTED, Answer.UNKNOWN, Answer.REFUTED)
)
ONLY_OWED_A_TEST = typed("rule:a", Answer.TESTED, needs=Needs.TEST)


def compared(old: tuple[Row, ...], new: tuple[Row, ...]) -> Diff:
    return diff_record(report_with(*old), report_with(*new), FILES)


def with_fields(row: Row, **fields: Any) -> Row:
    return msgspec.structs.replace(row, **fields)


@pytest.mark.parametrize(
    ("old", "new", "kind", "worse"),
    [
        (PROVED, REFUTED, Kind.REFUTED, True),
        (UNKNOWN, REFUTED, Kind.REFUTED, True),
        (PROVED, UNKNOWN, Kind.UNKNOWN, True),
        (TESTED, UNKNOWN, Kind.UNKNOWN, True),
        (REFUTED, UNKNOWN, Kind.UNKNOWN, False),
        (PROVED, TESTED, Kind.UNMET, True),
        (UNKNOWN, TESTED, Kind.UNMET, False),
        (REFUTED, PROVED, Kind.MET, False),
        (UNKNOWN, PROVED, Kind.MET, False),
        (PROVED, ONLY_OWED_A_TEST, Kind.EVIDENCE, True),
        (ONLY_OWED_A_TEST, PROVED, Kind.EVIDENCE, False),
        (UNKNOWN, ONLY_OWED_A_TEST, Kind.MET, True),
        (TESTED, ONLY_OWED_A_TEST, Kind.MET, True),
        (PROVED, with_fields(PROVED, claim="less is claimed"), Kind.CLAIM, False),
        (PROVED, with_fields(PROVED, needs=Needs.TEST), Kind.CLAIM, True),
        (PROVED, with_fields(PROVED, method="another"), Kind.EVIDENCE, False),
        (PROVED, with_fields(PROVED, rests_on=("worker", "z3")), Kind.EVIDENCE, False),
        (PROVED, with_fields(PROVED, assumptions=("no zeros",)), Kind.EVIDENCE, True),
        (UNKNOWN, with_fields(UNKNOWN, reason="crashed"), Kind.EVIDENCE, False),
    ],
)
def test_a_row_that_changes_has_one_kind_and_is_worse_if_less_is_shown(old: Row, new: Row, kind: Kind, *, worse: bool) -> None:
    record = compared((old,), (new,))
    assert [(kind, worse)] == [(change.kind, change.worse) for change in record.changes]
    assert (int(worse), int(worse), 0) == (record.status, record.worse, record.same)
    assert kind in diff_text(record)


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ((PROVED, UNKNOWN), (PROVED,), (Kind.DISAPPEARED, True)),
        ((PROVED, REFUTED), (PROVED,), (Kind.DISAPPEARED, True)),
        ((PROVED,), (PROVED, PROVED), (Kind.APPEARED, False)),
        ((PROVED,), (PROVED, TESTED), (Kind.APPEARED, True)),
        ((PROVED,), (PROVED, REFUTED), (Kind.APPEARED, True)),
    ],
)
def test_what_is_owed_no_longer_is_worse_and_what_is_new_only_if_it_does_not_pass(
    old: tuple[Row, ...], new: tuple[Row, ...], change: tuple[Kind, bool]
) -> None:
    named = [tuple(with_fields(row, id=f"rule:{place}") for place, row in enumerate(rows)) for rows in (old, new)]
    record = compared(named[0], named[1])
    assert [change] == [(found.kind, found.worse) for found in record.changes]
    assert (int(change[1]), 1) == (record.status, record.same)


def test_cost_workers_ledger_and_notes_are_no_difference() -> None:
    old = report_with(*MIXED)
    rows = tuple(with_fields(row, cost=Cost(99.0), notes={"worst ulp": "3"}) for row in MIXED)
    record = diff_record(old, msgspec.structs.replace(report_with(*rows), cost=RunCost(99.0, 8, 7)), FILES)
    assert (0, (), (), len(MIXED)) == (record.status, record.changes, record.asked, record.same)


def test_what_was_asked_otherwise_is_said() -> None:
    other = msgspec.structs.replace(report_with(PROVED, convention="pytorch"), seed=8)
    record = diff_record(report_with(PROVED), other, FILES)
    assert [("seed", "7", "8"), ("convention", "torchlean", "pytorch")] == [(each.id, each.before, each.after) for each in record.asked]
    assert "asked otherwise: seed: 7 -> 8" in diff_text(record)


def test_an_interrupted_second_run_and_two_empty_ones_are_not_green() -> None:
    assert 1 == diff_record(report_with(PROVED), report_with(PROVED, status=Status.INTERRUPTED), FILES).status
    assert 5 == compared((), ()).status
    assert 1 == compared((PROVED,), ()).status


def test_the_worst_comes_first_and_long_lists_are_cut() -> None:
    old = [with_fields(PROVED, id=f"rule:{place}") for place in range(100)]
    new = [with_fields(REFUTED if place else UNKNOWN, id=f"rule:{place}") for place in range(100)]
    text = diff_text(compared((*old, typed("b", Answer.UNKNOWN)), (*new, typed("b", Answer.PROVED))))
    assert text.index("newly refuted: 99, worse") < text.index("newly unknown: 1, worse") < text.index("newly met: 1")
    assert "and 59 more" in text
    assert len(text.splitlines()) < 60


def test_names_from_outside_cannot_break_the_lines() -> None:
    strange = compared((typed(HOSTILE, Answer.PROVED),), (typed(HOSTILE, Answer.REFUTED, claim=HOSTILE),))
    assert "\x1b" not in diff_text(strange)
    assert 5 == len(diff_text(strange).splitlines())


def kept(file: Path, report: Report) -> str:
    file.write_bytes(encode(report))
    return str(file)


def test_the_command_prints_one_document_and_its_status(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    good, bad = kept(tmp_path / "good", report_with(PROVED)), kept(tmp_path / "bad", report_with(REFUTED))
    assert 1 == main(["diff", good, bad, "--json"])
    record = json.loads(capfd.readouterr().out)
    assert (1, [0, 1], "newly refuted") == (record["status"], record["statuses"], record["changes"][0]["kind"])
    assert 0 == main(["diff", bad, good])
    assert capfd.readouterr().out.startswith("NOTHING GOT WORSE\n")


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\xff", encode(report_with(PROVED, REFUTED))])
def test_what_is_no_report_is_refused_in_one_line(
    content: bytes | None, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    good, file = kept(tmp_path / "good", report_with(PROVED)), tmp_path / "other"
    if content is not None:
        file.write_bytes(content)
    for arguments in ((good, str(file)), (str(file), good)):
        assert 2 == main(["diff", *arguments])
        said = capfd.readouterr()
        assert ("", 1) == (said.out, len(said.err.splitlines()))


def test_a_change_is_a_plain_record() -> None:
    change = Change("a", Kind.MET, worse=False, before="unknown", after="proved")
    assert {"id", "kind", "worse", "before", "after"} == json.loads(encode(change)).keys()
