"""Graphs as they are drawn: where boxes stand, what is written in them, and where the two sides part first."""

from __future__ import annotations

import itertools

import pytest
from backproof.reports.page.drawing import MOST_VALUES, Value, drawing
from backproof.reports.page.refutation import first_difference
from backproof.reports.page.values import counterexample_values
from backproof.reports.report import CounterexampleRecord, Sides, ValueSides


def boxed(place: int, *parents: int) -> Value:
    return Value(place, parents, (f"%{place}",), f"%{place}", differs=False, first=False)


def test_a_graph_of_too_many_values_or_of_none_is_not_drawn() -> None:
    leaves = [boxed(place) for place in range(MOST_VALUES + 1)]
    assert drawing(leaves) is None
    assert drawing(leaves[:MOST_VALUES]) is not None
    assert drawing([]) is None


def test_a_graph_is_drawn_below_what_it_reads_and_twice_read_is_two_lines() -> None:
    drawn = drawing([boxed(0), boxed(1), boxed(2, 0, 0), boxed(3, 2, 1)])
    assert drawn is not None
    top, late, middle, last = drawn.boxes
    assert top.y < middle.y < last.y
    assert late.y == middle.y, "a leaf stands just above the first that reads it"
    assert 4 == len(set(drawn.lines))
    assert all(0 <= box.x <= drawn.width - drawn.box_width and 0 <= box.y <= drawn.height - drawn.box_height for box in drawn.boxes)
    corners = [(box.x, box.y) for box in drawn.boxes]
    assert all(abs(x - u) >= drawn.box_width or abs(y - v) >= drawn.box_height for (x, y), (u, v) in itertools.combinations(corners, 2))


def test_parts_of_a_graph_that_share_no_value_stand_side_by_side() -> None:
    drawn = drawing([boxed(0), boxed(1), boxed(2, 0), boxed(3, 1), boxed(4), boxed(5, 2, 4)])
    assert drawn is not None
    one, other = ([box.x for box in drawn.boxes if box.value.id in part] for part in ({0, 2, 4, 5}, {1, 3}))
    assert max(one) + drawn.box_width <= min(other)


@pytest.mark.parametrize(
    ("tape", "spec", "said"),
    [
        (("1", "2"), ("1", "2"), ["cotangent, tape 1 2", "cotangent, spec 1 2"]),
        (("1/3", "2"), ("1/3", "5"), ["cotangent, tape 1/3 2", "cotangent, spec 1/3 5 ≠ first"]),
        (("1.00000000001",), ("1.00000000002",), ["cotangent, tape 1.00000000001", "cotangent, spec 1.00000000002 ≠ first"]),
        (("0",) * 9, (*("0",) * 8, "1"), ["cotangent, tape [8] 0", "cotangent, spec [8] 1 ≠ first"]),
        ((), (), ["cotangent, tape (empty)", "cotangent, spec (empty)"]),
    ],
)
def test_a_box_tells_both_cotangents_apart(tape: tuple[str, ...], spec: tuple[str, ...], said: list[str]) -> None:
    sides = Sides("cotangent", tape, spec, differs=tape != spec)
    graph = {"leaves": [{"id": 0, "shape": [2]}], "nodes": []}
    found = CounterexampleRecord(graph, (), (ValueSides(0, "leaf", (sides,)),), ())
    (value,) = counterexample_values(found, first_difference(found.leaves))
    assert ("%0 leaf  2", *said) == value.lines
    assert value.differs == value.first == (tape != spec)


@pytest.mark.parametrize(
    ("differing", "first"),
    [
        ([(0, "cotangent"), (2, "cotangent"), (1, "tangent")], (2, "cotangent")),
        ([(2, "cotangent"), (3, "primal"), (2, "primal")], (2, "primal")),
        ([(3, "tangent"), (1, "tangent")], (1, "tangent")),
        ([(0, "float64 primal")], (0, "float64 primal")),
        ([], None),
    ],
)
def test_the_first_difference_is_the_first_that_is_computed(differing: list[tuple[int, str]], first: tuple[int, str] | None) -> None:
    values = [ValueSides(value, "add", (Sides(quantity, ("1",), ("2",), differs=True),)) for value, quantity in differing]
    assert first == first_difference([*values, ValueSides(9, "add", (Sides("primal", ("1",), ("1",), differs=False),))])
