"""The page: all of it in one file, nothing of it from elsewhere, and no text from outside that becomes more than text."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from backproof.equivalence.kernel.verdict import Needs
from backproof.equivalence.obligations import Family
from backproof.reports.escaping import one_line
from backproof.reports.page.document import MOST_BYTES, html_report
from backproof.reports.page.mathematics import mathematics
from backproof.reports.report import (
    Answer,
    GraphShape,
    Meaning,
    NodeShape,
    Questions,
    Report,
)
from backproof.reports.status import Status
from lxml import html
from typed_rows import HOSTILE_REPORT, MIXED, counterexample, report_with, typed

LEMMA = typed("theorem:step", Answer.PROVED, op="", family=Family.ENGINE, claim="one step keeps the frame")

def page(report: Report) -> Any:
    return html.document_fromstring(html_report(report, "out").decode())


def told(report: Report) -> dict[str, dict[str, Any]]:
    """The rows of the page's own table by id, put together as its script does."""
    held = json.loads(page(report).get_element_by_id("data").text)
    rows = {}
    for stem, part, _time, kind, *rest in held["rows"]:
        passed, *texts = held["kinds"][kind]
        names = ("family", "op", "verdict", "claim", "why", "method", "rests", "assumes")
        said = {name: held["texts"][number] for name, number in zip(names, texts, strict=True)}
        rows[held["texts"][stem] + held["texts"][part]] = {**said, "passes": passed, "places": (*rest[1:], 0, 0, 0)[:3]}
    return rows


def test_the_answer_comes_first_and_only_an_explicit_yes_is_green() -> None:
    for report, said in (
        (report_with(*MIXED), "backproof: REFUTED (5 of 7 obligations do not pass)"),
        (report_with(LEMMA), "backproof: MET, all 1 obligations"),
        (report_with(), "backproof: NOTHING WAS OWED"),
        (report_with(LEMMA, status=Status.INTERRUPTED), "backproof: INTERRUPTED"),
        (report_with(typed("rule:a", Answer.UNKNOWN, met=True), status=Status.MET), "backproof: NOT MET (1 of 1"),
    ):
        heading = page(report).find(".//h1")
        assert heading.text_content().startswith(said)
        assert ("MET, all" in said) == (heading.find("span").get("class") == "good")


def test_a_refutation_shows_graph_values_where_the_sides_part_first_and_how_to_see_it_again() -> None:
    document = page(report_with(*MIXED))
    section = document.get_element_by_id("refutation-1")
    text = section.text_content()
    assert "part first at the cotangent of %0" in text
    assert "backproof replay out/refutations/rule_tanh_vjp.json" in text
    drawn = ["%0 leaf  ()", "primal -3/4", "cotangent, tape 2", "cotangent, spec 1 ≠ first", "%1 tanh  ()", "primal -0.6351"]
    assert [one_line(each, 100) for each in drawn] == [each.text for each in section.findall(".//svg//text")]
    assert 1 == len(section.findall(".//svg/path"))
    assert 2 == len(section.findall(".//svg/g[@class='differs first']/rect"))
    differing = [row.text_content() for row in section.findall(".//tbody/tr") if row.get("class") == "differs"]
    assert ["%0 leafcotangent21differ, first here"] == differing
    assert [True, False, True] == ["open" in each.attrib for each in document.findall(".//article/details")]


def test_the_theorem_the_ops_and_what_is_not_proved_are_on_the_page() -> None:
    ulps = {"float64: worst error, ulps": "1.5 in primal 0", "float32: worst error, ulps": "2 in primal 0"}
    tested = typed("rule:add[1]:float", Answer.TESTED, op="add", family=Family.FLOAT, needs=Needs.TEST, notes=ulps)
    text = page(report_with(LEMMA, tested, *MIXED)).text_content()
    assert "one step keeps the frame" in text
    assert "for every graph and every seed: proved, 1 of 1 lemmas" in text
    broken = typed("theorem:base", Answer.UNKNOWN, op="", family=Family.ENGINE)
    assert "not shown for this tape, 1 of 2 lemmas" in page(report_with(LEMMA, broken)).text_content()
    assert "float64 1.5, float32 2" in text
    assert "Not proved: 3 refuted, 2 undecided or too weakly shown, and 2 that owed a test" in text


def test_every_row_is_in_the_pages_own_table_those_that_do_not_pass_first() -> None:
    rows = told(report_with(*MIXED, LEMMA))
    assert {row.id for row in (*MIXED, LEMMA)} == rows.keys()
    assert [0, 0, 0, 0, 0, 1, 1, 1] == [row["passes"] for row in rows.values()]
    refuted = rows["rule:tanh[()]:vjp"]
    assert ("rule", "tanh", "refuted", (1, 0, 0)) == (refuted["family"], refuted["op"], refuted["verdict"], refuted["places"])
    assert rows["theorem:step"]["claim"] == "one step keeps the frame"


