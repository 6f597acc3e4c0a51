"""What is written in the boxes of a graph that is drawn: ops and shapes, and at a counterexample both sides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from ..counterexample import pair, size
from ..report import CounterexampleRecord, GraphShape, Shape, Sides, ValueSides
from .drawing import Value

MOST_ENTRIES = 3
"""Entries of a value that are written in its box."""

_DIGITS = 6


def graph_values(graph: GraphShape) -> list[Value]:
    """The values of a graph that was checked; none if its structure is not told."""
    leaves = [_plain(place, (), "leaf", shape) for place, shape in enumerate(graph.leaves)]
    nodes = [_plain(place, node.parents, node.op, node.shape) for place, node in enumerate(graph.nodes, start=len(leaves))]
    return [*leaves, *nodes]


def _plain(place: int, parents: tuple[int, ...], op: str, shape: Shape) -> Value:
    return Value(place, parents, (op, f"%{place}: {size(shape)}"), f"%{place} {op} {size(shape)}", differs=False, first=False)


def counterexample_values(found: CounterexampleRecord, first: tuple[int, str] | None) -> list[Value]:
    """The values of a counterexample's graph with both sides of each; `first` is where they part first."""
    sides = {value.id: value for value in (*found.leaves, *found.nodes)}
    documents = (*found.graph["leaves"], *found.graph["nodes"])
    return [_value(each, sides.get(each["id"]), first) for each in documents]


def _value(document: Mapping[str, object], told: ValueSides | None, first: tuple[int, str] | None) -> Value:
    place, parents, shape = int(str(document["id"])), document.get("parents", ()), document["shape"]
    name = f"%{place} {document.get('op', 'leaf')}"
    sides = () if told is None else told.sides
    is_first = first is not None and place == first[0]
    differs = any(each.differs for each in sides)
    shown = size(tuple(shape)) if isinstance(shape, Sequence) else ""
    lines = (f"{name}  {shown}", *(line for each in sides for line in _lines(each, first if is_first else None)))
    title = f"{name} {shown}" + (", the two sides differ" if differs else "") + (", here first" if is_first else "")
    return Value(place, tuple(parents) if isinstance(parents, Sequence) else (), lines, title, differs, is_first)


def _lines(sides: Sides, first: tuple[int, str] | None) -> Iterator[str]:
    """A primal once where both sides agree, both cotangents always, anything else only where they differ."""
    tape, spec = _brief(sides)
    if sides.differs or sides.quantity == "cotangent":
        here = " first" if first is not None and sides.differs and sides.quantity == first[1] else ""
        yield f"{sides.quantity}, tape {tape}"
        yield f"{sides.quantity}, spec {spec}" + (f" ≠{here}" if sides.differs else "")
    elif sides.quantity == "primal":
        yield f"primal {tape}"


def _brief(sides: Sides) -> tuple[str, str]:
    """Both sides in a few digits, or as long as it takes to tell them apart."""
    if not sides.tape and not sides.spec:
        return "(empty)", "(empty)"
    apart = [place for place, (tape, spec) in enumerate(zip(sides.tape, sides.spec, strict=False)) if tape != spec]
    start = apart[0] if apart and apart[0] >= MOST_ENTRIES else 0
    tape, spec = (_entries(side, start) for side in (sides.tape, sides.spec))
    return (tape, spec) if tape != spec or not sides.differs else pair(sides)


def _entries(side: Sequence[str], start: int) -> str:
    shown = side[start : start + MOST_ENTRIES]
    more = " …" if start + MOST_ENTRIES < len(side) else ""
    return (f"[{start}] " if start else "") + " ".join(map(_number, shown)) + more


def _number(exact: str) -> str:
    if len(exact) <= _DIGITS + 2 or len(exact) > 400:
        return exact[:40]
    try:
        return f"{float(Fraction(exact)):.{_DIGITS}g}"
    except (ValueError, OverflowError, ZeroDivisionError):
        return exact[:40]
