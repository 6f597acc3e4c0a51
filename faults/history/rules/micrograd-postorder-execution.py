"""micrograd: the driver ran each node's backward when it had visited the node's inputs, so that it ran while
its own gradient was still 0.

https://github.com/karpathy/micrograd/issues/96
"""

from backproof import Tape, checked_tape


class Wrong(Tape):
    """The sweep goes from the first value to the last."""

    def backward_dense_from(self, cotangents):
        accumulated = list(cotangents)
        for place in range(len(self.nodes)):
            self.propagate(place, accumulated)
        return accumulated


class Right(Tape):
    """The sweep goes from the last value to the first."""

    def backward_dense_from(self, cotangents):
        accumulated = list(cotangents)
        for place in range(len(self.nodes) - 1, -1, -1):
            self.propagate(place, accumulated)
        return accumulated


planted = Wrong

checked_tape(planted)
