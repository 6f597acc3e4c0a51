"""OneFlow: the backward of add handed one buffer to both operands, and what one leaf received later was added
into that buffer in place.

https://github.com/Oneflow-Inc/oneflow/pull/9497
"""

from backproof import Tape, checked_tape, primitive_of


@primitive_of("add").vjp
def add_vjp(y_bar, y, a, b):
    return y_bar, y_bar  # as it ships: one buffer for both


class Wrong(Tape):
    """A contribution is added in place, into an array that others may hold."""

    def accumulate(self, parent, contribution, accumulated):
        if not self.nodes[parent].requires_grad:
            return
        if accumulated[parent] is None:
            accumulated[parent] = contribution
            return
        before = accumulated[parent]
        before += contribution
        accumulated[parent] = before


class Right(Tape):
    """A sum is a new array."""


planted = Wrong

checked_tape(planted)
