"""Cases to and from files: a graph with the values, environment and seeds to run it at, as `backproof.graph.v1`."""

from __future__ import annotations

import os
import sys
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from .collector import collector_waits
from .document import (
    FORMAT,
    ArrayKey,
    Document,
    DocumentError,
    Entries,
    LeafRecord,
    SeedRecord,
    parse,
    render,
)
from .graph import BackproofError, Environment, Graph, GraphError, Shape, element_count, resolve
from .records import graph_of, node_record

Values = NDArray[np.float64]

INLINE_ENTRIES = 1024
"""A value with more entries than this is written to the .npz file beside the JSON."""


class ExchangeError(BackproofError):
    """A graph file that cannot be read or written; one line: file, where, what came, what was needed."""


@dataclass(frozen=True, eq=False, slots=True)
class Case:
    """A graph and everything needed to run it once, forward and backward.

    Shapes: one array in `leaves` per leaf and one cotangent in `seeds` per leaf and node, each of its declared shape.
    Units: finite float64.
    Raises: GraphError, on construction, if that is not so, or a node reads beyond the environment.
    """

    graph: Graph
    leaves: tuple[Values, ...]
    environment: Environment
    seeds: tuple[Values, ...]

    def __post_init__(self) -> None:
        graph = self.graph
        _check_values(self.leaves, [leaf.shape for leaf in graph.leaves], "leaf value")
        _check_values(self.seeds, [graph.shape(value_id) for value_id in range(len(graph))], "seed")
        for node in graph.nodes:
            resolve(node.attributes, self.environment)


def last_value_seeds(graph: Graph) -> tuple[Values, ...]:
    """Seed 1 in every entry of the last value, 0 elsewhere."""
    last = len(graph) - 1
    return tuple(np.full(graph.shape(value_id), float(value_id == last)) for value_id in range(len(graph)))


def read_case(path: Path) -> Case:
    """The case in a graph file.

    Raises: ExchangeError if the file does not hold a well-formed case, for whatever reason.
    """
    try:
        with collector_waits():
            return _case(parse(path.read_bytes()), path.parent)
    except OSError as error:
        raise ExchangeError(f"{path}: file: {error.strerror}, a readable graph file was needed") from error
    except (DocumentError, GraphError) as error:
        raise ExchangeError(f"{path}: {error}") from error


def write_case(case: Case, path: Path) -> None:
    """Write the case as JSON, and large values to the .npz of the same name; each file appears whole or not at all.

    Raises: ExchangeError if a file cannot be written.
    """
    beside = path.with_suffix(".npz")
    document, arrays = _document(case, beside.name, most_inline=INLINE_ENTRIES)
    try:
        if arrays:
            content = BytesIO()
            np.savez(content, allow_pickle=False, **arrays)
            _replace(beside, content.getvalue())
        _replace(path, render(document))
    except OSError as error:
        raise ExchangeError(f"{path}: file: {error.strerror}, a writable place was needed") from error


def case_document(case: Case) -> dict[str, Any]:
    """The case as plain data, in the form of its JSON file, with every value inline."""
    document, _arrays = _document(case, "", most_inline=sys.maxsize)
    plain: dict[str, Any] = msgspec.to_builtins(document)
    return plain


def _check_values(values: Sequence[Values], shapes: Sequence[Shape], what: str) -> None:
    if len(values) != len(shapes):
        raise GraphError(f"{what}s: {len(values)} came, {len(shapes)} were needed")
    for place, (value, shape) in enumerate(zip(values, shapes, strict=True)):
        if value.dtype != np.float64 or value.shape != shape:
            raise GraphError(f"{what} {place}: {value.dtype} of {value.shape} came, float64 of {shape} was needed")
        if not np.all(np.isfinite(value)):
            raise GraphError(f"{what} {place}: an entry that is not finite came, a finite number was needed")


def _case(document: Document, folder: Path) -> Case:
    archive = _Archive(folder, document.arrays)
    graph = graph_of(document, archive.entries)
    leaves = tuple(
        archive.values(record.value, leaf.shape, f"leaf {record.id}, value")
        for record, leaf in zip(document.leaves, graph.leaves, strict=True)
    )
    return Case(graph, leaves, Environment(tuple(document.naturals)), _seeds(document.seeds, graph, archive))