def test_nothing_is_loaded_and_only_our_own_script_may_run() -> None:
    for report in (report_with(*MIXED), HOSTILE_REPORT):
        document = page(report)
        outside = [each for each in document.iter() if isinstance(each.tag, str) and ({"src", "data", "action", "style"} & set(each.attrib))]
        assert [] == outside
        assert all(link.get("href").startswith("#") for link in document.iter("a"))
        assert not [name for each in document.iter() for name in getattr(each, "attrib", {}) if name.startswith("on")]
        policy = document.find(".//meta[@http-equiv]").get("content")
        kinds = [script.get("type") for script in document.iter("script")]
        assert ["application/json", None] == kinds
        own = document.findall(".//script")[1].text
        assert f"script-src 'sha256-{b64encode(sha256(own.encode()).digest()).decode()}'" in policy
        assert "default-src 'none'" in policy
        assert "innerHTML" not in own


def test_texts_from_outside_stay_texts() -> None:
    content = html_report(HOSTILE_REPORT, "out").decode()
    assert "<script>alert" not in content
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", content)
    document = html.document_fromstring(content)
    assert "<script>alert(1)</script>" in document.get_element_by_id("refutation-1").text_content()
    assert 2 == len(document.findall(".//script"))


@pytest.mark.parametrize("verdict", [Answer.PROVED, Answer.REFUTED, Answer.UNKNOWN])
def test_the_page_of_thirty_thousand_rows_is_under_its_five_mebibytes_and_says_what_it_leaves_out(verdict: Answer) -> None:
    rows = [typed("rule:" + "ä<" * 100 + str(place), verdict, op=f"op {place % 9000}", detail=f"{place} " + "<" * 300) for place in range(30_000)]
    content = html_report(report_with(*rows), "out")
    assert len(content) <= MOST_BYTES
    assert b"are left out here, and are in report.json" in content


def test_a_long_name_is_cut() -> None:
    long = typed("long:" + "ab`<" * 250_000, Answer.REFUTED, op="|" * 1_000_000, counterexample=counterexample("x" * 1_000_000))
    assert len(html_report(report_with(long), "out")) < 100_000


SHOWN = msgspec.structs.replace(
    report_with(*MIXED, LEMMA, typed("graph:g:engine", Answer.PROVED, op="", family=Family.ENGINE)),
    meanings=(Meaning("tanh", "y[i] = tanh x[i]", "<mi>x</mi><mo>&lt;</mo>", "slope = 0.5", "x > 0", "x = 0", {"relu": "0"}),),
    graphs=(GraphShape("other", 900, (), ()), GraphShape("g", 2, ((2, 3),), (NodeShape("add", (0, 0), (2, 3)),))),
    questions=Questions({"theorem:step": "(check-sat) ; <1>", "rule:tanh[()]:vjp": "(assert false)"}, 7),
)


def test_ops_are_shown_with_formula_domain_and_what_is_declared_at_kinks() -> None:
    document = page(SHOWN)
    op = document.get_element_by_id("op-tanh")
    assert "x<" == op.find(".//math").text_content()
    for said in ("at slope = 0.5", "y[i] = tanh x[i]", "Domain x > 0; kinks: x = 0", "declared there: relu, below or first"):
        assert said in op.text_content()
    assert "Domain" not in document.get_element_by_id("op-add").text_content()


def test_graphs_are_drawn_those_that_fail_first_and_rows_lead_to_them() -> None:
    document = page(SHOWN)
    first, second = (document.get_element_by_id(f"graph-{number}") for number in (1, 2))
    assert "graph refuted, engine proved, not met" in first.text_content()
    assert ["leaf", "%0: 2x3", "add", "%1: 2x3"] == [each.text for each in first.findall(".//text")]
    assert 2 == len({each.get("d") for each in first.findall(".//svg/path")})
    assert "Too large to be drawn" in second.text_content()
    assert (3, 0, 1) == told(SHOWN)["graph:g:graph"]["places"]


def test_questions_are_shown_once_with_how_many_are_left_out_and_how_to_have_them_all() -> None:
    document = page(SHOWN)
    assert "(check-sat) ; <1>" == document.get_element_by_id("question-1").find("pre").text
    rows = told(SHOWN)
    assert (1, 2) == (rows["theorem:step"]["places"][1], rows["rule:tanh[()]:vjp"]["places"][1])
    text = document.text_content()
    assert "7 more are left out here" in text
    assert "backproof recheck out/report.json --export smt2" in text
    assert ["#question-2"] == [each.get("href") for each in document.get_element_by_id("refutation-1").iter("a")][1:]


@pytest.mark.parametrize(
    "text",
    ["", "<mi>x", "<script>alert(1)</script>", "<mi><a>x</a></mi>", "&e;", "<mi>x</mi></math><p>", '<!DOCTYPE a [<!ENTITY e "x">]>&e;', "<mi>x</mi>" * 1000],
)
def test_mathematics_that_is_not_of_known_elements_is_not_shown(text: str) -> None:
    assert mathematics(text) is None


def test_mathematics_keeps_elements_and_texts_and_no_attribute() -> None:
    assert "<math><mi>&lt;b&gt;</mi>&amp;</math>" == mathematics('<mi href="javascript:x" onclick="y">&lt;b&gt;</mi>&amp;')


def test_what_does_not_fit_is_counted() -> None:
    graph = GraphShape("g", 150, ((1,),) * 150, ())
    questions = Questions({f"theorem:{place}": "x" * 1000 for place in range(1000)}, 0)
    content = html_report(msgspec.structs.replace(SHOWN, graphs=(graph,) * 400, questions=questions), "out")
    assert len(content) <= MOST_BYTES
    assert re.search(rb"\d+ more graphs are in report.json", content)
    assert b"more are left out here" in content
