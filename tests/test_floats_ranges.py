"""Small and large magnitudes: a kernel's own overflow is refuted, what no stable form could avoid is not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from backproof.equivalence.generation.strategies import generate
from backproof.equivalence.graphs.floats import float_verdict
from backproof.equivalence.graphs.notes import figure
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.graphs.rerun import rerun
from backproof.equivalence.kernel import verdict as verdicts
from backproof.equivalence.kernel.verdict import Refuted, Unknown
from backproof.equivalence.planning import every_op
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import RuleInstance
from backproof.ir.exchange import Case, read_case
from backproof.ir.graph import Environment, Graph, Leaf, Node
from backproof.runtime import primitives as _primitives  # noqa: F401 - fills the registry
from backproof.runtime.primitive import primitive_of
from backproof.runtime.tape import Tape
from backproof.spec.convention import TORCHLEAN


@contextmanager
def kernel(op: str, part: str, replacement: Callable[..., Any]) -> Iterator[None]:
    entry = primitive_of(op)
    kept = getattr(entry, f"{part}_kernel")
    getattr(entry, part)(replacement)
    try:
        yield
    finally:
        getattr(entry, part)(kept)


def judged(op: str, *shapes: tuple[int, ...]) -> Any:
    return RuleCheck(RuleInstance(op, shapes), exact_semantics()).float_verdict()[0]


def softmax_that_overflows(x: Any, axis: int | None = None) -> Any:
    weights = np.exp(x)
    return weights / np.sum(weights, axis=-1, keepdims=True)


OVERFLOWING = {
    "softmax of large entries": ("softmax", "forward", softmax_that_overflows, [(2, 3)]),
    "sigmoid of both exponentials": ("sigmoid", "forward", lambda x: np.exp(x) / (1 + np.exp(x)), [(5,)]),
    "a divisor squared": ("div", "vjp", lambda y_bar, y, a, b: (y_bar / b, -y_bar * a / (b * b)), [(5,), (5,)]),
    "a magnitude by its square": ("abs", "forward", lambda x: np.sqrt(x * x), [(5,)]),
}


@pytest.mark.parametrize("fault", OVERFLOWING)
def test_a_kernel_that_overflows_where_the_exact_results_do_not_is_refuted_and_replays(fault: str, tmp_path: Path) -> None:
    op, part, replacement, shapes = OVERFLOWING[fault]
    with kernel(op, part, replacement):
        verdict = judged(op, *shapes)
        assert isinstance(verdict, Refuted)
        assert "overflows, and every exact result is in range" in verdict.detail
        differing = [side for side in verdict.counterexample.nodes if side.differs]
        assert any(entry in ("inf", "-inf", "nan") for side in differing for entry in side.tape)
        file = tmp_path / "case.json"
        file.write_text(json.dumps(verdict.counterexample.case))
        assert any(side.differs for side in rerun(read_case(file), Tape, TORCHLEAN.name))
    assert isinstance(judged(op, *shapes), verdicts.Tested)


@pytest.mark.parametrize(
    ("op", "shapes"),
    [("mul", [(5,), (5,)]), ("matmul", [(2, 3), (3, 2)]), ("log", [(5,)]), ("exp", [(5,)]), ("mse_loss", [(5,), (5,)])],
)
def test_the_shipped_kernels_are_tested_at_points_of_wide_range(op: str, shapes: list[tuple[int, ...]]) -> None:
    verdict = judged(op, *shapes)
    assert isinstance(verdict, verdicts.Tested)
    places, wide = (int(word) for word in verdict.detail.split() if word.isdigit())
    assert places > 0 < wide


@pytest.mark.parametrize("value", [709.7827128933840, 89.0])
def test_an_overflow_that_rounding_explains_or_the_exact_result_shares_is_no_refutation(value: float) -> None:
    graph = Graph((Leaf((1,)),), (Node("exp", (0,), (1,)),))
    case = Case(graph, (np.array([value]),), Environment(), (np.array([0.0]), np.array([1.0])))
    assert isinstance(float_verdict(case, Tape)[0], Unknown)


def test_generated_graphs_keep_to_their_bounds_in_both_formats(full: bool, record_property: Any) -> None:  # noqa: FBT001
    cases = [case for case in generate(1000 if full else 60, 11, every_op()) if any(seed.size for seed in case.seeds)]
    assert len(cases) > 40
    answers = [float_verdict(case, Tape) for case in cases]
    decided = [verdict for verdict, _notes in answers]
    assert not [verdict for verdict in decided if isinstance(verdict, Refuted)]
    # Where a graph takes a value to the very edge of a domain or beyond the format's range, there is no bound.
    undecided = sum(isinstance(verdict, Unknown) for verdict in decided)
    assert undecided <= len(cases) // 20
    for name, value in {"": len(cases), ", refuted": 0, ", without a finite bound": undecided}.items():
        record_property(f"graphs in float64 and float32{name}", value)
    for name, said in (note for _verdict, notes in answers for note in notes):
        if "worst" in name:
            record_property(f"worst error of graphs, ulps, {name.split(':')[0]}", figure(said))
