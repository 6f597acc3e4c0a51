"""The files that keep a report: their names and contents."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from .report import Report

KEPT = (
    "report.json",
    "report.html",
    "junit.xml",
    "summary.md",
    "results.sarif",
    "statement.json",
    "refutations/test_refutations.py",
)
"""The files of `backproof check --out` beside the refutations, which bear names of their own."""


def refutation_names(report: Report) -> dict[str, str]:
    """A file name for each refuted obligation, by id."""
    return file_names([row.id for row in report.rows if row.counterexample is not None], "json")


def file_names(ids: Iterable[str], ending: str) -> dict[str, str]:
    """A file name for each id: the id with what file systems refuse replaced."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for each in ids:
        stem = name = re.sub(r"[^A-Za-z0-9._=-]+", "_", each).strip("_")[:120]
        repeat = 2
        while name.lower() in taken:
            name, repeat = f"{stem}~{repeat}", repeat + 1
        taken.add(name.lower())
        names[each] = f"{name}.{ending}"
    return names


def refutation_files(report: Report) -> dict[str, bytes]:
    """Each counterexample as a graph file that `backproof replay` runs, by file name."""
    names = refutation_names(report)
    return {
        names[row.id]: msgspec.json.format(msgspec.json.encode(row.counterexample.graph), indent=2) + b"\n"
        for row in report.rows
        if row.counterexample is not None
    }
