"""One graph drawn node by node, with the values it has at its leaves, so that every op stays inside its domain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from hypothesis import strategies as st

from ...ir.exchange import Case, Values, last_value_seeds
from ...ir.graph import Environment, Graph, Leaf, Node, Shape, element_count
from ...spec.definition import Definition
from ..references import referring
from ..rules.instances import instances
from .shapes import Options, Sides, fit, follows, is_small, next_shapes, pool_options, small_options
from .values import Drawn, evaluate

Draw = Callable[[st.SearchStrategy[Any]], Any]

# Small dyadics, on which exact arithmetic stays cheap. 0, ±1 and 0.5 lie on kinks, and there are few enough for ties.
ENTRIES = (0.0, 1.0, -1.0, 0.5, -0.5, 0.0, 1.0, 2.0, -2.0, 0.125, -0.25, 0.375, -0.625, 1.5, -1.75, 2.5, -3.0, 4.0)
TAME = (1.0, 0.5, 0.75, 0.25, 0.875, 0.625)
SEEDS = (1.0, 0.0, -1.0, 0.5, 2.0, -0.25, 0.125, -1.5, 3.0)

_ONE_IN_THREE = st.integers(0, 2).map(lambda number: number == 2)
_ONE_IN_EIGHT = st.integers(0, 7).map(lambda number: number == 7)


@dataclass(frozen=True, slots=True)
class Operands:
    """The inputs proposed for a node: places among the values so far, then among the new leaves it would need."""

    places: tuple[int, ...]
    leaves: tuple[Drawn, ...]


class Sketch:
    """A graph that grows: values in the order they were drawn, leaves among the nodes that first needed them."""

    def __init__(self, draw: Draw, definitions: Sequence[Definition]) -> None:
        self._draw = draw
        self._definitions = tuple(definitions)
        self._values: tuple[Drawn, ...] = ()
        self._entries: tuple[Leaf | Node, ...] = ()
        self._naturals: tuple[int, ...] = ()

    def grow(self) -> None:
        """Add one node: of the drawn op, or of the next one that can be added here."""
        joins = [place for place, definition in enumerate(self._definitions) if definition.arity > 1]
        # Most ops take one input: left to chance, few values that were made apart would meet again.
        places = joins if joins and self._draw(_ONE_IN_THREE) else range(len(self._definitions))
        first = places[self._place(len(places))]
        for definition in self._definitions[first:] + self._definitions[:first]:
            if (
                self._add(definition, self._operands(definition), pool_options)
                or self._add(definition, self._tame(definition), pool_options)
                or self._add(definition, self._tame(definition), small_options)
                or self._add_instance(definition)
            ):
                return

    def _place(self, count: int) -> int:
        """A number below a count, by its remainder first if the count is beyond 100: see `_example` in strategies."""
        step = -(-count // 100)
        rest = int(self._draw(st.integers(0, step - 1))) if step > 1 else 0
        return rest + step * int(self._draw(st.integers(0, (count - 1 - rest) // step)))

    def case(self) -> Case:
        """The graph with its leaves before its nodes, and the seeds."""
        order = sorted(range(len(self._entries)), key=lambda place: isinstance(self._entries[place], Node))
        ids = {place: value_id for value_id, place in enumerate(order)}
        leaves = tuple(entry for entry in self._entries if isinstance(entry, Leaf))
        nodes = tuple(
            Node(entry.op, tuple(ids[parent] for parent in entry.parents), entry.shape, entry.attributes)
            for entry in self._entries
            if isinstance(entry, Node)
        )
        graph = Graph(leaves, nodes)
        values = tuple(_array(self._values[place].shape, self._values[place].entries) for place in order[: len(leaves)])
        return Case(graph, values, Environment(self._naturals), self._seeds(graph))

    def _operands(self, definition: Definition) -> Operands:
        sides: Sides = {}
        operands = Operands((), ())
        patterns = self._patterns(definition)
        for pattern in patterns:
            values = self._values + operands.leaves
            earlier = [values[place].shape for place in operands.places]
            fitting = [
                place
                for place, value in enumerate(values)
                if fit(pattern, value.shape, sides) is not None and follows(definition, earlier, value.shape, len(patterns))
            ]
            leaves = operands.leaves
            if not fitting or self._draw(_ONE_IN_EIGHT):
                place = len(values)
                leaves = (*leaves, self._leaf(next_shapes(definition, earlier, sides, len(patterns)), ENTRIES))
            else:
                # Of two draws the larger, so that graphs become deep; 0 is the oldest value, so that they shrink flat.
                place = fitting[max(self._draw(st.integers(0, len(fitting) - 1)) for _ in range(2))]
            operands = Operands((*operands.places, place), leaves)
            sides = fit(pattern, (self._values + leaves)[place].shape, sides) or sides
        return operands

    def _patterns(self, definition: Definition) -> tuple[tuple[str, ...], ...]:
        """The names of the inputs' sides; an op that takes any number is given up to three now and then."""
        more = int(self._draw(st.integers(0, 3 - definition.arity))) if definition.repeats else 0
        return definition.inputs(definition.arity + more)

    def _tame(self, definition: Definition) -> Operands:
        """Operands that are all new and all positive and small, where most ops are defined and none is large."""
        sides: Sides = {}
        leaves: tuple[Drawn, ...] = ()
        patterns = self._patterns(definition)
        for pattern in patterns:
            earlier = [leaf.shape for leaf in leaves]
            leaves = (*leaves, self._leaf(next_shapes(definition, earlier, sides, len(patterns)), TAME))
            sides = fit(pattern, leaves[-1].shape, sides) or sides
        return Operands(tuple(len(self._values) + place for place in range(len(leaves))), leaves)

    def _add_instance(self, definition: Definition) -> bool:
        """The op at one of the instances at which its rule is checked: its inputs may fit together in few ways only."""
        offered = [each for each in instances(definition.op) if is_small((*each.shapes, each.shape))]
        if not offered:
            return False
        # One that has entries, if there is any: the others are decided as instances.
        chosen = self._draw(st.sampled_from([each for each in offered if 0 not in chain(*each.shapes)] or offered))
        leaves = tuple(self._leaf([shape], TAME) for shape in chosen.shapes)
        operands = Operands(tuple(len(self._values) + place for place in range(len(leaves))), leaves)
        return self._add(definition, operands, lambda *_: [chosen.attributes])

    def _leaf(self, shapes: Sequence[Shape], entries: Sequence[float]) -> Drawn:
        shape = self._draw(st.sampled_from(shapes))
        return Drawn(shape, self._numbers(shape, entries), exact=True)

    def _add(self, definition: Definition, operands: Operands, options: Options) -> bool:
        values = self._values + operands.leaves
        inputs = [values[place] for place in operands.places]
        offered = options(definition, [value.shape for value in inputs])
        if not offered:
            return False
        attributes = self._draw(st.sampled_from(offered))
        value = evaluate(definition, inputs, attributes)
        if value is None:
            return False
        kept, self._naturals = referring(definition.op, attributes, self._naturals)
        node = Node(definition.op, operands.places, value.shape, kept)
        leaves = [Leaf(leaf.shape, requires_grad=not self._draw(_ONE_IN_EIGHT)) for leaf in operands.leaves]
        self._values = (*values, value)
        self._entries = (*self._entries, *leaves, node)
        return True

    def _seeds(self, graph: Graph) -> tuple[Values, ...]:
        """The last value alone, several values, or every value, leaves too."""
        spread = self._draw(st.integers(0, 2))
        if spread == 0:
            return last_value_seeds(graph)
        seeds = []
        for value_id in range(len(graph)):
            shape = graph.shape(value_id)
            seeded = spread == 2 or self._draw(st.booleans())
            seeds.append(_array(shape, self._numbers(shape, SEEDS)) if seeded else np.zeros(shape))
        return tuple(seeds)

    def _numbers(self, shape: Shape, choices: Sequence[float]) -> tuple[float, ...]:
        return tuple(self._draw(st.sampled_from(choices)) for _ in range(element_count(shape)))


def _array(shape: Shape, entries: Sequence[float]) -> Values:
    return np.array(entries, dtype=np.float64).reshape(shape)
