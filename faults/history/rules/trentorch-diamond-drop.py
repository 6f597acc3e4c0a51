"""TrenTorch: the driver dropped a value's history after the first visit, so that only its first consumer's
contribution went on from it.

The driver goes depth first from the last value, and hands a contribution on as soon as it has come.

https://github.com/TrenTorch/TrenTorch/pull/182
"""

from backproof import Tape, checked_tape


class Wrong(Tape):
    """A value's cotangent goes on when its first contribution has come; its history is then forgotten."""

    def backward_dense_from(self, cotangents):
        accumulated = list(cotangents)
        forgotten = set()
        for start in range(len(self.nodes) - 1, -1, -1):
            self.visit(start, accumulated[start], accumulated, forgotten)
        return accumulated

    def visit(self, place, cotangent, accumulated, forgotten):
        waiting = [(place, cotangent)]
        while waiting:
            at, came = waiting.pop()
            if at in forgotten or not self.nodes[at].requires_grad:
                continue
            forgotten.add(at)
            for parent, contribution in self.nodes[at].backward(came):
                self.accumulate(parent, contribution, accumulated)
                waiting.append((parent, accumulated[parent]))


class Right(Tape):
    """A value's cotangent goes on when every contribution has come."""


planted = Wrong

checked_tape(planted)