def _seeds(records: Sequence[SeedRecord] | None, graph: Graph, archive: _Archive) -> tuple[Values, ...]:
    if records is None:
        return last_value_seeds(graph)
    given: dict[int, Values] = {}
    for place, record in enumerate(records):
        if record.id >= len(graph) or record.id in given:
            raise DocumentError(f"seeds[{place}]: id {record.id} came, an unseeded id below {len(graph)} was needed")
        given[record.id] = archive.values(record.value, graph.shape(record.id), f"seeds[{place}]")
    return tuple(
        given[value_id] if value_id in given else np.zeros(graph.shape(value_id)) for value_id in range(len(graph))
    )


class _Archive:
    """The entries that records name: their own numbers, or arrays of the one .npz file of the document."""

    def __init__(self, folder: Path, name: str | None) -> None:
        if name is not None and (Path(name).name != name or name in ("", "..") or "\\" in name or not name.isprintable()):
            raise DocumentError(f"arrays: {name!r:.80} came, the name of a file in the same folder was needed")
        self._path = None if name is None else folder / name

    def values(self, entries: Entries, shape: Shape, where: str) -> Values:
        """The array of this shape that a record names."""
        if isinstance(entries, ArrayKey):
            return self._read(entries.array, shape, where)
        if len(entries) != element_count(shape):
            needed = f"{element_count(shape)} for shape {shape} were needed"
            raise DocumentError(f"{where}: {len(entries)} entries came, {needed}")
        return np.array(entries, dtype=np.float64).reshape(shape)

    def entries(self, entries: Entries, shape: Shape, where: str) -> list[float]:
        """The same, row-major."""
        return list(map(float, self.values(entries, shape, where).flat))

    def _read(self, key: str, shape: Shape, where: str) -> Values:
        if self._path is None:
            raise DocumentError(f"{where}: array {key!r:.80} came, but the document names no file of arrays")
        source = f"{where}: {self._path.name}, array {key!r:.80}"
        try:
            with zipfile.ZipFile(self._path) as archive, archive.open(f"{key}.npy") as stream:
                # The header is judged first: numpy would make room for whatever size it promises.
                version = np.lib.format.read_magic(stream)
                if version != (1, 0):
                    raise DocumentError(f"{source}: npy version {version} came, (1, 0) was needed")
                held, _, kind = np.lib.format.read_array_header_1_0(stream)
                if held != shape or kind not in (np.float64, np.float32):
                    raise DocumentError(f"{source}: {kind} of {held} came, float64 or float32 of {shape} was needed")
            with np.load(self._path, allow_pickle=False) as archive:
                return np.asarray(archive[key], dtype=np.float64)
        except (OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
            raise DocumentError(f"{source}: {error}, a readable array was needed") from error


def _document(case: Case, beside: str, *, most_inline: int) -> tuple[Document, dict[str, Values]]:
    arrays: dict[str, Values] = {}

    def store(entries: Sequence[float] | Values, key: str) -> Entries:
        values = np.asarray(entries, dtype=np.float64)
        if values.size <= most_inline:
            return list(map(float, values.flat))
        arrays[key] = values
        return ArrayKey(key)

    count = len(case.graph.leaves)
    leaves = [
        LeafRecord(place, list(leaf.shape), store(value, f"leaf {place}"), leaf.name, leaf.requires_grad)
        for place, (leaf, value) in enumerate(zip(case.graph.leaves, case.leaves, strict=True))
    ]
    nodes = [node_record(place, node, store) for place, node in enumerate(case.graph.nodes, start=count)]
    seeds = [SeedRecord(place, store(seed, f"seed {place}")) for place, seed in enumerate(case.seeds) if seed.any()]
    naturals = list(case.environment.naturals)
    return Document(FORMAT, leaves, nodes, naturals, seeds, beside if arrays else None), arrays


def _replace(path: Path, content: bytes) -> None:
    sibling = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        sibling.write_bytes(content)
        os.replace(sibling, path)
    finally:
        sibling.unlink(missing_ok=True)
