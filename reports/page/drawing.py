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
WIDEST = 1180
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
    """The drawing of a graph, or None if it has no values or too many. Parts that share no value stand side by side."""
    if not 0 < len(values) <= MOST_VALUES:
        return None
    shown = [_shortened(each) for each in values]
    width = 2 * PADDING + LETTER * max(len(line) for each in shown for line in each.lines)
    height = 2 * PADDING + LINE * max(len(each.lines) for each in shown)
    places: dict[int, tuple[int, int]] = {}
    left = top = below = MARGIN
    right = 0
    for part in _components(shown):
        layers = _layers(part)
        wide = max(map(len, layers)) * (width + ACROSS)
        if left > MARGIN and left + wide > WIDEST:
            left, top = MARGIN, below
        places |= _placed(layers, left, top, wide, (width + ACROSS, height + DOWN))
        left += wide
        right, below = max(right, left), max(below, top + len(layers) * (height + DOWN))
    boxes = tuple(Box(*places[each.id], each) for each in shown)
    lines = tuple(line for each in shown for line in _lines(each, places, width, height))
    return Drawing(right - ACROSS + MARGIN, below - DOWN + MARGIN, width, height, boxes, lines)


def _shortened(value: Value) -> Value:
    lines = tuple(one_line(line, LONGEST_LINE) for line in value.lines)
    return value._replace(lines=lines, title=one_line(value.title, LONGEST_TITLE))


def _components(values: Sequence[Value]) -> list[list[Value]]:
    """The values that reading connects, in the order of their first ones."""
    parts: dict[int, list[Value]] = {}
    part_of: dict[int, int] = {}
    for each in values:
        joined = sorted({part_of[parent] for parent in each.parents}) or [each.id]
        first, *others = joined
        members = [*parts.get(first, ()), *(member for other in others for member in parts.pop(other)), each]
        parts[first] = members
        part_of |= {member.id: first for member in (members if others else [each])}
    return [parts[first] for first in sorted(parts)]


def _placed(
    layers: Sequence[Sequence[Value]], left: int, top: int, wide: int, step: tuple[int, int]
) -> dict[int, tuple[int, int]]:
    """The corners of the values of one part, each layer in the middle of the width that it may take."""
    places: dict[int, tuple[int, int]] = {}
    for level, layer in enumerate(layers):
        start = left + (wide - len(layer) * step[0]) // 2
        for place, each in enumerate(sorted(layer, key=lambda each: _above(each, places))):
            places[each.id] = (start + place * step[0], top + level * step[1])
    return places


def _layers(values: Sequence[Value]) -> list[list[Value]]:
    """Values by their longest path from a leaf; a leaf in the layer above the first that reads it, ordered by that."""
    depth: dict[int, int] = {}
    reader: dict[int, tuple[int, int]] = {}
    for each in sorted(values):
        depth[each.id] = 1 + max((depth[parent] for parent in each.parents), default=-1)
        for parent in each.parents:
            reader[parent] = min(reader.get(parent, (depth[each.id], each.id)), (depth[each.id], each.id))
    layers: dict[int, list[Value]] = defaultdict(list)
    for each in sorted(values, key=lambda each: (reader.get(each.id, (0, each.id)), each.id)):
        layers[depth[each.id] if each.parents else max(reader.get(each.id, (1, 0))[0] - 1, 0)].append(each)
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
