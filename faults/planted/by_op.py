"""Tapes wrong at nodes of one op, OP: at the third that takes a value, or where one takes it twice."""

from __future__ import annotations

from typing import Any

from ...runtime.tape import Tape

OP = ""
"""In the file that is planted the name of an op stands here."""


class ThirdOfAnOpLost(Tape):
    """Of what nodes of the op give to one value, the third contribution is lost."""

    def propagate(self, place: int, accumulated: Any) -> None:
        node: Any = self.nodes[place]
        if not node.parents or node.primitive.op != OP:
            super().propagate(place, accumulated)
            return
        others: Any = [each for each in self.nodes[place + 1 :] if each.parents]
        later = [parent for each in others if each.primitive.op == OP for parent in each.parents]
        for position, (parent, contribution) in enumerate(node.backward(accumulated[place])):
            if later.count(parent) + node.parents[:position].count(parent) != 2:
                self.accumulate(parent, contribution, accumulated)


class SecondOfAnOpLost(Tape):
    """If a node of the op takes one value twice, the second contribution is lost."""

    def propagate(self, place: int, accumulated: Any) -> None:
        node: Any = self.nodes[place]
        if not node.parents or node.primitive.op != OP:
            super().propagate(place, accumulated)
            return
        seen: list[int] = []
        for parent, contribution in node.backward(accumulated[place]):
            if parent not in seen:
                self.accumulate(parent, contribution, accumulated)
            seen.append(parent)
