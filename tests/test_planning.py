"""What a request asks for: graph files alone, or the theorem and every op beside them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from backproof.equivalence.planning import every_op, plan
from backproof.equivalence.request import Request
from backproof.equivalence.rules_file import OUR_RULES
from backproof.ir.exchange import Case, last_value_seeds, write_case
from backproof.ir.graph import Environment, Graph, Leaf, Node


@pytest.fixture
def file(tmp_path: Path) -> Path:
    graph = Graph((Leaf((2,)),), (Node("neg", (0,), (2,)),))
    path = tmp_path / "one.json"
    write_case(Case(graph, (np.ones(2),), Environment(), last_value_seeds(graph)), path)
    return path


@pytest.mark.parametrize("graphs", [None, 0])
def test_a_file_beside_which_nothing_is_drawn_asks_for_itself_and_the_ops_that_it_uses(file: Path, graphs: int | None) -> None:
    chosen = plan(Request((file,), graphs, 1, None, 1, None, "torchlean"), OUR_RULES)
    assert (("neg",), False, 1) == (chosen.ops, chosen.theorem, len(chosen.cases))


def test_a_file_beside_drawn_graphs_and_no_file_at_all_ask_for_everything(file: Path) -> None:
    for files, graphs, cases in (((file,), 2, 3), ((), 0, 0), ((), None, 100)):
        chosen = plan(Request(files, graphs, 1, None, 1, None, "torchlean"), OUR_RULES)
        assert (every_op(), True, cases) == (chosen.ops, chosen.theorem, len(chosen.cases))
