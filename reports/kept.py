"""Every file that keeps a report, by its path in the folder: for machines, for people, and to run again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .files import refutation_files
from .junit import junit_xml
from .markdown import step_summary
from .page.document import html_report
from .regression import regression_test
from .report import Report, encode
from .sarif import SourceLines, sarif
from .statement import statement


def kept_files(report: Report, folder: str, lines: SourceLines, repository: Path) -> Iterator[tuple[str, bytes]]:
    """The files, one after the other: the report itself first, so that nothing which fails later loses it.

    `lines` says where kernels stand, and paths in what is for machines are relative to `repository`.
    """
    encoded = encode(report)
    yield "report.json", encoded
    for name, content in {**refutation_files(report), **regression_test(report, folder)}.items():
        yield f"refutations/{name}", content
    yield "junit.xml", junit_xml(report, folder)
    yield "summary.md", step_summary(report, folder)
    yield "results.sarif", sarif(report, lines, repository, folder)
    yield "statement.json", statement(report, encoded)
    yield "report.html", html_report(report, folder)
