"""Cases survive being written and read; a file appears whole or not at all; the schema is the format's."""

from __future__ import annotations

import os
import tempfile
from importlib import resources
from pathlib import Path

import backproof.spec.definitions  # noqa: F401 - fills the registry of definitions
import numpy as np
import pytest
from backproof.equivalence.generation.strategies import cases
from backproof.ir.document import schema
from backproof.ir.exchange import INLINE_ENTRIES, Case, ExchangeError, last_value_seeds, read_case, write_case
from backproof.ir.graph import Dense, Environment, Graph, GraphError, Leaf, NaturalRef, NaturalsRef, Node
from backproof.spec.definition import DEFINITIONS
from hypothesis import given, settings


def assert_same(first: Case, second: Case) -> None:
    assert first.graph == second.graph
    assert first.environment == second.environment
    for left, right in ((first.leaves, second.leaves), (first.seeds, second.seeds)):
        assert len(left) == len(right)
        assert all(map(np.array_equal, left, right))


def large() -> Case:
    """Every kind of attribute, names, a frozen leaf, and values on both sides of the inline limit."""
    wide = (INLINE_ENTRIES + 1,)
    graph = Graph(
        (Leaf((2, 3), "weights"), Leaf((), "état \u03b2", requires_grad=False), Leaf(wide), Leaf((0, 3))),
        (
            Node("gather_rows_ref", (0,), (2, 3), {"indices": NaturalsRef(1, 2)}, "rows"),
            Node("const", (), (2,), {"value": Dense((2,), (0.1, -1e-300))}),
            Node("const", (), wide, {"value": Dense(wide, tuple(np.linspace(-1, 1, wide[0])))}),
            Node("scale", (2,), wide, {"c": 1.0}),
            Node("softmax", (0,), (2, 3), {"axis": 1}),
            Node("reshape", (0,), (6,), {"shape": (6,)}),
            Node("gather_row_ref", (0,), (3,), {"index": NaturalRef(2)}),
            Node("einsum", (0,), (3,), {"subscripts": "ij->j"}),
        ),
    )
    rng = np.random.default_rng(3)
    leaves = tuple(np.array(rng.normal(size=leaf.shape)) for leaf in graph.leaves)
    seeds = tuple(np.array(rng.normal(size=graph.shape(value_id))) for value_id in range(len(graph)))
    return Case(graph, leaves, Environment((4, 0, 9)), seeds)


@settings(max_examples=60, deadline=None)
@given(cases(sorted(DEFINITIONS)))
def test_a_generated_case_is_read_back_as_it_was(case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_case(case, Path(folder) / "case.json")
        assert_same(case, read_case(Path(folder) / "case.json"))


def test_large_values_go_to_the_archive_and_come_back(tmp_path: Path) -> None:
    write_case(large(), tmp_path / "case.json")
    assert {"case.json", "case.npz"} == set(os.listdir(tmp_path))
    assert len((tmp_path / "case.json").read_bytes()) < 4000
    assert_same(large(), read_case(tmp_path / "case.json"))


def test_an_attribute_comes_back_with_its_type(tmp_path: Path) -> None:
    write_case(large(), tmp_path / "case.json")
    nodes = read_case(tmp_path / "case.json").graph.nodes
    assert isinstance(nodes[3].attributes["c"], float)
    assert isinstance(nodes[4].attributes["axis"], int)


def test_a_case_is_written_the_same_each_time(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_case(large(), tmp_path / name / "case.json")
    for name in ("case.json", "case.npz"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_without_seeds_the_last_value_is_seeded_with_one_everywhere(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text(
        '{"format": "backproof.graph.v1", "leaves": [{"id": 0, "shape": [2], "value": [3, 4]}],'
        ' "nodes": [{"id": 1, "op": "abs", "parents": [0], "shape": [2]}]}'
    )
    assert [[0.0, 0.0], [1.0, 1.0]] == [seed.tolist() for seed in read_case(path).seeds]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_source: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "case.json"
    path.write_text("old")
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(ExchangeError, match="case.json: file: No space left on device"):
        write_case(large(), path)
    assert ["case.json"] == os.listdir(tmp_path)
    assert "old" == path.read_text()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="none.*case.json: file: No such file or directory, a writable place"):
        write_case(large(), tmp_path / "none" / "case.json")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (np.zeros(3), r"leaf value 0: float64 of \(3,\) came, float64 of \(2,\) was needed"),
        (np.zeros(2, dtype=np.float32), "leaf value 0: float32 of"),
        (np.array([0.0, np.inf]), "leaf value 0: an entry that is not finite"),
    ],
)
def test_a_case_holds_finite_float64_of_the_declared_shapes(value: np.ndarray, message: str) -> None:
    graph = Graph((Leaf((2,)),), ())
    with pytest.raises(GraphError, match=message):
        Case(graph, (value,), Environment(), last_value_seeds(graph))


def test_a_case_has_a_value_for_each_leaf_and_a_seed_for_each_value() -> None:
    graph = Graph((Leaf((2,)),), ())
    with pytest.raises(GraphError, match="leaf values: 0 came, 1 were needed"):
        Case(graph, (), Environment(), last_value_seeds(graph))
    with pytest.raises(GraphError, match="seeds: 0 came, 1 were needed"):
        Case(graph, (np.zeros(2),), Environment(), ())


def test_the_shipped_schema_is_that_of_the_records() -> None:
    assert schema() == resources.files("backproof.ir").joinpath("graph.v1.json").read_bytes()
