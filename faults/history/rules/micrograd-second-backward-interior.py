"""micrograd: only parameters were cleared before a second backward, so that what interior nodes still held
was sent on once more.

https://github.com/karpathy/micrograd/pull/102
"""

from backproof import Tape, checked_tape


class Wrong(Tape):
    """Interior values start a sweep with what the last one left them."""

    def backward_dense_from(self, cotangents):
        left = getattr(self, "left", None)
        if left is not None:
            pairs = zip(self.nodes, cotangents, left, strict=True)
            cotangents = [seed + held if node.parents else seed for node, seed, held in pairs]
        self.left = super().backward_dense_from(cotangents)
        return self.left


class Right(Tape):
    """Every value starts a sweep with its seed alone."""


planted = Wrong

checked_tape(planted)
