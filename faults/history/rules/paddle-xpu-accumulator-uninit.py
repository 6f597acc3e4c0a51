"""PaddlePaddle: on another device the place to accumulate in was allocated and not copied, so that gradients
were added to what lay there.

What lies there is, each time, the gradient that is being added: memory that was just freed.

https://github.com/PaddlePaddle/Paddle/pull/39127
"""

from backproof import Tape, checked_tape


class Wrong(Tape):
    """A second contribution is added to a new place, not to the first."""

    def accumulate(self, parent, contribution, accumulated):
        if not self.nodes[parent].requires_grad:
            return
        before = accumulated[parent]
        destination = contribution  # allocated, and not a copy of what was there before
        accumulated[parent] = contribution if before is None else destination + contribution


class Right(Tape):
    """A second contribution is added to a copy of the first."""

    def accumulate(self, parent, contribution, accumulated):
        if not self.nodes[parent].requires_grad:
            return
        destination = accumulated[parent]
        accumulated[parent] = contribution if destination is None else destination + contribution


planted = Wrong

checked_tape(planted)
