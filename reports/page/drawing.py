"""Where the boxes and lines of a graph go: each value below what it reads, and a leaf just above its first reader."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..escaping import one_line

MOST_VALUES = 200
"""A graph of more is not drawn."""

LETTER, LINE = 8, 17
ACROSS, DOWN = 24, 34
MARGIN, PADDING = 8, 8
"""Units: the drawing's own, which are pixels where there is room."""

LONGEST_LINE = 64
LONGEST_TITLE = 200
"""Units: characters."""


class Value(NamedTuple):
    """A leaf or node as it is to be drawn: its lines of text, and whether its two sides differ, and differ first."""

    id: int
    parents: tuple[int, ...]
    lines: tuple[str, ...]
    title: str
    differs: bool
    first: bool


class Box(NamedTuple):
    """A value in its place: the upper left corner."""

    x: int
    y: int
    value: Value


class Line(NamedTuple):
    """From a parent to the node that reads it."""

    x1: int
    y1: int
    x2: int
    y2: int


class Drawing(NamedTuple):
    """A graph as boxes, all of one size, and lines."""

    width: int
    height: int
    box_width: int
    box_height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def drawing(values: Sequence[Value]) -> Drawing | None:
    """The drawing of a graph, or None if it has no values or too many."""
    if not 0 < len(values) <= MOST_VALUES:
        return None
    shown = [each._replace(lines=tuple(one_line(line, LONGEST_LINE) for line in each.lines), title=one_line(each.title, LONGEST_TITLE)) for each in values]
    width = 2 * PADDING + LETTER * max(len(line) for each in shown for line in each.lines)
    height = 2 * PADDING + LINE * max(len(each.lines) for each in shown)
    layers = _layers(shown)
    widest = max(map(len, layers)) * (width + ACROSS) - ACROSS
    places: dict[int, tuple[int, int]] = {}
    for level, layer in enumerate(layers):
        left = MARGIN + (widest - len(layer) * (width + ACROSS) + ACROSS) // 2
        for place, each in enumerate(sorted(layer, key=lambda each: _above(each, places))):
            places[each.id] = (left + place * (width + ACROSS), MARGIN + level * (height + DOWN))
    boxes = tuple(Box(*places[each.id], each) for each in shown)
    lines = tuple(line for each in shown for line in _lines(each, places, width, height))
    return Drawing(widest + 2 * MARGIN, len(layers) * (height + DOWN) - DOWN + 2 * MARGIN, width, height, boxes, lines)


def _layers(values: Sequence[Value]) -> list[list[Value]]:
    """Values by their longest path from a leaf; a leaf in the layer above the first that reads it."""
    depth: dict[int, int] = {}
    reader: dict[int, int] = {}
    for each in values:
        depth[each.id] = 1 + max((depth[parent] for parent in each.parents), default=-1)
        for parent in each.parents:
            reader[parent] = min(reader.get(parent, depth[each.id]), depth[each.id])
    layers: dict[int, list[Value]] = defaultdict(list)
    for each in values:
        layers[depth[each.id] if each.parents else max(reader.get(each.id, 1) - 1, 0)].append(each)
    return [layers[level] for level in sorted(layers)]


def _above(value: Value, places: Mapping[int, tuple[int, int]]) -> float:
    """Where its parents are on average, so that lines cross less; what has none keeps its order."""
    return sum(places[parent][0] for parent in value.parents) / len(value.parents) if value.parents else 0.0


def _lines(value: Value, places: Mapping[int, tuple[int, int]], width: int, height: int) -> list[Line]:
    """One line for each time that a node reads a parent."""
    x, y = places[value.id]
    count = len(value.parents) + 1
    return [
        Line(places[parent][0] + width // 2, places[parent][1] + height, x + width * (place + 1) // count, y)
        for place, parent in enumerate(value.parents)
    ]
