"""The page: a report as one HTML file that holds all it needs, at most 5 MiB however much there is."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from ...equivalence.family import Family
from ..escaping import one_line
from ..markdown import headline
from ..op_lines import op_lines
from ..ops import PARTS
from ..report import Answer, Report, Row
from ..standing import only_tested, passes, refuted, replay_commands, undecided, why_not
from ..status import Status
from .drawing import HEIGHT, WIDTH
from .refutation import section
from .table import table

MOST_BYTES = 5 * 1024 * 1024
SECTIONS_BYTES = 1_800_000
TABLE_BYTES = 2_300_000

MOST_ROWS = 300
"""How many rows the tables have that are written without JavaScript."""


def html_report(report: Report, folder: str) -> bytes:
    """The page; `folder` is where the report is kept."""
    sections, anchors = _sections(report, folder)
    lemmas = [row for row in report.rows if row.id.startswith("theorem:")]
    data, told = table(report.rows, anchors, TABLE_BYTES)
    style, script = _text("page.css"), _text("page.js")
    page = _environment().get_template("page.html").render(
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
        ops=op_lines(report.rows),
        ulps=_worst(report.rows),
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


def _sections(report: Report, folder: str) -> tuple[list[Markup], dict[str, str]]:
    """The refutations while they fit, the first of each op unfolded, and the anchor of each by the row's id."""
    commands = replay_commands(report, folder)
    template = _environment().get_template("refutation.html")
    budget, anchors = SECTIONS_BYTES, dict[str, str]()
    sections: list[Markup] = []
    subjects: set[tuple[str, str]] = set()
    for row in refuted(report.rows):
        if row.counterexample is None:
            continue
        anchor = f"refutation-{len(sections) + 1}"
        it = section(row, row.counterexample, anchor, commands[row.id], unfolded=(row.family, row.op) not in subjects)
        text = template.render(it=it, width=WIDTH, height=HEIGHT)
        budget -= len(text.encode("utf-8", "backslashreplace"))
        if budget < 0:
            break
        sections.append(Markup(text))  # it is escaped
        anchors[row.id] = anchor
        subjects.add((row.family, row.op))
    return sections, anchors


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


@cache
def _environment() -> Environment:
    templates = {name: _text(name) for name in ("page.html", "refutation.html")}
    environment = Environment(loader=DictLoader(templates), autoescape=True, undefined=StrictUndefined)
    environment.filters["line"] = one_line
    environment.globals.update(passes=passes, why_not=why_not)
    return environment


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")


def _digest(text: str) -> str:
    """By which the page lets this text run, and no other."""
    return b64encode(sha256(text.encode()).digest()).decode()
