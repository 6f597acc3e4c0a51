"""Torch7 (cunn): the gradients of replicas were summed into the main copy and never cleared, so that a second
backward added the first's again.

The first and the second sweep of one tape are the two steps; a leaf's gradient is what its replica kept and
what came.

https://github.com/torch/cunn/pull/212
"""

from backproof import Tape, checked_tape


class Wrong(Tape):
    """What a leaf received in a sweep stays in its replica's buffer for the next one."""

    def backward_dense_from(self, cotangents):
        reduced = super().backward_dense_from(cotangents)
        replicas = getattr(self, "replicas", None)
        self.replicas = reduced
        if replicas is None:
            return reduced
        triples = zip(self.nodes, replicas, reduced, strict=True)
        return [new if node.parents else old + new for node, old, new in triples]


class Right(Tape):
    """A sweep starts with empty buffers."""


planted = Wrong

checked_tape(planted)
