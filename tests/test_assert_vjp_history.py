"""assert_vjp on rules that engines shipped wrong, as they stand, and on the right ones: each gets its right answer."""

from __future__ import annotations

import historical_formulas
import historical_places
import historical_values
import pytest
from backproof import assert_vjp
from historical import Stated, rules_in

RULES = {**rules_in(historical_formulas), **rules_in(historical_places), **rules_in(historical_values)}


def asserted(rule: Stated, *, wrong: bool) -> None:
    vjp = rule.wrong if wrong else rule.right
    at_kinks = rule.right if rule.by_convention else None
    assert_vjp(rule.forward, vjp, shapes=rule.shapes, domain=rule.domain, at_kinks=at_kinks)


@pytest.mark.parametrize("name", RULES)
def test_the_rule_as_it_was_mended_is_proved(name: str) -> None:
    asserted(RULES[name], wrong=False)


@pytest.mark.parametrize("name", RULES)
def test_the_rule_as_it_was_shipped_is_refuted_in_a_few_lines(name: str) -> None:
    with pytest.raises(AssertionError, match="the VJP is wrong at") as caught:
        asserted(RULES[name], wrong=True)
    assert len(str(caught.value).splitlines()) < 25


def test_pytest_shows_the_line_of_the_test_and_none_of_ours() -> None:
    with pytest.raises(AssertionError) as caught:
        asserted(RULES["diffzoo_division_reverse"], wrong=True)
    assert ["test_pytest_shows_the_line_of_the_test_and_none_of_ours", "asserted"] == [
        entry.name for entry in caught.traceback.filter(caught)
    ]


def test_there_are_forty_or_more() -> None:
    assert len(RULES) >= 40
