"""Tapes that go wrong at a node both of whose parents are one value, as x in x·x."""

from __future__ import annotations

from typing import Any

from ...runtime.tape import Tape


class Squared(Tape):
    """A tape that knows which nodes take one value twice."""

    def propagate(self, place: int, accumulated: Any) -> None:
        """As of Tape, with what a node gives to its only parent, twice, as `twice` has it."""
        node = self.nodes[place]
        parents = node.parents
        if node.requires_grad and len(parents) == 2 and parents[0] == parents[1]:
            first, second = (contribution for _parent, contribution in node.backward(accumulated[place]))
            self.twice(parents[0], first, second, accumulated)
        else:
            super().propagate(place, accumulated)

    def twice(self, parent: int, first: Any, second: Any, accumulated: Any) -> None:
        """Both contributions to one value."""
        self.accumulate(parent, first, accumulated)
        self.accumulate(parent, second, accumulated)


class SecondLost(Squared):
    """The second contribution is lost."""

    def twice(self, parent: int, first: Any, second: Any, accumulated: Any) -> None:
        self.accumulate(parent, first, accumulated)


class FirstLost(Squared):
    """The first contribution is lost."""

    def twice(self, parent: int, first: Any, second: Any, accumulated: Any) -> None:
        self.accumulate(parent, second, accumulated)


class FirstTakenTwice(Squared):
    """The first contribution is taken for the second."""

    def twice(self, parent: int, first: Any, second: Any, accumulated: Any) -> None:
        super().twice(parent, first, first, accumulated)


class SecondNegated(Squared):
    """The second contribution is subtracted."""

    def twice(self, parent: int, first: Any, second: Any, accumulated: Any) -> None:
        super().twice(parent, first, -second, accumulated)


class BothAveraged(Squared):
    """The mean of both contributions is added."""

    def twice(self, parent: int, first: Any, second: Any, accumulated: Any) -> None:
        self.accumulate(parent, (first + second) / 2, accumulated)


class BothLost(Squared):
    """Nothing is added."""

    def twice(self, parent: int, first: Any, second: Any, accumulated: Any) -> None:
        return None


class BothStored(Squared):
    """Their sum takes the place of what came before."""

    def twice(self, parent: int, first: Any, second: Any, accumulated: Any) -> None:
        accumulated[parent] = first + second


class BothAddedTwice(Squared):
    """Both contributions are added twice."""

    def twice(self, parent: int, first: Any, second: Any, accumulated: Any) -> None:
        super().twice(parent, first, second, accumulated)
        super().twice(parent, first, second, accumulated)


class LostAtANode(Squared):
    """The second contribution is lost if the value is no leaf."""

    def twice(self, parent: int, first: Any, second: Any, accumulated: Any) -> None:
        self.accumulate(parent, first, accumulated)
        if not self.nodes[parent].parents:
            self.accumulate(parent, second, accumulated)
