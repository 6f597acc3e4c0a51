"""OneFlow: grad() used a tensor's own gradient slot for scratch without clearing it, so that what an earlier
backward had left was added.

https://github.com/Oneflow-Inc/oneflow/issues/9390
"""

from backproof import Tape, checked_tape


class Wrong(Tape):
    """The second of two sweeps finds the slots of leaves filled by the first."""

    def backward_dense_from(self, cotangents):
        slots = getattr(self, "slots", None)
        if slots is None:
            self.slots = super().backward_dense_from(cotangents)
            return self.slots
        pairs = zip(self.nodes, cotangents, slots, strict=True)
        seeds = [seed if node.parents else seed + held for node, seed, held in pairs]
        return super().backward_dense_from(seeds)


class Right(Tape):
    """A sweep has slots of its own."""


planted = Wrong

checked_tape(planted)
