"""Every file that keeps a report, by its path in the folder: for machines, for people, and to run again."""

from __future__ import annotations

from pathlib import Path

from .files import refutation_files
from .junit import junit_xml
from .markdown import step_summary
from .regression import regression_test
from .report import Report, encode
from .sarif import SourceLines, sarif
from .statement import statement


def kept_files(report: Report, folder: str, lines: SourceLines, repository: Path) -> dict[str, bytes]:
    """The files; `lines` says where kernels stand, and paths in what is for machines are relative to `repository`."""
    encoded = encode(report)
    tried = {**refutation_files(report), **regression_test(report, folder)}
    return {
        **{f"refutations/{name}": content for name, content in tried.items()},
        "junit.xml": junit_xml(report, folder),
        "summary.md": step_summary(report, folder),
        "results.sarif": sarif(report, lines, repository, folder),
        "statement.json": statement(report, encoded),
        "report.json": encoded,
    }
