"""Points at which a rule is tried: on both sides of kinks, at them, at ties, and in general position."""

from __future__ import annotations

import numpy as np
import pytest
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.rules.instances import RuleInstance
from backproof.equivalence.rules.points import case_at, rule_cases, wide_cases
from backproof.ir.exchange import Case
from backproof.runtime import primitives as _primitives  # noqa: F401 - fills the registry
from backproof.spec import definitions as _definitions  # noqa: F401 - fills the registry

RULE = RuleInstance("mul", ((2, 3), (2, 3)))
INSTANCE = exact_semantics().instance(RULE.op, RULE.shapes, RULE.attributes)


@pytest.fixture(scope="module")
def drawn() -> list[Case]:
    return list(rule_cases(RULE, INSTANCE))


def test_a_rule_is_tried_in_general_position_at_ties_at_0_and_farther_out(drawn: list[Case]) -> None:
    leaves = [np.concatenate([leaf.ravel() for leaf in case.leaves]) for case in drawn]
    assert len(drawn) >= 6
    assert any(len(set(each.tolist())) > 6 and each.min() < 0 < each.max() for each in leaves)
    assert any(each.min() > 0 and len(set(each.tolist())) > 3 for each in leaves)
    assert any(set(each.tolist()) == {-1.0, 0.0, 1.0} for each in leaves)
    assert any(set(each.tolist()) == {1.0} for each in leaves)
    assert any(not each.any() for each in leaves)
    assert any(np.abs(each).max() > 3 for each in leaves)


def test_seeds_and_tangents_are_in_general_position(drawn: list[Case]) -> None:
    for case in drawn:
        seeds = np.concatenate([seed.ravel() for seed in case.seeds])
        assert len(set(seeds.tolist())) > 6
        assert seeds.all()
    assert len({case.seeds[-1].tobytes() for case in drawn}) == len(drawn)


def test_wide_points_reach_as_far_as_they_say(drawn: list[Case]) -> None:
    wide = list(wide_cases(drawn[0], 100))
    sizes = [float(np.abs(case.leaves[0]).max()) for case in wide]
    assert max(sizes) > 2.0**90
    assert min(sizes) < 2.0**-90
    assert {np.sign(np.log2(np.abs(case.seeds[-1]).max()) // 50) for case in wide} >= {-1.0, 1.0}


def test_a_candidate_is_taken_as_it_is() -> None:
    case = case_at(RULE, INSTANCE, {"x 0 0 1": 3, "y_bar 0 1 2": -2})
    assert case.leaves[0].tolist() == [[0, 3, 0], [0, 0, 0]]
    assert case.seeds[-1].tolist() == [[1, 1, 1], [1, 1, -2]]
