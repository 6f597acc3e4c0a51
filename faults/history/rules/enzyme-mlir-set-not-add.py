"""Enzyme-MLIR-Reverse: a gradient for a destination that the caller gave was stored, so that the second use
overwrote the first.

https://github.com/EnzymeAD/Enzyme-MLIR-Reverse/pull/12
"""

from backproof import Tape, checked_tape


class Wrong(Tape):
    """A contribution takes the place of those before it."""

    def accumulate(self, parent, contribution, accumulated):
        if self.nodes[parent].requires_grad:
            accumulated[parent] = contribution


class Right(Tape):
    """A contribution is added to those before it."""

    def accumulate(self, parent, contribution, accumulated):
        if self.nodes[parent].requires_grad:
            before = accumulated[parent]
            accumulated[parent] = contribution if before is None else before + contribution


planted = Wrong

checked_tape(planted)
