"""The page: a report as one HTML file that holds all it needs, at most 5 MiB however much there is."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import DictLoader, Environment, StrictUndefined, Template
from markupsafe import Markup

from ...equivalence.family import Family
from ..escaping import one_line
from ..markdown import headline
from ..ops import PARTS
from ..report import Answer, Report
from ..standing import only_tested, passes, refuted, replay_commands, undecided, why_not
from ..status import Status
from .parts import graph_parts, op_parts, question_parts
from .refutation import section
from .table import Places, table

MOST_BYTES = 5 * 1024 * 1024
SECTIONS_BYTES = 1_300_000
OPS_BYTES = 500_000
GRAPHS_BYTES = 1_100_000
QUESTIONS_BYTES = 500_000
TABLE_BYTES = 1_400_000

MOST_ROWS = 300
"""How many rows the tables have that are written without JavaScript."""


def html_report(report: Report, folder: str) -> bytes:
    """The page; `folder` is where the report is kept."""
    questions = question_parts(report, QUESTIONS_BYTES)
    asked = {row: part.number for row, part in zip(report.questions.texts, questions, strict=False)}
    sections, told_of = _sections(report, folder, asked)
    lemmas = [row for row in report.rows if row.id.startswith("theorem:")]
    ops, graphs = op_parts(report), graph_parts(report)
    shown_ops, shown_graphs = _within("op.html", ops, OPS_BYTES), _within("graph.html", graphs, GRAPHS_BYTES)
    drawn = {part.key: part.number for part in graphs[: len(shown_graphs)]}
    data, told = table(report.rows, Places(told_of, asked, drawn), TABLE_BYTES)
    style, script = _text("page.css"), _text("page.js")
    page = _template("page.html").render(
        report=report,
        counts=report.counts,
        headline=headline(report),
        green=report.status == Status.MET and all(map(passes, report.rows)),
        convention=one_line(report.asked.convention, 100),
        version=one_line(report.version, 100),
        rules="" if report.rules is None else one_line(report.rules, 500),
        sections=sections,
        refutations_left=len(refuted(report.rows)) - len(sections),
        undecided=undecided(report.rows),
        tested=len(only_tested(report.rows)),
        lemmas=lemmas,
        proved=sum(passes(row) and row.verdict is Answer.PROVED for row in lemmas),
        asked=asked,
        ops=shown_ops,
        ops_left=len(ops) - len(shown_ops),
        graphs=shown_graphs,
        graphs_left=len(graphs) - len(shown_graphs),
        questions=questions,
        questions_left=report.questions.left_out + len(report.questions.texts) - len(questions),
        export=f"backproof recheck {one_line(folder, 500)}/report.json --export smt2",
        parts=PARTS,
        answers=list(Answer),
        families=list(Family),
        rows_left=len(report.rows) - told,
        most=MOST_ROWS,
        data=Markup(data),  # table escapes what a script element could read
        style=Markup(style),
        script=Markup(script),
        style_digest=_digest(style),
        script_digest=_digest(script),
    )
    return page.encode("utf-8", "backslashreplace")


def _sections(report: Report, folder: str, asked: Mapping[str, int]) -> tuple[list[Markup], dict[str, int]]:
    """The refutations while they fit, the first of each op unfolded, and the number of each by the row's id."""
    commands = replay_commands(report, folder)
    rows = [row for row in refuted(report.rows) if row.counterexample is not None]
    firsts = {(row.family, row.op): row.id for row in reversed(rows)}
    parts = (
        section(row, row.counterexample, number, commands[row.id], asked.get(row.id), unfolded=row.id in firsts.values())
        for number, row in enumerate(rows, start=1)
        if row.counterexample is not None
    )
    sections = _within("refutation.html", parts, SECTIONS_BYTES)
    return sections, {row.id: number for number, row in enumerate(rows[: len(sections)], start=1)}


def _within(name: str, parts: Iterable[object], budget: int) -> list[Markup]:
    """Parts as a template writes them, while they fit, in bytes."""
    template = _template(name)
    kept = []
    for it in parts:
        text = template.render(it=it)
        budget -= len(text.encode("utf-8", "backslashreplace"))
        if budget < 0:
            break
        kept.append(Markup(text))  # it is escaped
    return kept


def _template(name: str) -> Template:
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    names = ("page.html", "refutation.html", "op.html", "graph.html", "drawing.html")
    environment = Environment(loader=DictLoader({name: _text(name) for name in names}), autoescape=True, undefined=StrictUndefined)
    environment.filters["line"] = one_line
    environment.globals.update(passes=passes, why_not=why_not)
    return environment


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")


def _digest(text: str) -> str:
    """By which the page lets this text run, and no other."""
    return b64encode(sha256(text.encode()).digest()).decode()
