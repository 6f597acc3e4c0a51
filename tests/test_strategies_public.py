"""`backproof.strategies.graphs`: public, typed, and refused at once where nothing could be drawn."""

from __future__ import annotations

import backproof
import pytest
from backproof.ir.exchange import Case
from backproof.strategies import graphs
from hypothesis import given, settings


@settings(max_examples=20, deadline=None)
@given(graphs(["add", "tanh"]))
def test_cases_hold_the_ops_named_and_a_value_and_cotangent_for_each_place(case: Case) -> None:
    assert {node.op for node in case.graph.nodes} <= {"add", "tanh"}
    assert len(case.leaves) == len(case.graph.leaves)
    assert [seed.shape for seed in case.seeds] == [case.graph.shape(place) for place in range(len(case.graph))]


def test_it_is_an_attribute_of_the_package() -> None:
    assert backproof.strategies.graphs is graphs
    assert "strategies" in dir(backproof)


@pytest.mark.parametrize("ops", [[], ["nosuch"]])
def test_what_names_no_op_is_refused_before_anything_is_drawn(ops: list[str]) -> None:
    with pytest.raises(backproof.BackproofError, match="no op came|nosuch"):
        graphs(ops)
