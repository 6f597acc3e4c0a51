"""Tapes that go wrong where a value is used three times. A sweep counts what has come to each value."""

from __future__ import annotations

from typing import Any

from ...runtime.tape import Tape


class Counting(Tape):
    """A tape whose dense sweep knows how many contributions each value has taken."""

    def backward_dense_from(self, cotangents: Any) -> Any:
        """As of Tape."""
        self.taken = [0] * len(self.nodes)
        return super().backward_dense_from(cotangents)

    def accumulate(self, parent: int, contribution: Any, accumulated: Any) -> None:
        """As of Tape, with the third contribution to a value as `third` has it."""
        self.taken[parent] += 1
        if self.taken[parent] == 3:
            self.third(parent, contribution, accumulated)
        else:
            super().accumulate(parent, contribution, accumulated)

    def third(self, parent: int, contribution: Any, accumulated: Any) -> None:
        """The third contribution to a value."""
        super().accumulate(parent, contribution, accumulated)


class ThirdLost(Counting):
    """The third contribution is lost."""

    def third(self, parent: int, contribution: Any, accumulated: Any) -> None:
        return None


class ThirdAddedTwice(Counting):
    """The third contribution is added twice."""

    def third(self, parent: int, contribution: Any, accumulated: Any) -> None:
        super().third(parent, contribution + contribution, accumulated)


class ThirdNegated(Counting):
    """The third contribution is subtracted."""

    def third(self, parent: int, contribution: Any, accumulated: Any) -> None:
        super().third(parent, -contribution, accumulated)


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
        super().third(parent, contribution * (1 + 1e-12), accumulated)


class FourthLost(Counting):
    """Nothing comes to a value after its third contribution."""

    def accumulate(self, parent: int, contribution: Any, accumulated: Any) -> None:
        if self.taken[parent] < 3:
            super().accumulate(parent, contribution, accumulated)
