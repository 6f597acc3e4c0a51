"""The page: all of it in one file, nothing of it from elsewhere, and no text from outside that becomes more than text."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest
from backproof.equivalence.kernel.verdict import Needs
from backproof.equivalence.obligations import Family
from backproof.reports.page.document import MOST_BYTES, html_report
from backproof.reports.page.drawing import MOST_VALUES, drawing
from backproof.reports.page.refutation import first_difference
from backproof.reports.report import Answer, Report, Sides, ValueSides
from backproof.reports.status import Status
from lxml import html
from typed_rows import HOSTILE, MIXED, counterexample, report_with, typed

LEMMA = typed("theorem:step", Answer.PROVED, op="", family=Family.ENGINE, claim="one step keeps the frame")
STRANGE = typed(HOSTILE, Answer.REFUTED, op=HOSTILE, claim=HOSTILE, detail=HOSTILE, counterexample=counterexample(HOSTILE, HOSTILE))
HOSTILE_REPORT = report_with(STRANGE, typed(HOSTILE + "2", Answer.UNKNOWN, op=HOSTILE, detail=HOSTILE), rules=HOSTILE)


def page(report: Report) -> Any:
    return html.document_fromstring(html_report(report, "out").decode())


def data(report: Report) -> Any:
    return json.loads(page(report).get_element_by_id("data").text)


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
    assert ["%0 leaf", "() ≠ first", "%1 tanh", "()"] == [each.text for each in section.findall(".//svg//text")]
    assert 1 == len(section.findall(".//svg/line"))
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
    held = data(report_with(*MIXED, LEMMA))
    assert {row.id for row in (*MIXED, LEMMA)} == {row[0] for row in held["rows"]}
    assert [0, 0, 0, 0, 0, 1, 1, 1] == [row[1] for row in held["rows"]]
    refuted = held["rows"][0]
    assert ("refutation-1", "rule", "tanh", "refuted") == (refuted[3], *(held["texts"][number] for number in refuted[4:7]))


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
    rows = [typed(f"rule:{place}:" + "ä<" * 100, verdict, op=f"op {place % 9000}", detail=f"{place} " + "<" * 300) for place in range(30_000)]
    content = html_report(report_with(*rows), "out")
    assert len(content) <= MOST_BYTES
    assert b"are left out here, and are in report.json" in content


def test_a_long_name_is_cut_and_a_large_graph_is_told_in_lines() -> None:
    long = typed("long:" + "ab`<" * 250_000, Answer.REFUTED, op="|" * 1_000_000, counterexample=counterexample("x" * 1_000_000))
    assert len(html_report(report_with(long), "out")) < 100_000
    leaves = [{"id": place, "shape": []} for place in range(MOST_VALUES + 1)]
    assert drawing({"leaves": leaves, "nodes": []}, (), None) is None
    assert drawing({"leaves": [], "nodes": []}, (), None) is None


def test_a_graph_is_drawn_below_what_it_reads_and_twice_read_is_two_lines() -> None:
    nodes = [
        {"id": 1, "op": "mul", "parents": [0, 0], "shape": [2]},
        {"id": 2, "op": "add", "parents": [1, 0], "shape": [2]},
    ]
    drawn = drawing({"leaves": [{"id": 0, "shape": [2]}], "nodes": nodes}, {2}, 2)
    assert drawn is not None
    assert sorted(box.y for box in drawn.boxes) == [box.y for box in drawn.boxes]
    assert 4 == len(set(drawn.lines))
    assert [False, False, True] == [box.first for box in drawn.boxes]
    assert all(0 <= box.x < drawn.width and 0 <= box.y < drawn.height for box in drawn.boxes)


@pytest.mark.parametrize(
    ("differing", "first"),
    [
        ([(0, "cotangent"), (2, "cotangent"), (1, "tangent")], (2, "cotangent")),
        ([(2, "cotangent"), (3, "primal"), (2, "primal")], (2, "primal")),
        ([(3, "tangent"), (1, "tangent")], (1, "tangent")),
        ([(0, "float64 primal")], (0, "float64 primal")),
        ([], None),
    ],
)
def test_the_first_difference_is_the_first_that_is_computed(differing: list[tuple[int, str]], first: tuple[int, str] | None) -> None:
    values = [ValueSides(value, "add", (Sides(quantity, ("1",), ("2",), differs=True),)) for value, quantity in differing]
    assert first == first_difference([*values, ValueSides(9, "add", (Sides("primal", ("1",), ("1",), differs=False),))])
