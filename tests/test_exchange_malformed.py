"""Whatever is wrong with a graph file, the answer is one clear line: where, what came, what was needed."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from backproof.ir.exchange import ExchangeError, read_case

X = {"id": 0, "shape": [2], "value": [1.0, -2.5], "name": "x"}
S = {"id": 1, "op": "add", "parents": [0, 0], "shape": [2], "name": "s"}


def good() -> dict[str, Any]:
    return json.loads(json.dumps({"format": "backproof.graph.v1", "leaves": [X], "nodes": [S]}))


def text(**changes: Any) -> bytes:
    return json.dumps(good() | changes).encode()


def leaf(**changes: Any) -> bytes:
    return text(leaves=[X | changes])


def node(**changes: Any) -> bytes:
    return text(nodes=[S | changes])


def attribute(value: Any) -> bytes:
    return node(attributes={"c": value})


def number(literal: str) -> bytes:
    return text().replace(b"-2.5", literal.encode())


def without(*path: str | int) -> bytes:
    document = good()
    place: Any = document
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    return json.dumps(document).encode()


NATURALS = {"naturals": {"start": 0, "count": 3}}

MALFORMED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "line 1, column 1: not JSON"),
    "plain text": (b"the gradient is wrong\n", "line 1, column 1: not JSON"),
    "binary": (b"\x93NUMPY\x01\x00\xff\xfe", "byte 0: .* UTF-8 text was needed"),
    "UTF-16": (text().decode().encode("utf-16"), "byte 0: .* UTF-8 text was needed"),
    "byte order mark": (b"\xef\xbb\xbf" + text(), "not JSON: Unexpected UTF-8 BOM"),
    "truncated": (text()[:-20], "not JSON"),
    "two documents": (text() + text(), "not JSON: Extra data"),
    "deep arrays": (b"[" * 100_000, "document: nested too deeply"),
    "deep objects": (b'{"a":' * 100_000, "document: nested too deeply"),
    "deep inside": (text()[:-1] + b', "seeds": ' + b"[" * 100_000, "document: nested too deeply"),
    "an array": (b"[]", "document: list came, a JSON object was needed"),
    "null": (b"null", "document: NoneType came"),
    "other version": (text(format="backproof.graph.v2"), "format: 'backproof.graph.v2' came"),
    "other format": (text(format="torchlean.ir.v1", tensors=[]), "format: 'torchlean.ir.v1' came"),
    "format missing": (without("format"), "format: None came, 'backproof.graph.v1' was needed"),
    "format a list": (text(format=[1] * 1000), r"format: \[1, 1"),
    "duplicate key": (text()[:-1] + b', "nodes": []}', "key 'nodes' came twice"),
    "unknown field": (text(comment="hello"), "unknown field `comment`"),
    "unknown field of two lines": (text(**{"a\nb" * 999: 1}), r"unknown field `a\\nba\\nb"),
    "unknown field of a node": (node(dtype="float32"), r"nodes\[0\]: .*unknown field `dtype`"),
    "nodes missing": (without("nodes"), "missing required field `nodes`"),
    "op missing": (without("nodes", 0, "op"), r"nodes\[0\]: .*missing required field `op`"),
    "value missing": (without("leaves", 0, "value"), r"leaves\[0\]: .*missing required field `value`"),
    "op a number": (node(op=7), r"nodes\[0\].op: expected `str`, got `int`"),
    "id a bool": (leaf(id=False), r"leaves\[0\].id: expected `int`, got `bool`"),
    "side a string": (leaf(shape=["2"]), r"leaves\[0\].shape\[.*\]: expected `int`, got `str`"),
    "side half": (leaf(shape=[1.5]), r"expected `int`, got `float`"),
    "side negative": (leaf(shape=[-2]), r"leaves\[0\].shape\[.*\]: expected `int` >= 0"),
    "rank 65": (leaf(shape=[1] * 65), r"leaves\[0\].shape: expected `array` of length <= 64"),
    "10^9 entries": (node(shape=[1_000_000_000]), r"value 1 declares shape \(1000000000,\), more than"),
    "10^9 beside a zero": (leaf(shape=[0, 10**9], value=[]), "value 0 declares shape .* more than"),
    "too much together": (
        text(nodes=[S | {"id": k, "shape": [2**20]} for k in range(1, 200)]),
        "document: .* entries in all came, at most",
    ),
    "parent itself": (node(parents=[0, 1]), "node 's' has parent 1, but a parent must be an earlier id"),
    "cycle": (
        text(nodes=[S | {"parents": [2, 0]}, S | {"id": 2, "parents": [1, 0], "name": "t"}]),
        "node 's' has parent 2, but a parent must be an earlier id",
    ),
    "parent far away": (node(parents=[0, 99]), "node 's' has parent 99"),
    "parent negative": (node(parents=[0, -1]), r"nodes\[0\].parents\[.*\]: expected `int` >= 0"),
    "duplicate id": (text(nodes=[S, S]), "value 2: id 1 came, 2 was needed"),
    "ids out of order": (text(nodes=[S | {"id": 2}, S]), "value 1: id 2 came, 1 was needed"),
    "leaf id of a node": (leaf(id=1), "value 0: id 1 came, 0 was needed"),
    "name of two lines": (leaf(name="x\ny"), r"value 0: name 'x\\ny' came, printable text"),
    "name half a character": (leaf(name="\ud800"), "value 0: name .* came, printable text"),
    "too few entries": (leaf(value=[1.0]), r"leaf 0, value: 1 entries came, 2 for shape \(2,\) were needed"),
    "nested entries": (leaf(value=[[1.0, 2.0]]), r"leaves\[0\].value\[.*\]: expected `int \| float`, got `array`"),
    "NaN": (number("NaN"), "number NaN came, a finite binary64 was needed"),
    "infinity": (number("-Infinity"), "number -Infinity came"),
    "1e999": (number("1e999"), "number 1e999 came"),
    "2^53 + 1": (number(str(2**53 + 1)), "integer 9007199254740993 came"),
    "a thousand digits": (number("9" * 10_000), "integer 9{40} came"),
    "attribute a long text": (attribute("i" * 257), "node 's', attribute 'c' is 'i*, but a text is at most 256"),
    "attribute a text of two lines": (attribute("a\nb"), r"attribute 'c' is 'a\\nb', but a text is .* printable ASCII"),
    "attribute a list of texts": (attribute(["ij"]), r"nodes\[0\].attributes\[.*\]: expected `int`, got `str`"),
    "attribute a bool": (node(attributes={"c": True}), r"nodes\[0\].attributes\[.*\]: expected .* got `bool`"),
    "attribute empty": (attribute({}), "node 1, attribute 'c': an object came, one of 'natural', 'naturals' and 'dense'"),
    "attribute both": (
        attribute(NATURALS | {"dense": {"shape": [0], "entries": []}}),
        "node 1, attribute 'c': an object came, one of 'natural', 'naturals' and 'dense'",
    ),
    "dense too short": (attribute({"dense": {"shape": [2], "entries": [1.0]}}), "attribute 'c': 1 entries came, 2"),
    "dense too large": (attribute({"dense": {"shape": [10**9], "entries": []}}), "attribute 'c' declares shape"),
    "two kinds, one a natural": (
        attribute(NATURALS | {"natural": 0}),
        "one of 'natural', 'naturals' and 'dense' was needed",
    ),
    "a natural that is not there": (attribute({"natural": 3}), "naturals 3 to 4 were asked for, but the environment holds 0"),
    "a natural at a negative position": (attribute({"natural": -1}), "expected `int` >= 0"),
    "naturals that are not there": (attribute(NATURALS), "naturals 0 to 3 were asked for, but the environment holds 0"),
    "natural negative": (text(naturals=[-1]), r"naturals\[.*\]: expected `int` >= 0"),
    "seed of no value": (text(seeds=[{"id": 2, "value": [1]}]), r"seeds\[0\]: id 2 came, an unseeded id below 2"),
    "seed twice": (text(seeds=[{"id": 1, "value": [1, 1]}] * 2), r"seeds\[1\]: id 1 came, an unseeded id"),
    "seed of another shape": (text(seeds=[{"id": 1, "value": [1]}]), r"seeds\[0\]: 1 entries came, 2 for shape"),
    "arrays in another folder": (text(arrays="../other.npz"), "arrays: '../other.npz' came, the name of a file"),
    "arrays at a path": (text(arrays="/etc/passwd"), "arrays: '/etc/passwd' came, the name of a file"),
    "arrays nameless": (text(arrays=".."), "arrays: '..' came, the name of a file"),
    "array of no file": (leaf(value={"array": "a"}), "array 'a' came, but the document names no file of arrays"),
}
"""By name: the bytes of the file, and a pattern that its error matches."""


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_file_is_one_clear_line(tmp_path: Path, name: str) -> None:
    content, message = MALFORMED[name]
    path = tmp_path / "file.json"
    path.write_bytes(content)
    with pytest.raises(ExchangeError, match=message) as caught:
        read_case(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert 1 == len(str(caught.value).splitlines())
    assert len(str(caught.value)) < 300 + len(str(path))
    assert [path] == list(tmp_path.iterdir())


def test_the_table_starts_from_a_file_that_is_read(tmp_path: Path) -> None:
    (tmp_path / "file.json").write_bytes(text())
    assert [1.0, -2.5] == read_case(tmp_path / "file.json").leaves[0].tolist()
    assert len(MALFORMED) >= 30


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="none.json: file: No such file or directory, a readable graph file"):
        read_case(tmp_path / "none.json")
    with pytest.raises(ExchangeError, match="file: Is a directory, a readable graph file was needed"):
        read_case(tmp_path)


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    # Not by the file's mode: whoever runs the tests as root may read everything.
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(ExchangeError, match="file.json: file: Permission denied"):
        read_case(tmp_path / "file.json")


def saved(**arrays: Any) -> bytes:
    content = BytesIO()
    np.savez(content, **arrays)
    return content.getvalue()


def promising(shape: tuple[int, ...]) -> bytes:
    """An archive whose array says it has this shape, and holds nothing."""
    header, content = BytesIO(), BytesIO()
    np.lib.format.write_array_header_1_0(header, {"shape": shape, "fortran_order": False, "descr": "<f8"})
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.npy", header.getvalue())
    return content.getvalue()


ARCHIVES: dict[str, tuple[bytes | None, str]] = {
    "missing": (None, "No such file or directory"),
    "no archive": (b"text", "File is not a zip file"),
    "cut short": (saved(a=np.zeros(2))[:-30], "File is not a zip file"),
    "another key": (saved(b=np.zeros(2)), "no item named"),
    "another shape": (saved(a=np.zeros(3)), r"float64 of \(3,\) came, float64 or float32 of \(2,\) was needed"),
    "integers": (saved(a=np.zeros(2, dtype=np.int64)), "int64 of .* came, float64 or float32"),
    "pickled": (saved(a=np.array([1.0, None])), "object of .* came, float64 or float32"),
    "NaN": (saved(a=np.array([1.0, np.nan])), "leaf value 0: an entry that is not finite came"),
    "a false promise": (promising((10**9,)), r"float64 of \(1000000000,\) came"),
    "an empty promise": (promising((2,)), "array 'a': EOF|array 'a': cannot reshape|array 'a': .*read"),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_malformed_archive_is_one_clear_line(tmp_path: Path, name: str) -> None:
    content, message = ARCHIVES[name]
    (tmp_path / "file.json").write_bytes(text(leaves=[X | {"value": {"array": "a"}}], arrays="file.npz"))
    if content is not None:
        (tmp_path / "file.npz").write_bytes(content)
    with pytest.raises(ExchangeError, match=message) as caught:
        read_case(tmp_path / "file.json")
    assert 1 == len(str(caught.value).splitlines())


def test_single_precision_arrays_are_read_exactly(tmp_path: Path) -> None:
    (tmp_path / "file.json").write_bytes(text(leaves=[X | {"value": {"array": "a"}}], arrays="file.npz"))
    (tmp_path / "file.npz").write_bytes(saved(a=np.array([0.1, 2.0], dtype=np.float32)))
    assert [float(np.float32(0.1)), 2.0] == read_case(tmp_path / "file.json").leaves[0].tolist()
