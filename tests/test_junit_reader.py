"""junit.xml as a public reader reads it: nothing that is unknown, refuted or not enough counts as passed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from backproof.ir.needs import Needs
from backproof.reports.junit import junit_xml
from backproof.reports.report import Answer, Report
from backproof.reports.status import Status
from junitparser import JUnitXml
from typed_rows import HOSTILE_REPORT, MIXED, report_with, typed

PASSING = (typed("rule:a", Answer.PROVED), typed("rule:b", Answer.TESTED, needs=Needs.TEST))


def passed(report: Report, folder: Path) -> list[str]:
    """The cases that the reader takes for passed: neither skipped nor with an error or a failure."""
    file = folder / "junit.xml"
    file.write_bytes(junit_xml(report, "out"))
    suites = JUnitXml.fromfile(str(file))
    cases = [case for suite in suites for case in suite]
    assert len(cases) == sum(suite.tests for suite in suites)
    assert [] == [case for case in cases if case.is_skipped]
    found = [case.name for case in cases if case.is_passed]
    assert len(found) == sum(suite.tests - suite.failures - suite.errors - suite.skipped for suite in suites)
    return found


def test_what_passes_is_read_as_passed_and_no_unknown_is(tmp_path: Path) -> None:
    report = report_with(*PASSING, *MIXED)
    answers = {row.id: row.verdict for row in report.rows}
    assert Counter(row.verdict for row in report.rows)[Answer.UNKNOWN] > 0
    found = passed(report, tmp_path)
    assert {"rule:a", "rule:b"} <= set(found)
    assert 0 == sum(answers[name] in (Answer.UNKNOWN, Answer.REFUTED) for name in found)
    assert sorted(found) == sorted(row.id for row in report.rows if row.met)


def test_a_run_of_nothing_one_interrupted_and_a_hostile_one_are_read_and_do_not_pass(tmp_path: Path) -> None:
    assert [] == passed(report_with(), tmp_path)
    assert ["rule:a", "rule:b"] == passed(report_with(*PASSING, status=Status.INTERRUPTED), tmp_path)
    text = (tmp_path / "junit.xml").read_text()
    assert 'errors="1"' in text
    assert len(passed(HOSTILE_REPORT, tmp_path)) == sum(row.met for row in HOSTILE_REPORT.rows)
