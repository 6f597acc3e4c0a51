"""Faulty tapes, each the shipped one with one mistake: what the theorem's check must be able to refute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...runtime.primitive import Array, Primitive
from ...runtime.tape import RecordedNode, Tape


class Overwriting(Tape):
    """Stores a contribution where it should be added."""

    def accumulate(self, parent: int, contribution: Array, accumulated: list[Any]) -> None:
        if self.nodes[parent].requires_grad:
            accumulated[parent] = contribution


class Forward(Tape):
    """Visits from the first value to the last."""

    def backward_dense_from(self, cotangents: Sequence[Array]) -> list[Array]:
        accumulated = list(cotangents)
        for place in range(len(self.nodes)):
            self.propagate(place, accumulated)
        return accumulated


class DroppingAnEdge(Tape):
    """Loses what is meant for the first value."""

    def accumulate(self, parent: int, contribution: Array, accumulated: list[Any]) -> None:
        if parent != 0:
            super().accumulate(parent, contribution, accumulated)


class AddingTwice(Tape):
    """Adds each contribution twice."""

    def accumulate(self, parent: int, contribution: Array, accumulated: list[Any]) -> None:
        super().accumulate(parent, contribution, accumulated)
        super().accumulate(parent, contribution, accumulated)


class VisitingOnce(Tape):
    """Lets a shared value take only the first contribution of a sweep."""

    def backward_dense_from(self, cotangents: Sequence[Array]) -> list[Array]:
        self.visited: set[int] = set()
        return super().backward_dense_from(cotangents)

    def accumulate(self, parent: int, contribution: Array, accumulated: list[Any]) -> None:
        if parent not in self.visited:
            super().accumulate(parent, contribution, accumulated)
        self.visited.add(parent)


class DroppingTheThird(Tape):
    """Loses the third contribution to a value."""

    def backward_dense_from(self, cotangents: Sequence[Array]) -> list[Array]:
        self.taken = [0] * len(cotangents)
        return super().backward_dense_from(cotangents)

    def accumulate(self, parent: int, contribution: Array, accumulated: list[Any]) -> None:
        self.taken[parent] += 1
        if self.taken[parent] != 3:
            super().accumulate(parent, contribution, accumulated)


class SkippingTheLast(Tape):
    """Starts one place too early, so that the last value's seed goes nowhere."""

    def backward_dense_from(self, cotangents: Sequence[Array]) -> list[Array]:
        accumulated = list(cotangents)
        for place in range(len(self.nodes) - 2, -1, -1):
            self.propagate(place, accumulated)
        return accumulated


class HandingOnTheLast(Tape):
    """Pulls back the last value's cotangent in place of the visited one's."""

    def propagate(self, place: int, accumulated: list[Any]) -> None:
        for parent, contribution in self.nodes[place].backward(accumulated[len(self.nodes) - 1]):
            self.accumulate(parent, contribution, accumulated)


class FeedingTheFrozen(Tape):
    """Lets frozen values take contributions."""

    def accumulate(self, parent: int, contribution: Array, accumulated: list[Any]) -> None:
        existing = accumulated[parent]
        accumulated[parent] = contribution if existing is None else existing + contribution


class KeepingTheFirstRun(Tape):
    """Pulls back through the values of the first run after a refresh."""

    def refresh(self, leaves: Sequence[Array]) -> None:
        inputs = [node.inputs if isinstance(node, RecordedNode) else () for node in self.nodes]
        super().refresh(leaves)
        for node, first in zip(self.nodes, inputs, strict=True):
            if isinstance(node, RecordedNode):
                node.inputs = first


class SwappingParents(Tape):
    """Turns the parents of a node around once its value was computed."""

    def record(self, primitive: Primitive, parents: tuple[int, ...], attributes: Mapping[str, Any]) -> int:
        place = super().record(primitive, parents, attributes)
        self.nodes[place].parents = parents[::-1]
        return place


BROKEN: Mapping[str, type[Tape]] = {
    "overwrite instead of add": Overwriting,
    "forward order": Forward,
    "an edge dropped": DroppingAnEdge,
    "a contribution added twice": AddingTwice,
    "a shared node visited once": VisitingOnce,
    "a third contribution dropped": DroppingTheThird,
    "the last value not visited": SkippingTheLast,
    "another value's cotangent handed on": HandingOnTheLast,
    "a frozen value fed": FeedingTheFrozen,
    "the first run's values kept": KeepingTheFirstRun,
    "parents swapped": SwappingParents,
}
"""Every faulty tape by what is wrong with it."""
