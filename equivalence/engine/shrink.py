"""Smaller graphs on which a tape still fails."""

from __future__ import annotations

from collections.abc import Callable

from ...ir.graph import Graph

Parents = tuple[tuple[int, ...], ...]
"""How values are wired: the parents of each, one or two; no parents is a leaf, and leaves come first."""

MOST_TRIALS = 400
"""Smaller graphs that are tried before the smallest found so far is taken."""

MOST_SWEPT = 200_000
"""Values of all those graphs together: fewer of a long graph's are tried."""


def shrink(graph: Graph, fails: Callable[[Parents], bool]) -> Parents:
    """The wiring of the graph with runs of values left out, long ones first, as long as it still fails."""
    values = _binary(graph)
    run, start, swept = len(values) // 2, 0, 0
    for _ in range(MOST_TRIALS):
        if run == 0 or swept > MOST_SWEPT:
            break
        smaller = _without(values, start, start + run)
        swept += len(smaller)
        if fails(smaller):
            values = smaller
        else:
            start += run
        if start >= len(values):
            run, start = run // 2, 0
    return values


def _binary(graph: Graph) -> Parents:
    """The graph's wiring: longer lists of parents become chains, a node without parents hangs on the first leaf."""
    values: list[tuple[int, ...]] = [()] * max(1, len(graph.leaves))
    place = list(range(len(graph.leaves)))
    for node in graph.nodes:
        first, *rest = [place[parent] for parent in node.parents] or [0]
        values.append((first, *rest[:1]))
        for parent in rest[1:]:
            values.append((len(values) - 1, parent))
        place.append(len(values) - 1)
    return tuple(values)


def _without(values: Parents, start: int, stop: int) -> Parents:
    """Values `start` to `stop` left out, each replaced by its first parent, a leaf by the first leaf."""
    kept: list[tuple[int, ...]] = []
    place: list[int] = []
    for value, parents in enumerate(values):
        moved = tuple(place[parent] for parent in parents)
        if start <= value < stop and value > 0:
            place.append(moved[0] if moved else 0)
        else:
            place.append(len(kept))
            kept.append(moved)
    return tuple(kept)
