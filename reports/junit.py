"""A report as JUnit XML: each obligation a test case, in suites by family and op; only what is met passes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from .counterexample import draw
from .escaping import one_line, printable
from .report import Answer, Report, Row
from .standing import SAID, passes, replay_commands, why_not
from .status import Status

LONGEST_NAME = 1000
LONGEST_TEXT = 20_000
"""Units: characters. What is cut is whole in report.json."""


def junit_xml(report: Report, folder: str) -> bytes:
    """The document; `folder` is where the report is kept.

    A run that is not met although its rows are (empty, interrupted) has a suite of its own, with an error.
    """
    commands = replay_commands(report, folder)
    suites: dict[tuple[str, str], list[Row]] = {}
    for row in report.rows:
        suites.setdefault((row.family, row.op), []).append(row)
    elements = [_suite(family, op, rows, commands) for (family, op), rows in suites.items()]
    if report.status != Status.MET and all(map(passes, report.rows)):
        elements.append(_run_itself(report))
    seconds = sum(row.cost.seconds for row in report.rows)
    root = Element("testsuites", {"name": "backproof", **_counted(elements), "time": f"{seconds:.3f}"})
    root.extend(elements)
    ElementTree.indent(root, " ")
    document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _counted(suites: Sequence[Element]) -> dict[str, str]:
    return {kind: str(sum(int(suite.attrib[kind]) for suite in suites)) for kind in ("tests", "failures", "errors")}


def _suite(family: str, op: str, rows: Sequence[Row], commands: Mapping[str, str]) -> Element:
    answers = Counter(row.verdict for row in rows)
    failures = answers[Answer.REFUTED]
    suite = Element(
        "testsuite",
        {
            "name": one_line(f"{family} {op}".rstrip(), LONGEST_NAME),
            "tests": str(len(rows)),
            "failures": str(failures),
            "errors": str(sum(not passes(row) for row in rows) - failures),
            "skipped": "0",
            "time": f"{sum(row.cost.seconds for row in rows):.3f}",
        },
    )
    properties = SubElement(suite, "properties")
    for answer in Answer:
        SubElement(properties, "property", {"name": answer, "value": str(answers[answer])})
    for row in rows:
        suite.append(_case(row, commands.get(row.id)))
    return suite


def _case(row: Row, command: str | None) -> Element:
    case = Element(
        "testcase",
        {
            "classname": one_line(f"backproof.{row.family}" + (f".{row.op}" if row.op else ""), LONGEST_NAME),
            "name": one_line(row.id, LONGEST_NAME),
            "time": f"{row.cost.seconds:.3f}",
        },
    )
    if row.verdict is Answer.REFUTED:
        said = SubElement(case, "failure", {"type": "refuted", "message": one_line(row.detail or row.claim, LONGEST_NAME)})
        said.text = printable("\n".join(_refutation(row, command)), LONGEST_TEXT)
    elif not passes(row):
        said = SubElement(case, "error", {"type": one_line(why_not(row), 200), "message": one_line(row.detail or row.claim, LONGEST_NAME)})
        said.text = printable(f"{row.claim}\n{why_not(row)}: {row.detail}", LONGEST_TEXT)
    elif row.verdict is not Answer.PROVED:
        SubElement(case, "system-out").text = printable(f"not proved, and no proof was owed: tested at {row.method}", LONGEST_TEXT)
    return case


def _refutation(row: Row, command: str | None) -> list[str]:
    lines = [row.claim, row.detail]
    if command is not None:  # the command first: what is long is cut at its end
        lines.append(f"see it again: {command}")
    return lines if row.counterexample is None else [*lines, "", *draw(row.counterexample)]


def _run_itself(report: Report) -> Element:
    why = SAID.get(Status(report.status), "not met")
    suite = Element("testsuite", {"name": "run", "tests": "1", "failures": "0", "errors": "1", "skipped": "0", "time": "0.000"})
    case = SubElement(suite, "testcase", {"classname": "backproof", "name": "run", "time": "0.000"})
    SubElement(case, "error", {"type": "not met", "message": why}).text = why
    return suite
