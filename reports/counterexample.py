"""A counterexample as text: its graph, and both sides value by value."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .report import CounterexampleRecord, Shape, Sides, ValueSides

SHOWN_ENTRIES = 6


def draw(found: CounterexampleRecord) -> list[str]:
    """The lines that show a counterexample; `>` marks where the two sides differ."""
    return [*graph_lines(found), "", *sides_table([*found.leaves, *found.nodes])]


def sides_table(values: Sequence[ValueSides]) -> list[str]:
    """One line per quantity and value: what the tape holds, what the spec says."""
    cells = [("value", "quantity", "tape", "spec")]
    marks = [" "]
    for value in values:
        for sides in value.sides:
            cells.append((f"%{value.id} {value.op}", sides.quantity, *pair(sides)))
            marks.append(">" if sides.differs else " ")
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        f"{mark} " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for mark, row in zip(marks, cells, strict=True)
    ]


def size(shape: Shape) -> str:
    """A shape as people write it: 2x3, or () for a number."""
    return "x".join(map(str, shape)) if shape else "()"


def graph_lines(found: CounterexampleRecord) -> list[str]:
    """The graph, one line for each leaf and node."""
    leaves = [
        f"%{leaf.id} = leaf {size(leaf.shape)} [{', '.join(_shortened([repr(v) for v in leaf.entries]))}]"
        for leaf in found.values
    ]
    nodes = [
        f"%{node['id']} = {node['op']}({', '.join(f'%{parent}' for parent in node['parents'])}) {size(node['shape'])}"
        + "".join(f" {key}={value}" for key, value in node.get("attributes", {}).items())
        for node in found.graph["nodes"]
    ]
    return [*leaves, *nodes]


def pair(sides: Sides) -> tuple[str, str]:
    """Both sides, from before the first entry that differs: a difference is never cut off."""
    apart = [place for place, (tape, spec) in enumerate(zip(sides.tape, sides.spec, strict=False)) if tape != spec]
    start = apart[0] if apart and apart[0] >= SHOWN_ENTRIES else 0
    tape, spec = _entries(sides.tape, start), _entries(sides.spec, start)
    return (tape, spec) if tape != spec or not apart else (_exact(sides.tape, apart[0]), _exact(sides.spec, apart[0]))


def _entries(side: Sequence[str], start: int) -> str:
    lead = f"[{start}] " if start else ""
    return lead + " ".join(_shortened([_number(entry) for entry in side[start:]]))


def _exact(side: Sequence[str], place: int) -> str:
    """One entry in full, for sides that 17 digits do not tell apart."""
    return f"[{place}] {side[place]}"


def _shortened(entries: Sequence[str]) -> list[str]:
    more = len(entries) - SHOWN_ENTRIES
    return list(entries) if more <= 0 else [*entries[:SHOWN_ENTRIES], f"… {more} more"]


def _number(exact: str) -> str:
    """A long fraction as the binary64 number it is, or with the 17 digits that tell two of those apart."""
    if len(exact) <= 12:
        return exact
    try:
        fraction = Fraction(exact)
        near = float(fraction)
        return repr(near) if near == fraction else f"{near:.17g}"
    except (ValueError, OverflowError):
        return exact if len(exact) <= 40 else f"{exact[:40]}…"
