"""What the page shows beside refutations and rows: ops with their formulas, graphs, and the questions to solvers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from markupsafe import Markup

from ..conventions import phrase
from ..escaping import one_line, printable
from ..op_lines import OpLine, op_lines
from ..report import GraphShape, Meaning, Report, Row
from ..standing import passes
from .drawing import Drawing, drawing
from .mathematics import mathematics
from .values import graph_values

LONGEST = 500
"""Units: characters."""


class OpPart(NamedTuple):
    """An op: what is decided of it, its formula, and what is declared at its kinks."""

    anchor: str
    line: OpLine
    ulps: str
    formula: str
    mathematics: Markup | None
    at: str
    domain: str
    kinks: str
    declared: str


class GraphPart(NamedTuple):
    """A graph: what is decided of it, and how it is drawn. `key` is its name as ids have it, which may hold anything."""

    number: int
    key: str
    name: str
    values: int
    verdicts: str
    passes: bool
    drawing: Drawing | None


class QuestionPart(NamedTuple):
    """What solvers were asked, or may be, about one row."""

    number: int
    id: str
    text: str


def op_parts(report: Report) -> list[OpPart]:
    """Every op of the rows, those with rows that do not pass first."""
    meanings = {each.op: each for each in report.meanings}
    unknown = Meaning("", "", "", "", "", "", {})
    ulps = _worst(report.rows)
    return [
        _op_part(place, line, ulps[line.op], meanings.get(line.op, unknown)) for place, line in enumerate(op_lines(report.rows), start=1)
    ]


def _op_part(place: int, line: OpLine, ulps: str, meaning: Meaning) -> OpPart:
    declared = "; ".join(f"{kink}, {phrase(weight)}" for kink, weight in meaning.declared.items())
    texts = (meaning.at, meaning.domain, meaning.kinks, declared)
    anchor = f"op-{line.op}" if line.op.isidentifier() and len(line.op) < LONGEST else f"op-{place}"
    formula = one_line(meaning.formula, 2 * LONGEST)
    return OpPart(anchor, line, ulps, formula, mathematics(meaning.mathml), *(one_line(text, LONGEST) for text in texts))


def _worst(rows: Iterable[Row]) -> dict[str, str]:
    """The worst errors in ulps of each op, by format."""
    found: dict[str, dict[str, float]] = {}
    for row in rows:
        mine = found.setdefault(row.op, {})
        for name, said in row.notes.items():
            if name.endswith("worst error, ulps"):
                form = name.partition(":")[0]
                mine[form] = max(mine.get(form, 0.0), float(said.split()[0]))
    return {op: ", ".join(f"{form} {ulps:g}" for form, ulps in worst.items()) for op, worst in found.items()}


def graph_parts(report: Report) -> list[GraphPart]:
    """Every graph, those with rows that do not pass first; numbered in that order."""
    rows: dict[str, list[Row]] = {}
    for row in report.rows:
        if row.id.startswith("graph:"):
            rows.setdefault(row.id.removeprefix("graph:").rpartition(":")[0], []).append(row)
    ordered = sorted(report.graphs, key=lambda graph: all(map(passes, rows.get(graph.name, ()))))
    return [_graph_part(number, graph, rows.get(graph.name, [])) for number, graph in enumerate(ordered, start=1)]


def _graph_part(number: int, graph: GraphShape, rows: list[Row]) -> GraphPart:
    verdicts = ", ".join(f"{row.family} {row.verdict}" for row in rows)
    name = one_line(graph.name, LONGEST)
    return GraphPart(number, graph.name, name, graph.values, verdicts, bool(rows) and all(map(passes, rows)), drawing(graph_values(graph)))


def question_parts(report: Report, budget: int) -> list[QuestionPart]:
    """The questions that fit in, in order."""
    parts = []
    for number, (row, text) in enumerate(report.questions.texts.items(), start=1):
        shown = printable(text, budget)
        budget -= 2 * len(shown.encode("utf-8", "backslashreplace"))  # escaped, some characters are more
        if budget < 0:
            break
        parts.append(QuestionPart(number, one_line(row, LONGEST), shown))
    return parts
