"""The generated graphs: what they show, that they can be run, and that a seed gives the same ones everywhere."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401 - fills the registry of definitions
import numpy as np
import pytest
from backproof.equivalence.generation.distribution import FEATURES, distribution
from backproof.equivalence.generation.shapes import MOST_ENTRIES
from backproof.equivalence.generation.strategies import MOST_NODES, generate
from backproof.equivalence.generation.values import LARGEST
from backproof.ir.exchange import Case, write_case
from backproof.ir.graph import element_count, resolve
from backproof.runtime.compile import compile_graph
from backproof.runtime.tape import Tape
from backproof.spec.definition import DEFINITIONS, SpecError, define
from backproof.spec.formula import total

OPS = sorted(DEFINITIONS)


@pytest.fixture(scope="module")
def generated() -> list[Case]:
    return generate(300, seed=1, ops=OPS)


def test_every_op_is_drawn_at_least_five_times_in_300_graphs(generated: list[Case]) -> None:
    draws = distribution(generated).draws
    assert OPS == sorted(draws)
    assert 5 <= min(draws.values())


def test_the_median_graph_has_at_least_six_nodes_and_none_is_too_large(generated: list[Case]) -> None:
    nodes = [len(case.graph.nodes) for case in generated]
    assert 6 <= statistics.median(nodes)
    assert MOST_NODES == max(nodes)
    assert 1 <= min(nodes)


@pytest.mark.parametrize("feature", FEATURES)
def test_at_least_one_graph_in_twenty_shows_each_feature(generated: list[Case], feature: str) -> None:
    assert len(generated) / 20 <= distribution(generated).features[feature]


def test_the_features_are_not_in_every_graph(generated: list[Case]) -> None:
    assert max(distribution(generated).features.values()) < len(generated)


@pytest.mark.parametrize("side", [0, 1, 2, 3, 5])
def test_every_side_occurs(generated: list[Case], side: int) -> None:
    shapes = [case.graph.shape(value_id) for case in generated for value_id in range(len(case.graph))]
    assert any(side in shape for shape in shapes)


def test_every_rank_up_to_four_occurs_and_rank_four_seldom(generated: list[Case]) -> None:
    counts = distribution(generated)
    assert [0, 1, 2, 3, 4] == sorted(counts.rank)
    assert counts.rank[4] < counts.values / 15  # some ops take nothing else


def test_zero_size_values_occur_and_leave_most_of_the_graphs_something_to_compare(generated: list[Case]) -> None:
    counts = distribution(generated)
    assert counts.values / 20 < counts.zero_size < counts.values / 4


def test_instances_repeat_across_graphs(generated: list[Case]) -> None:
    instances = Counter(
        (node.op, tuple(map(case.graph.shape, node.parents)), str(resolve(node.attributes, case.environment)))
        for case in generated
        for node in case.graph.nodes
    )
    # However many ops there are, most nodes are of an instance that was decided for another one.
    assert 2 * sum(count for count in instances.values() if count > 1) > instances.total()


def test_every_generated_graph_runs_with_finite_values_of_the_declared_size(generated: list[Case]) -> None:
    for case in generated:
        tape = compile_graph(case.graph, case.leaves, case.environment, Tape)
        assert len(tape.nodes) == len(case.graph)
        for value_id, node in enumerate(tape.nodes):
            assert element_count(case.graph.shape(value_id)) <= MOST_ENTRIES
            assert np.all(np.abs(node.value) <= LARGEST * (1 + 1e-9))


def test_entries_of_leaves_are_multiples_of_an_eighth_up_to_four(generated: list[Case]) -> None:
    entries = np.concatenate([leaf.ravel() for case in generated for leaf in case.leaves])
    assert np.array_equal(entries * 8, np.round(entries * 8))
    assert 4.0 == np.max(np.abs(entries))


def test_an_axis_map_is_drawn_that_no_definition_lists(generated: list[Case]) -> None:
    maps = [node.attributes.get("axes") for case in generated for node in case.graph.nodes]
    assert (1, 0) in maps


def test_a_seed_gives_the_same_files_in_another_process_with_other_modules_loaded(tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "constants_of_a_user.py").write_text("NUMBERS = [101, 250, 4096, 1.25, 'text', b'bytes']\n")
    script = (
        "import sys, pathlib, constants_of_a_user, backproof.spec.definitions\n"
        "from backproof.equivalence.generation.strategies import generate\n"
        "from backproof.ir.exchange import write_case\n"
        "for place, case in enumerate(generate(12, 7, sys.argv[2:])):\n"
        "    write_case(case, pathlib.Path(sys.argv[1]) / f'{place}.json')\n"
    )
    subprocess.run([sys.executable, "-c", script, str(folder), *OPS], check=True, cwd=folder)
    for place, case in enumerate(generate(12, 7, OPS)):
        write_case(case, tmp_path / f"{place}.json")
        assert (tmp_path / f"{place}.json").read_bytes() == (folder / f"{place}.json").read_bytes()


def test_asking_for_more_graphs_keeps_the_first_ones() -> None:
    few, many = generate(3, 5, OPS), generate(6, 5, OPS)
    assert [case.graph for case in few] == [case.graph for case in many[:3]]


def test_two_seeds_give_different_graphs() -> None:
    assert [case.graph for case in generate(5, 1, OPS)] != [case.graph for case in generate(5, 2, OPS)]


def test_only_the_ops_asked_for_are_drawn() -> None:
    assert {"log": 0, "div": 0}.keys() == distribution(generate(20, 1, ["log", "div"])).draws.keys()


def test_an_op_without_a_definition_is_refused_by_name() -> None:
    with pytest.raises(SpecError, match="op 'nonsense' has no definition"):
        generate(1, 1, ["nonsense"])


def test_an_op_that_a_user_adds_is_drawn_inside_its_domain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backproof.spec.definition.DEFINITIONS", dict(DEFINITIONS))

    @define("trace", "(n,n)", shape=lambda x: ())
    def trace(x: object) -> object:
        return total(lambda k: x[k, k], x.size(0))  # type: ignore[index, attr-defined]

    drawn = generate(30, 1, ["trace", "softmax"])
    assert {"softmax", "trace"} == distribution(drawn).draws.keys()
    traced = {case.graph.shape(node.parents[0]) for case in drawn for node in case.graph.nodes if node.op == "trace"}
    assert {(0, 0), (2, 2), (3, 3)} <= traced


def test_a_distribution_is_plain_data(generated: list[Case]) -> None:
    plain = json.loads(json.dumps(asdict(distribution(generated[:5]))))
    assert 5 == plain["graphs"]
    assert 5 == sum(plain["nodes"].values())
    assert 0 == distribution([]).graphs
