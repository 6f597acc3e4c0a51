"""Tapes that go wrong where a value is used three times."""

from __future__ import annotations

from typing import Any

from ...runtime.tape import Tape


class Counting(Tape):
    """A tape that knows, of each contribution, how many come before it to the same value."""

    def propagate(self, place: int, accumulated: Any) -> None:
        """As of Tape, with the third contribution to a value as `third` has it."""
        node = self.nodes[place]
        if not node.requires_grad:
            return
        for position, (parent, contribution) in enumerate(node.backward(accumulated[place])):
            later = sum(each.parents.count(parent) for each in self.nodes[place + 1 :])
            before = later + node.parents[:position].count(parent)
            if before == 2 and self.nodes[parent].requires_grad and accumulated[parent] is not None:
                self.third(parent, contribution, accumulated)
            else:
                self.accumulate(parent, contribution, accumulated)

    def third(self, parent: int, contribution: Any, accumulated: Any) -> None:
        """The third contribution to a value."""
        self.accumulate(parent, contribution, accumulated)


class ThirdLost(Counting):
    """The third contribution is lost."""

    def third(self, parent: int, contribution: Any, accumulated: Any) -> None:
        return None


class ThirdAddedTwice(Counting):
    """The third contribution is added twice."""

    def third(self, parent: int, contribution: Any, accumulated: Any) -> None:
        self.accumulate(parent, contribution + contribution, accumulated)


class ThirdNegated(Counting):
    """The third contribution is subtracted."""

    def third(self, parent: int, contribution: Any, accumulated: Any) -> None:
        self.accumulate(parent, -contribution, accumulated)


class ThirdStored(Counting):
    """The third contribution takes the place of what came before."""

    def third(self, parent: int, contribution: Any, accumulated: Any) -> None:
        accumulated[parent] = contribution


class ThirdToTheFirstValue(Counting):
    """The third contribution is added to the tape's first value."""

    def third(self, parent: int, contribution: Any, accumulated: Any) -> None:
        first = contribution if self.nodes[0].shape == contribution.shape else accumulated[0]
        accumulated[0] = accumulated[0] + first


class NothingAtThree(Counting):
    """A value that is used three times gets nothing."""

    def third(self, parent: int, contribution: Any, accumulated: Any) -> None:
        accumulated[parent] = accumulated[parent] - accumulated[parent]


class AveragedAtThree(Counting):
    """What came to a value is divided by three at the third contribution."""

    def third(self, parent: int, contribution: Any, accumulated: Any) -> None:
        accumulated[parent] = (accumulated[parent] + contribution) / 3


class ThirdDoublesTheSum(Counting):
    """At the third contribution the sum so far is added in its place."""

    def third(self, parent: int, contribution: Any, accumulated: Any) -> None:
        accumulated[parent] = accumulated[parent] + accumulated[parent]


class ThirdOffByALittle(Counting):
    """The third contribution is too large by a relative 1e-12."""

    def third(self, parent: int, contribution: Any, accumulated: Any) -> None:
        self.accumulate(parent, contribution * (1 + 1e-12), accumulated)
