"""Another tape, whose reverse loop is checked in place of the one that ships.

    backproof check --rules examples/rules/name_a_tape.py

This loop is written out in one piece and is right. Drop the `accumulated[parent] +`, or walk the values forward, and
run it again: the theorem is refuted, with a graph on which the loop goes wrong.
"""

from typing import Any

from backproof import Tape, checked_tape


@checked_tape
class OneLoopTape(Tape):
    """The dense sweep without a call per contribution."""

    def backward_dense_from(self, cotangents: Any) -> list[Any]:
        accumulated = list(cotangents)
        nodes = self.nodes
        for place in range(len(nodes) - 1, -1, -1):
            if nodes[place].requires_grad:
                for parent, contribution in nodes[place].backward(accumulated[place]):
                    if nodes[parent].requires_grad:
                        accumulated[parent] = accumulated[parent] + contribution
        return accumulated
