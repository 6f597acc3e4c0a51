"""Cases to and from files: a graph with the values, environment and seeds to run it at, as `backproof.graph.v1`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from .document import (
    FORMAT,
    ArrayKey,
    AttributeRecord,
    DenseRecord,
    Document,
    DocumentError,
    Entries,
    LeafRecord,
    NaturalsRecord,
    NodeRecord,
    SeedRecord,
    TaggedRecord,
    parse,
    render,
)
from .graph import (
    MAX_ELEMENTS,
    Attribute,
    BackproofError,
    Dense,
    Environment,
    Graph,
    GraphError,
    Leaf,
    NaturalsRef,
    Node,
    element_count,
    resolve,
)

Values = NDArray[np.float64]

INLINE_ENTRIES = 1024
"""A value with more entries than this is written to the .npz file beside the JSON."""


class ExchangeError(BackproofError):
    """A graph file that cannot be read or written; one line: file, where, what came, what was needed."""


@dataclass(frozen=True, eq=False, slots=True)
class Case:
    """A graph and everything needed to run it once, forward and backward.

    Shapes: one array in `leaves` per leaf, and one cotangent in `seeds` per leaf and node, each of its declared shape.
    Units: finite float64.
    Raises: GraphError, on construction, if a count, a shape or an entry is not so, or a reference leaves the environment.
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
    seeds = [np.zeros(graph.shape(value_id)) for value_id in range(len(graph))]
    return (*seeds[:-1], *(np.ones_like(seed) for seed in seeds[-1:]))


def read_case(path: Path) -> Case:
    """The case in a graph file.

    Raises: ExchangeError if the file is not a well-formed case, for whatever reason.
    """
    try:
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
    document, arrays = _document(case, beside.name)
    try:
        if arrays:
            content = BytesIO()
            np.savez(content, allow_pickle=False, **arrays)
            _replace(beside, content.getvalue())
        _replace(path, render(document))
    except OSError as error:
        raise ExchangeError(f"{path}: file: {error.strerror}, a writable place was needed") from error


def _replace(path: Path, content: bytes) -> None:
    sibling = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        sibling.write_bytes(content)
        os.replace(sibling, path)
    finally:
        sibling.unlink(missing_ok=True)


def _case(document: Document, folder: Path) -> Case:
    _check_ids([*document.leaves, *document.nodes])
    _check_size([*document.leaves, *document.nodes])
    archive = _Archive(folder, document.arrays)
    leaves = tuple(Leaf(tuple(leaf.shape), leaf.name, leaf.requires_grad) for leaf in document.leaves)
    nodes = tuple(
        Node(node.op, tuple(node.parents), tuple(node.shape), _attributes(node, archive), node.name)
        for node in document.nodes
    )
    graph = Graph(leaves, nodes)
    values = tuple(
        archive.values(leaf.value, tuple(leaf.shape), f"leaves[{place}].value")
        for place, leaf in enumerate(document.leaves)
    )
    return Case(graph, values, Environment(tuple(document.naturals)), _seeds(document.seeds, graph, archive))


def _check_ids(records: Sequence[LeafRecord | NodeRecord]) -> None:
    for place, record in enumerate(records):
        if record.id != place:
            raise DocumentError(f"id {record.id}: came as value {place}, but ids count leaves, then nodes, in order")
        if not record.name.isprintable():
            raise DocumentError(f"value {place}: name {record.name!r:.80} came, printable text was needed")


def _check_size(records: Sequence[LeafRecord | NodeRecord]) -> None:
    for place, record in enumerate(records):
        check_shape(tuple(record.shape), f"value {place}")
    total = sum(element_count(tuple(record.shape)) for record in records)
    if total > MAX_ELEMENTS:
        raise DocumentError(f"document: values of {total} entries together came, at most {MAX_ELEMENTS} were needed")


def _attributes(node: NodeRecord, archive: _Archive) -> dict[str, Attribute]:
    return {
        key: _attribute(value, archive, f"node {node.id}, attribute {key!r:.80}")
        for key, value in node.attributes.items()
    }


def _attribute(value: AttributeRecord, archive: _Archive, where: str) -> Attribute:
    match value:
        case list():
            return tuple(value)
        case TaggedRecord(naturals=NaturalsRecord(start=start, count=count), dense=msgspec.UNSET):
            return NaturalsRef(start, count)
        case TaggedRecord(naturals=msgspec.UNSET, dense=DenseRecord(shape=sides, entries=entries)):
            shape = tuple(sides)
            check_shape(shape, where)
            return Dense(shape, tuple(archive.values(entries, shape, where).ravel().tolist()))
        case TaggedRecord():
            raise DocumentError(f"{where}: {value} came, one of 'naturals' and 'dense' was needed")
    return value


def _seeds(records: list[SeedRecord] | msgspec.UnsetType, graph: Graph, archive: _Archive) -> tuple[Values, ...]:
    if isinstance(records, msgspec.UnsetType):
        return last_value_seeds(graph)
    seeds = [np.zeros(graph.shape(value_id)) for value_id in range(len(graph))]
    seen: set[int] = set()
    for place, record in enumerate(records):
        where = f"seeds[{place}]"
        if record.id >= len(graph) or record.id in seen:
            raise DocumentError(f"{where}: id {record.id} came, an id below {len(graph)} not yet seeded was needed")
        seen.add(record.id)
        seeds[record.id] = archive.values(record.value, graph.shape(record.id), where)
    return tuple(seeds)


def _document(case: Case, beside: str) -> tuple[Document, dict[str, Values]]:
    arrays: dict[str, Values] = {}

    def entries(value: Values, key: str) -> Entries:
        if value.size <= INLINE_ENTRIES:
            return value.ravel().tolist()
        arrays[key] = value
        return ArrayKey(key)

    def attribute(value: Attribute, key: str) -> AttributeRecord:
        match value:
            case tuple():
                return list(value)
            case NaturalsRef(start, count):
                return TaggedRecord(naturals=NaturalsRecord(start, count))
            case Dense(shape, numbers):
                return TaggedRecord(dense=DenseRecord(list(shape), entries(np.array(numbers, np.float64), key)))
        return value

    count = len(case.graph.leaves)
    leaves = [
        LeafRecord(place, list(leaf.shape), entries(value, f"leaf {place}"), leaf.name, leaf.requires_grad)
        for place, (leaf, value) in enumerate(zip(case.graph.leaves, case.leaves, strict=True))
    ]
    nodes = [
        NodeRecord(
            place,
            node.op,
            list(node.parents),
            list(node.shape),
            {key: attribute(value, f"node {place} {key}") for key, value in node.attributes.items()},
            node.name,
        )
        for place, node in enumerate(case.graph.nodes, start=count)
    ]
    seeds = [
        SeedRecord(place, entries(seed, f"seed {place}")) for place, seed in enumerate(case.seeds) if np.any(seed)
    ]
    naturals = list(case.environment.naturals)
    document = Document(FORMAT, leaves, nodes, naturals, seeds, beside if arrays else msgspec.UNSET)
    return document, arrays
