"""The files beside a report: valid by their public schemas, and green for nothing but an explicit yes."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from backproof.equivalence.kernel.verdict import Needs
from backproof.reports.files import KEPT
from backproof.reports.junit import junit_xml
from backproof.reports.kept import kept_files
from backproof.reports.markdown import MOST_BYTES, step_summary
from backproof.reports.report import Answer, Report, encode
from backproof.reports.sarif import sarif
from backproof.reports.statement import statement
from backproof.reports.status import Status
from backproof.reports.summary import summary
from google.protobuf import json_format
from in_toto_attestation.predicates.test_result.v0 import test_result_pb2
from in_toto_attestation.v1 import statement_pb2
from jsonschema import Draft4Validator
from lxml import etree, html
from markdown_it import MarkdownIt
from typed_rows import HOSTILE_REPORT, MIXED, report_with, typed

SCHEMAS = Path(__file__).parent / "schemas"
JUNIT = etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd"))
SARIF = Draft4Validator(json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text()))
LINES = {("tanh", "vjp"): ("/repository/src/a b/rules.py", 12), ("", "engine"): ("/elsewhere/tape.py", 3)}
REPOSITORY = Path("/repository")

PASSING = (typed("rule:a", Answer.PROVED), typed("rule:b", Answer.TESTED, needs=Needs.TEST))
LONG = typed("long:" + "ab`<" * 250_000, Answer.REFUTED, op="|" * 1_000_000, detail="x\n" * 500_000)

REPORTS = {
    "empty": report_with(),
    "met": report_with(*PASSING),
    "mixed": report_with(*MIXED),
    "interrupted": report_with(*PASSING, status=Status.INTERRUPTED),
    "hostile": HOSTILE_REPORT,
    "long": report_with(LONG, *MIXED),
}


def junit(report: Report) -> Any:
    """The JUnit document, which its schema accepts."""
    document = etree.fromstring(junit_xml(report, "out"))
    JUNIT.assertValid(document)
    return document


def log(report: Report, lines: Any = LINES) -> Any:
    """The one run of the SARIF log, which its schema accepts."""
    document = json.loads(sarif(report, lines, REPOSITORY, "out"))
    assert [] == [error.message for error in SARIF.iter_errors(document)]
    return document["runs"][0]


def result(report: Report) -> Any:
    """The in-toto predicate, read as the published messages; a field that they do not have is an error."""
    content = statement(report, encode(report))
    said = json_format.Parse(content, statement_pb2.Statement())
    assert "https://in-toto.io/Statement/v1" == said.type
    assert "https://in-toto.io/attestation/test-result/v0.1" == said.predicate_type
    assert sha256(encode(report)).hexdigest() == said.subject[0].digest["sha256"]
    return json_format.ParseDict(json.loads(content)["predicate"], test_result_pb2.TestResult())


@pytest.mark.parametrize("name", REPORTS)
def test_every_file_is_valid_by_its_public_schema(name: str) -> None:
    junit(REPORTS[name]), log(REPORTS[name]), result(REPORTS[name])


def test_the_schemas_refuse_what_they_should() -> None:
    assert not JUNIT.validate(etree.fromstring("<testsuites><testcase name='a'/></testsuites>"))
    assert list(SARIF.iter_errors({"version": "2.1.0", "runs": [{"results": []}]}))
    with pytest.raises(json_format.ParseError):
        json_format.ParseDict({"result": "PASSED", "skipped": []}, test_result_pb2.TestResult())


@pytest.mark.parametrize("name", REPORTS)
def test_a_test_case_passes_only_if_its_obligation_is_met(name: str) -> None:
    cases = junit(REPORTS[name]).findall(".//testcase")
    failing = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    assert len(cases) == len(REPORTS[name].rows) + (name in {"empty", "interrupted"})
    assert bool(failing) == (REPORTS[name].status != Status.MET)
    assert len(cases) - len(failing) == sum(row.met for row in REPORTS[name].rows)
    assert [] == junit(REPORTS[name]).findall(".//skipped")


def test_a_refutation_is_a_failure_and_what_is_undecided_an_error() -> None:
    document = junit(REPORTS["mixed"])
    assert ["7", "3", "2"] == [document.get(kind) for kind in ("tests", "failures", "errors")]
    assert ["unknown: timeout", "tested at , where a proof is needed"] == [each.get("type") for each in document.iter("error")]
    failure = document.find(".//failure")
    assert "backproof replay out/refutations/rule_tanh_vjp.json" in failure.text
    assert "> %0 leaf  cotangent  2" in failure.text


def test_suites_are_by_family_and_op_and_times_are_the_cost() -> None:
    suites = junit(REPORTS["mixed"]).findall("testsuite")
    assert [("rule tanh", "1.250"), ("float add", "0.250"), ("graph", "0.250")] == [
        (suite.get("name"), suite.get("time")) for suite in suites
    ]
    assert "not proved" in suites[1].findtext("testcase/system-out")


@pytest.mark.parametrize("verdict", [Answer.UNKNOWN, Answer.REFUTED, Answer.TESTED])
def test_a_row_that_lies_about_being_met_passes_nowhere(verdict: Answer) -> None:
    report = report_with(typed("rule:a", verdict, met=True), status=Status.MET)
    assert "0" != junit(report).get("errors") or "0" != junit(report).get("failures")
    assert "FAILED" == result(report).result
    assert b"MET, all" not in step_summary(report, "out")


def test_results_point_at_the_kernel_that_is_refuted_once_for_each() -> None:
    run = log(REPORTS["mixed"])
    (found,) = run["results"]
    place = found["locations"][0]["physicalLocation"]
    assert {"uri": "src/a%20b/rules.py", "uriBaseId": "%SRCROOT%"} == place["artifactLocation"]
    assert (12, 2, "backproof/vjp") == (place["region"]["startLine"], found["occurrenceCount"], found["ruleId"])
    said = [each["message"]["text"] for each in run["invocations"][0]["toolExecutionNotifications"]]
    assert any("without a source line: graph:g:graph" in text for text in said)
    assert any("not met: rule:tanh[()]:jvp: unknown: timeout" in text for text in said)
    assert any("1 of 7 obligations were tested" in text for text in said)


def test_a_claim_about_two_kernels_points_at_the_one_whose_values_differ() -> None:
    run = log(report_with(typed("rule:tanh[()]:adjoint", Answer.REFUTED)))
    assert ["backproof/vjp"] == [found["ruleId"] for found in run["results"]]


def test_a_file_outside_the_repository_has_its_whole_address() -> None:
    engine = typed("theorem:step", Answer.REFUTED, op="", family=MIXED[6].family.ENGINE)
    place = log(report_with(engine))["results"][0]["locations"][0]["physicalLocation"]
    assert {"uri": "file:///elsewhere/tape.py"} == place["artifactLocation"]


def test_the_statement_tells_proved_from_tested_and_passes_only_what_is_met() -> None:
    mixed, met = result(REPORTS["mixed"]), result(REPORTS["met"])
    assert ("FAILED", 1, 1, 5) == (mixed.result, len(mixed.passed_tests), len(mixed.warned_tests), len(mixed.failed_tests))
    assert ("PASSED", ["rule:a"], ["rule:b"]) == (met.result, list(met.passed_tests), list(met.warned_tests))
    assert ["FAILED", "FAILED"] == [result(REPORTS[name]).result for name in ("empty", "interrupted")]
    assert 7 == json.loads(b64decode(json.loads(statement(REPORTS["met"], b""))["predicate"]["configuration"][0]["content"]))["seed"]


@pytest.mark.parametrize("name", REPORTS)
def test_the_summary_shows_texts_as_they_are_and_nothing_runs_or_loads(name: str) -> None:
    shown = html.fromstring(MarkdownIt("commonmark").enable("table").render(step_summary(REPORTS[name], "out").decode()))
    tags = {element.tag for element in shown.iter()}
    assert tags <= {"div", "h2", "h3", "p", "pre", "code", "ul", "li", "strong", "table", "thead", "tbody", "tr", "th", "td", "span"}
    if name == "hostile":
        assert "<script>alert(1)</script>" in shown.text_content()
        assert "\x1b" not in shown.text_content()


def test_a_terminal_is_moved_and_coloured_by_no_text() -> None:
    said = summary(REPORTS["hostile"], "out", None)
    assert "<script>alert(1)</script>" in said
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", said)


def test_the_summary_says_failures_first_and_what_is_not_proved() -> None:
    text = step_summary(REPORTS["mixed"], "out").decode()
    assert text.startswith("## backproof: REFUTED (5 of 7 obligations do not pass)")
    order = [text.index(part) for part in ("### Refuted", "### Not met", "Not proved: 3 refuted, 2", "| rule |", "<code>tanh</code>")]
    assert sorted(order) == order
    assert "## backproof: MET, all 2 obligations" in step_summary(REPORTS["met"], "out").decode()


@pytest.mark.parametrize("verdict", [Answer.PROVED, Answer.REFUTED, Answer.UNKNOWN])
def test_the_summary_of_thirty_thousand_rows_is_within_its_mebibyte_and_says_what_it_leaves_out(verdict: Answer) -> None:
    long = "ä|<" * 500
    rows = [typed(f"rule:{place}:{long}", verdict, op=f"op {place % 9000} {long}", detail=long) for place in range(30_000)]
    content = step_summary(report_with(*rows), "out")
    assert len(content) <= MOST_BYTES
    assert b"And so on: report.json holds all" in content


def test_every_file_that_is_kept_is_forgotten_before_the_next_run() -> None:
    kept = dict(kept_files(REPORTS["mixed"], "out", LINES, REPOSITORY))
    assert set(KEPT) == {name for name in kept if not name.endswith(".json") or "/" not in name}
    assert 3 == sum(name.startswith("refutations/") and name.endswith(".json") for name in kept)
    strange = dict(kept_files(REPORTS["hostile"], "out", LINES, REPOSITORY))
    assert all(name.removeprefix("refutations/").isascii() and "/" not in name.removeprefix("refutations/") for name in strange)
