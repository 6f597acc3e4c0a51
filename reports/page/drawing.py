"""Where the boxes and lines of a counterexample's graph go: leaves on top, each node below what it reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from ..counterexample import size
from ..escaping import one_line

MOST_VALUES = 60
"""A graph of more is told in lines and not drawn."""

WIDTH, HEIGHT = 132, 46
ACROSS, DOWN = 24, 42
MARGIN = 12
"""Units: the drawing's own, which are pixels where there is room."""

LONGEST_LABEL = 16
LONGEST_TITLE = 200
"""Units: characters."""


class Box(NamedTuple):
    """One value: where it is, what is written in it, and whether its two sides differ, and differ first."""

    x: int
    y: int
    label: str
    under: str
    title: str
    differs: bool
    first: bool


class Line(NamedTuple):
    """From a parent to the node that reads it."""

    x1: int
    y1: int
    x2: int
    y2: int


class Drawing(NamedTuple):
    """A graph as boxes and lines."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def drawing(graph: Mapping[str, Any], differing: Collection[int], first: int | None) -> Drawing | None:
    """The drawing of a graph document, or None if it is too large for one."""
    leaves: Sequence[Mapping[str, Any]] = graph["leaves"]
    nodes: Sequence[Mapping[str, Any]] = graph["nodes"]
    if not leaves or len(leaves) + len(nodes) > MOST_VALUES:
        return None
    depth = {leaf["id"]: 0 for leaf in leaves}
    for node in nodes:
        depth[node["id"]] = 1 + max((depth[parent] for parent in node["parents"]), default=0)
    layers: dict[int, list[int]] = defaultdict(list)
    for value, level in depth.items():
        layers[level].append(value)
    widest = max(map(len, layers.values()))
    width = widest * (WIDTH + ACROSS) - ACROSS + 2 * MARGIN
    places = {value: _place(layers[level], value, level, width) for value, level in depth.items()}
    boxes = tuple(_box(each, places[each["id"]], differing, first) for each in (*leaves, *nodes))
    lines = tuple(line for node in nodes for line in _lines(node, places))
    return Drawing(width, len(layers) * (HEIGHT + DOWN) - DOWN + 2 * MARGIN, boxes, lines)


def _place(layer: Sequence[int], value: int, level: int, width: int) -> tuple[int, int]:
    """The upper left corner of a value in its layer, which is centred."""
    taken = len(layer) * (WIDTH + ACROSS) - ACROSS
    return (width - taken) // 2 + layer.index(value) * (WIDTH + ACROSS), MARGIN + level * (HEIGHT + DOWN)


def _box(value: Mapping[str, Any], place: tuple[int, int], differing: Collection[int], first: int | None) -> Box:
    name = f"%{value['id']} {value.get('op', 'leaf')}"
    shape = size(tuple(value["shape"]))
    differs = value["id"] in differing
    return Box(
        *place,
        label=one_line(name, LONGEST_LABEL),
        under=one_line(f"{shape}{' ≠' if differs else ''}{' first' if value['id'] == first else ''}", LONGEST_LABEL + 6),
        title=one_line(f"{name} {shape}{', the two sides differ' if differs else ''}", LONGEST_TITLE),
        differs=differs,
        first=value["id"] == first,
    )


def _lines(node: Mapping[str, Any], places: Mapping[int, tuple[int, int]]) -> list[Line]:
    """One line for each time that a node reads a parent."""
    x, y = places[node["id"]]
    parents = node["parents"]
    return [
        Line(places[parent][0] + WIDTH // 2, places[parent][1] + HEIGHT, x + WIDTH * (place + 1) // (len(parents) + 1), y)
        for place, parent in enumerate(parents)
    ]
