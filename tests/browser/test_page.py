"""The page in a real Chromium: wide and on a phone, light and dark, by mouse and by keyboard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from backproof.reports.page.document import html_report
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from typed_rows import HOSTILE_REPORT
from window import Browser

WIDE, PHONE = 1280, 390
SCHEMES = ("light", "dark")
PLACES = ("", "#refutations", "#refutation-2", "#open", "#theorem", "#ops", "#op-tanh", "#graphs", "#graph-1", "#questions", "#question-1", "#all")

CONTRAST = """
const light = (channel) => (channel /= 255) <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
const of = (colour) => { const [r, g, b] = colour.match(/[0-9.]+/g).map(Number).map(light); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const behind = (element) => { for (; element; element = element.parentElement) { const c = getComputedStyle(element).backgroundColor; if (c !== "rgba(0, 0, 0, 0)") return c; } };
return [...document.querySelectorAll("body, .bad, .good, .faint, a, code, summary, th, label, dt")].filter((each) => each.checkVisibility() && each.textContent.trim()).map((each) => {
  const [a, b] = [of(getComputedStyle(each).color), of(behind(each))].sort((x, y) => y - x);
  return [(a + 0.05) / (b + 0.05), each.outerHTML.slice(0, 80)];
});
"""


def visible_refutations(browser: Browser) -> list[str]:
    return browser.runs("return [...document.querySelectorAll('article')].filter((each) => each.checkVisibility()).map((each) => each.id)")


def fits(browser: Browser) -> bool:
    return browser.runs("return document.documentElement.scrollWidth <= innerWidth && document.body.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_the_page_opens_without_a_complaint_or_a_request_and_nothing_reaches_beyond_its_width(
    browser: Browser, page: Path, width: int, scheme: str
) -> None:
    browser.sees(width, scheme)
    browser.opens(page)
    for place in PLACES:
        browser.goes(place)
        assert fits(browser), place
        assert browser.runs("return document.getElementById('alone').checkVisibility()") == place.startswith("#refutation-")
    assert [] == browser.complaints()
    assert [page.as_uri()] == browser.requests()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_text_stands_out_from_what_is_behind_it(browser: Browser, page: Path, scheme: str) -> None:
    browser.sees(WIDE, scheme)
    browser.opens(page)
    dark = browser.runs("return getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert dark == (scheme == "dark")
    found = browser.runs(CONTRAST)
    assert len(found) > 100
    assert [] == [each for each in found if each[0] < 4.5]


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_refutation_is_found_by_keyboard_and_is_a_page_of_its_own(browser: Browser, page: Path, width: int) -> None:
    browser.sees(width, "light")
    browser.opens(page)
    body = browser.driver.find_element(By.TAG_NAME, "body")
    body.send_keys("/")
    search = browser.driver.switch_to.active_element
    assert "search" == search.get_attribute("id")
    search.send_keys("tanh [2x3]:vjp")
    WebDriverWait(browser.driver, 5).until(lambda _: "Enter opens" in browser.runs("return document.getElementById('found').textContent"))
    assert 1 == len(visible_refutations(browser))
    search.send_keys(Keys.ENTER)
    (alone,) = WebDriverWait(browser.driver, 5).until(lambda _: browser.runs("return document.body.className === 'alone'") and visible_refutations(browser))
    assert alone == browser.runs("return location.hash.slice(1)") == browser.runs("return document.activeElement.id")
    assert not browser.runs("return document.querySelector('header').checkVisibility()")
    text = browser.runs("return document.getElementById(arguments[0]).innerText", alone)
    for said in ("rule:tanh[2x3]:vjp", "The two sides part first at the cotangent of %0", "backproof replay out/refutations/", "cotangent, tape", "≠ first"):
        assert said in text
    assert browser.runs("return document.querySelector('article.chosen svg .first rect').getBoundingClientRect().width") > 100
    browser.driver.find_element(By.TAG_NAME, "body").send_keys(Keys.ESCAPE)
    WebDriverWait(browser.driver, 5).until(lambda _: browser.runs("return document.querySelector('header').checkVisibility()"))
    browser.driver.back()
    WebDriverWait(browser.driver, 5).until(lambda _: visible_refutations(browser) == [alone])


def test_a_link_to_a_row_shows_that_row_with_its_evidence_and_leads_to_its_question(browser: Browser, page: Path) -> None:
    browser.sees(PHONE, "light")
    browser.opens(page, "#row=theorem%3Astep")
    rows = browser.driver.find_elements(By.CSS_SELECTOR, "#rows tbody tr")
    assert 1 == len(rows)
    for said in ("theorem:step", "z3 and cvc5", "rests on"):
        assert said in rows[0].text
    rows[0].find_element(By.PARTIAL_LINK_TEXT, "see it").click()
    question = WebDriverWait(browser.driver, 5).until(lambda _: browser.runs("return document.querySelector('details:target[open]')"))
    assert re.search(r"theorem:step[\s\S]*set-info :status unsat[\s\S]*check-sat", question.text)


def test_rows_are_filtered_and_sorted(browser: Browser, page: Path) -> None:
    browser.sees(WIDE, "light")
    browser.opens(page)
    browser.driver.find_element(By.CSS_SELECTOR, "#verdict option:nth-child(5)").click()
    assert {"refuted, not met"} == set(browser.runs("return [...document.querySelectorAll('#rows tbody tr td:nth-child(4)')].map((each) => each.textContent)"))
    head = browser.driver.find_element(By.CSS_SELECTOR, "#rows th[data-field=time]")
    head.find_element(By.TAG_NAME, "button").send_keys(Keys.ENTER)
    assert "ascending" == head.get_attribute("aria-sort")
    times = browser.runs("return [...document.querySelectorAll('#rows tbody tr td:nth-child(5)')].map((each) => parseFloat(each.textContent))")
    assert len(times) > 5
    assert sorted(times) == times


def test_formulas_are_laid_out_as_mathematics(browser: Browser, page: Path) -> None:
    browser.sees(WIDE, "light")
    browser.opens(page, "#op-tanh")
    tops = "return [...document.querySelector('#op-tanh math msub').children].map((each) => each.getBoundingClientRect().top)"
    entry, index = browser.runs(tops)
    assert index > entry + 2
    assert "math" in browser.runs("return getComputedStyle(document.querySelector('#op-tanh math')).display")


def test_hostile_names_run_nothing_load_nothing_and_are_read_as_they_are(browser: Browser, tmp_path: Path) -> None:
    hostile = tmp_path / "hostile.html"
    hostile.write_bytes(html_report(HOSTILE_REPORT, "out"))
    for width in (WIDE, PHONE):
        browser.sees(width, "light")
        browser.opens(hostile)
        assert fits(browser)
        assert "<script>alert(1)</script>" in browser.runs("return document.body.innerText")
        for link in browser.runs("return [...document.links].map((each) => each.href)"):
            assert link.startswith(hostile.as_uri() + "#")
        for place in browser.runs("return [...document.links].map((each) => each.hash)"):
            browser.goes(place)
        assert [] == browser.complaints()
        assert [hostile.as_uri()] == browser.requests()


def test_pictures_for_people_are_taken(browser: Browser, page: Path) -> None:
    for name, width, scheme, place, height in (
        ("report.png", WIDE, "light", "", 1500),
        ("report_dark.png", WIDE, "dark", "#refutation-1", 1100),
        ("report_ops.png", WIDE, "light", "#ops", 1500),
        ("report_graphs.png", WIDE, "light", "#graph-1", 1000),
        ("report_theorem.png", WIDE, "light", "#theorem", 1000),
        ("report_phone.png", PHONE, "light", "#refutation-1", 1400),
        ("report_phone_top.png", PHONE, "dark", "", 1400),
        ("report_phone_ops.png", PHONE, "light", "#ops", 1400),
    ):
        browser.sees(width, scheme)
        browser.opens(page, place)
        browser.shoots(name, height)
