"""The form of a graph file, `backproof.graph.v1`: what its JSON may hold, before it means anything."""

from __future__ import annotations

import json
import math
from typing import Annotated, Any, Literal

import msgspec

from .graph import BackproofError

Format = Literal["backproof.graph.v1"]

FORMAT: Format = "backproof.graph.v1"

MAX_INTEGER = 2**53
"""Beyond it not every integer is a binary64 number, so none is read."""


class DocumentError(BackproofError):
    """Text that is not a graph file; the message says where in the document, what came and what was needed."""


Natural = Annotated[int, msgspec.Meta(ge=0)]
Sides = Annotated[list[Natural], msgspec.Meta(max_length=64, description="A shape; () is written [].")]


class _Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A JSON object whose every field is known."""


class ArrayKey(_Record, frozen=True):
    """The entries are the array of this name in the file that `arrays` names."""

    array: str


Entries = list[int | float] | ArrayKey
"""Row-major numbers, read as binary64: inline, or by name in the .npz file."""


class NaturalsRecord(_Record, frozen=True):
    """`count` naturals of the environment from position `start`."""

    start: Natural
    count: Natural


class DenseRecord(_Record, frozen=True):
    """The value of a constant."""

    shape: Sides
    entries: Entries


class TaggedRecord(_Record, frozen=True):
    """Exactly one of the three kinds of attribute that are objects; `natural` is a position in the environment."""

    natural: Natural | None = None
    naturals: NaturalsRecord | None = None
    dense: DenseRecord | None = None


AttributeRecord = int | float | str | list[int] | TaggedRecord


class LeafRecord(_Record, frozen=True):
    """An input: leaf i of the list has id i."""

    id: Natural
    shape: Sides
    value: Entries
    name: str = ""
    requires_grad: bool = True


class NodeRecord(_Record, frozen=True):
    """One operation: node k of the list has id k + the number of leaves."""

    id: Natural
    op: str
    parents: list[Natural]
    shape: Sides
    attributes: dict[str, AttributeRecord] = {}
    name: str = ""


class SeedRecord(_Record, frozen=True):
    """The cotangent that the value of this id is seeded with."""

    id: Natural
    value: Entries


class Document(_Record, frozen=True):
    """A graph, the values to run it at, the environment and the seeds.

    A value without a seed record is seeded with 0; without `seeds` at all the last value is seeded with 1 everywhere.
    """

    format: Format
    leaves: list[LeafRecord]
    nodes: list[NodeRecord]
    naturals: list[Natural] = []
    seeds: list[SeedRecord] | None = None
    arrays: str | None = None


def parse(content: bytes) -> Document:
    """The document that a file's bytes hold.

    Raises: DocumentError.
    """
    plain = _load(content)
    if not isinstance(plain, dict):
        raise DocumentError(f"document: {type(plain).__name__} came, a JSON object was needed")
    if plain.get("format") != FORMAT:
        raise DocumentError(f"format: {plain.get('format')!r:.80} came, {FORMAT!r} was needed")
    try:
        return msgspec.convert(plain, Document)
    except msgspec.ValidationError as error:
        # Escaped and cut, because the complaint quotes keys of the file, which may hold anything.
        complaint, _, place = str(error).encode("unicode_escape").decode().partition(" - at ")
        where = place.strip("`").removeprefix("$").removeprefix(".") or "document"
        raise DocumentError(f"{where:.120}: {complaint[:1].lower()}{complaint[1:160]}") from error


def render(document: Document) -> bytes:
    """The document as JSON that a person can read: one leaf, node or seed a line.

    Keys that hold their default are left out; `parse` of the result is the document.
    """
    plain = msgspec.to_builtins(document)
    fields = [f"{json.dumps(key)}: {_lines(value)}" for key, value in plain.items()]
    return ("{\n  " + ",\n  ".join(fields) + "\n}\n").encode()


def schema() -> bytes:
    """The JSON schema of the format, as the package ships it."""
    return schema_of(Document, FORMAT)


def schema_of(record: type[msgspec.Struct], title: str) -> bytes:
    """The JSON schema of a record, as a file."""
    described = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    content = _on_one_line(described | msgspec.json.schema(record))
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _on_one_line(value: Any) -> Any:
    """The same with each description on one line: Pythons differ in how they indent docstrings."""
    if isinstance(value, list):
        return list(map(_on_one_line, value))
    if not isinstance(value, dict):
        return value
    return {
        key: " ".join(item.split()) if key == "description" and isinstance(item, str) else _on_one_line(item)
        for key, item in value.items()
    }


def _lines(value: Any) -> str:
    if not isinstance(value, list) or not value or not isinstance(value[0], dict):
        return json.dumps(value)
    return "[\n    " + ",\n    ".join(map(json.dumps, value)) + "\n  ]"


def _load(content: bytes) -> Any:
    # The standard decoder, because it alone tells duplicate keys and integers that binary64 cannot hold.
    try:
        return json.loads(
            content.decode(),
            object_pairs_hook=_distinct,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_number,
        )
    except UnicodeDecodeError as error:
        raise DocumentError(f"byte {error.start}: {error.reason} came, UTF-8 text was needed") from error
    except json.JSONDecodeError as error:
        raise DocumentError(f"line {error.lineno}, column {error.colno}: not JSON: {error.msg}") from error
    except RecursionError as error:
        raise DocumentError("document: nested too deeply, a graph file has at most 6 levels") from error


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise DocumentError(f"document: key {twice!r:.80} came twice in one object, once was needed")
    return found


def _integer(text: str) -> int:
    # The length first: Python refuses to convert thousands of digits, with an error of its own.
    if len(text) > 20 or abs(int(text)) > MAX_INTEGER:
        raise DocumentError(f"document: integer {text:.40} came, at most 2**53 in magnitude was needed")
    return int(text)


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise DocumentError(f"document: number {text:.40} came, a finite binary64 was needed")
    return value
