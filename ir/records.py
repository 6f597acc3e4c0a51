"""The records of a graph file as a graph, and a graph as records; where entries lie is the caller's to know."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .document import (
    AttributeRecord,
    DenseRecord,
    Document,
    DocumentError,
    Entries,
    LeafRecord,
    NaturalsRecord,
    NodeRecord,
    TaggedRecord,
)
from .graph import (
    MAX_ELEMENTS,
    Attribute,
    Dense,
    Graph,
    Leaf,
    NaturalRef,
    NaturalsRef,
    Node,
    Shape,
    check_shape,
    element_count,
)

Fetch = Callable[[Entries, Shape, str], Sequence[float]]
"""The row-major entries that a record names; the shape says how many, the text says where for messages."""

Store = Callable[[Sequence[float], str], Entries]
"""The record of row-major entries, given the key to store them under if they are not inline."""


def graph_of(document: Document, fetch: Fetch) -> Graph:
    """The graph that a document describes.

    Raises: DocumentError or GraphError.
    """
    _check_values([*document.leaves, *document.nodes])
    leaves = tuple(Leaf(tuple(leaf.shape), leaf.name, leaf.requires_grad) for leaf in document.leaves)
    return Graph(leaves, tuple(_node(record, fetch) for record in document.nodes))


def node_record(value_id: int, node: Node, store: Store) -> NodeRecord:
    """The record of a node."""
    attributes = {
        key: _attribute_record(value, f"node {value_id} {key}", store) for key, value in node.attributes.items()
    }
    return NodeRecord(value_id, node.op, list(node.parents), list(node.shape), attributes, node.name)


def _check_values(records: Sequence[LeafRecord | NodeRecord]) -> None:
    total = 0
    for place, record in enumerate(records):
        if record.id != place:
            raise DocumentError(f"value {place}: id {record.id} came, {place} was needed: leaves first, then nodes")
        if not record.name.isprintable():
            raise DocumentError(f"value {place}: name {record.name!r:.80} came, printable text was needed")
        check_shape(tuple(record.shape), f"value {place}")
        total += element_count(tuple(record.shape))
    if total > MAX_ELEMENTS:
        raise DocumentError(f"document: {total} entries in all came, at most {MAX_ELEMENTS} were needed")


def _node(record: NodeRecord, fetch: Fetch) -> Node:
    attributes = {
        key: _attribute(value, f"node {record.id}, attribute {key!r:.80}", fetch)
        for key, value in record.attributes.items()
    }
    return Node(record.op, tuple(record.parents), tuple(record.shape), attributes, record.name)


def _attribute(value: AttributeRecord, where: str, fetch: Fetch) -> Attribute:
    match value:
        case list():
            return tuple(value)
        case TaggedRecord(natural=int(position), naturals=None, dense=None):
            return NaturalRef(position)
        case TaggedRecord(natural=None, naturals=NaturalsRecord(start=start, count=count), dense=None):
            return NaturalsRef(start, count)
        case TaggedRecord(natural=None, naturals=None, dense=DenseRecord(shape=sides, entries=entries)):
            shape = tuple(sides)
            check_shape(shape, where)
            return Dense(shape, tuple(fetch(entries, shape, where)))
        case TaggedRecord():
            raise DocumentError(f"{where}: an object came, one of 'natural', 'naturals' and 'dense' was needed")
    return value


def _attribute_record(value: Attribute, key: str, store: Store) -> AttributeRecord:
    match value:
        case tuple():
            return list(value)
        case NaturalRef(position):
            return TaggedRecord(natural=position)
        case NaturalsRef(start, count):
            return TaggedRecord(naturals=NaturalsRecord(start, count))
        case Dense(shape, entries):
            return TaggedRecord(dense=DenseRecord(list(shape), store(entries, key)))
    return value
