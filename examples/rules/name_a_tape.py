"""Another tape, whose reverse loop is checked in place of the one that ships.

    backproof check --rules examples/rules/name_a_tape.py

This one is right: it stops early where nothing is left to pull back. Return before the parents are added, or walk the
values forward, and run it again.
"""

from typing import Any

from backproof import Tape, checked_tape


@checked_tape
class LeavesLastTape(Tape):
    """Leaves emit nothing, so this loop does not visit them."""

    def backward_dense_from(self, cotangents: Any) -> list[Any]:
        accumulated = list(cotangents)
        for place in reversed(range(len(self.nodes))):
            if self.nodes[place].parents:
                self.propagate(place, accumulated)
        return accumulated
