"""Input that is not a graph worth checking: one clear line, status 2, nothing on standard output, nothing written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from backproof.cli import main


def graph(**changes: Any) -> str:
    """A good graph file, y = relu(a @ b), with these fields changed."""
    good: dict[str, Any] = {
        "format": "backproof.graph.v1",
        "leaves": [
            {"id": 0, "shape": [2, 3], "value": [1, 2, 3, 4, 5, 6]},
            {"id": 1, "shape": [3, 1], "value": [0.5, -1, 2]},
        ],
        "nodes": [
            {"id": 2, "op": "matmul", "parents": [0, 1], "shape": [2, 1]},
            {"id": 3, "op": "relu", "parents": [2], "shape": [2, 1]},
        ],
    }
    return json.dumps(good | changes)


def node(**changes: Any) -> str:
    """The good graph with one node, changed."""
    return graph(nodes=[{"id": 2, "op": "matmul", "parents": [0, 1], "shape": [2, 1]} | changes])


def leaf(**changes: Any) -> str:
    """The good graph with its first leaf changed."""
    first, second = json.loads(graph())["leaves"]
    return graph(leaves=[first | changes, second])


MALFORMED: dict[str, str | bytes] = {
    "an empty file": "",
    "binary": bytes(range(256)) * 4,
    "plain text": "y = relu(a @ b)\n",
    "a truncated file": graph()[:-20],
    "a number": "7",
    "a list": "[]",
    "an empty object": "{}",
    "another version": graph(format="backproof.graph.v2"),
    "an unknown field": graph(epochs=3),
    "no nodes": graph(nodes=[]),
    "a missing field": graph(nodes=[{"id": 2, "op": "matmul", "shape": [2, 1]}]),
    "a cycle": graph(
        nodes=[
            {"id": 2, "op": "add", "parents": [0, 3], "shape": [2, 3]},
            {"id": 3, "op": "add", "parents": [0, 2], "shape": [2, 3]},
        ]
    ),
    "a node that is its own parent": node(op="relu", parents=[2]),
    "a parent that does not exist": node(parents=[0, 9]),
    "a negative parent": node(parents=[0, -1]),
    "duplicate ids": node(id=1),
    "a duplicate key": graph().replace('"nodes"', '"leaves"'),
    "too few operands": node(parents=[0]),
    "too many operands": node(parents=[0, 1, 1]),
    "a wrong shape": node(shape=[1, 2]),
    "operands that do not fit": node(parents=[1, 0]),
    "an unknown op": node(op="conv9d"),
    "an attribute that is missing": node(op="scale", parents=[0], shape=[2, 3]),
    "an attribute too many": node(attributes={"axis": 0}),
    "an attribute of another kind": node(op="reduce_sum", parents=[0], shape=[3], attributes={"axis": 0.5}),
    "an attribute out of range": node(op="reduce_sum", parents=[0], shape=[3], attributes={"axis": 7}),
    "not a number": graph().replace("0.5", "NaN"),
    "infinity": graph().replace("0.5", "1e999"),
    "a value in words": leaf(value=["one", 2, 3, 4, 5, 6]),
    "too few entries": leaf(value=[1, 2]),
    "a billion elements": leaf(shape=[1000, 1000, 1000]),
    "a negative side": leaf(shape=[-2, 3]),
    "deep nesting": "[" * 100_000 + "]" * 100_000,
    "deep nesting inside": graph(seeds="?").replace('"?"', "[" * 5000 + "]" * 5000),
    "an integer of many digits": graph().replace("0.5", "9" * 5000),
    "a seed of no value": graph(seeds=[{"id": 9, "value": [1.0]}]),
    "naturals that are not there": node(
        op="gather_rows_ref", parents=[0], shape=[2, 3], attributes={"indices": {"naturals": {"start": 0, "count": 2}}}
    ),
    "arrays that are not there": leaf(value={"array": "weights"}),
}


def test_the_graph_that_the_malformed_ones_vary_is_read(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "good.json").write_text(graph())
    assert main(["replay", str(tmp_path / "good.json")]) == 0
    assert "the two sides agree here" in capfd.readouterr().out


@pytest.mark.parametrize("content", MALFORMED.values(), ids=MALFORMED.keys())
@pytest.mark.parametrize("command", ["check", "replay"])
def test_a_malformed_graph_is_one_clear_line_and_status_2(
    command: str, content: str | bytes, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "bad.json", tmp_path / "out"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert main([command, str(file), "--json", *(["--out", str(out)] if command == "check" else [])]) == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"backproof: {file}: ")
    assert len(said.err.splitlines()) == 1
    assert len(said.err) <= 400
    assert [file] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "a command was needed"),
        (["prove"], "Missing"),
        (["prove", "norm", "--shape", "2,3"], "norm of [(2, 3)] needs 'axis' among its attributes"),
        (["prove", "einsum", "--shape", "2,3", "--attribute", "subscripts=ij"], "a text in quotes were needed"),
        (["chekc"], "No such command 'chekc'"),
        (["check", "--graphs", "-1"], "--graphs"),
        (["check", "--graphs", "many"], "--graphs"),
        (["check", "--seed", "-1"], "--seed"),
        (["check", "--jobs", "0"], "--jobs"),
        (["check", "--ops", "conv9d"], "op 'conv9d' has no definition"),
        (["check", "--ops", "relu,"], "a name is empty"),
        (["check", "--ops", "relu,relu"], "'relu' came twice"),
        (["check", "no such file.json"], "no such file.json: file: No such file"),
        (["check", "same.json", "same.json"], "'same.json' came twice"),
        (["check", "--rules", "no_such_rules.py"], "a readable rules file was needed"),
        (["check", "--faster"], "No such option"),
        (["replay"], "Missing argument"),
        (["recheck"], "Missing argument"),
        (["recheck", "report.json", "--solver", "yices"], "--solver"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_usage_is_one_clear_line_and_status_2(
    arguments: list[str], complaint: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert complaint in said.err
    assert len(said.err.splitlines()) == 1


def test_a_folder_that_cannot_be_made_is_refused_before_any_work(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("")
    assert main(["check", "--graphs", "0", "--ops", "relu", "--out", str(tmp_path / "taken")]) == 2
    assert "a folder that can be written was needed" in capfd.readouterr().err
