"""PyTorch (AOTAutograd): a value that is changed in place while a detached alias of it lives was recorded as
if nothing were to be differentiated.

The tape takes every op on a value that has been detached for such a change.

https://github.com/pytorch/pytorch/issues/128035
"""

from backproof import Tape, checked_tape, primitive_of

detach = primitive_of("detach")


@detach.forward
def alias(x):
    return x.copy()  # as it ships: touched, so that the graphs that are drawn use it


class Wrong(Tape):
    """Ops on a value that was detached before hand no cotangent on."""

    def propagate(self, place, accumulated):
        if not self.changes_an_alias(place):
            super().propagate(place, accumulated)

    def changes_an_alias(self, place):
        node = self.nodes[place]
        if getattr(node, "primitive", detach) is detach:
            return False
        before = [self.nodes[k] for k in range(place)]
        aliases = [each for each in before if getattr(each, "primitive", None) is detach]
        detached = {parent for each in aliases for parent in each.parents}
        return not detached.isdisjoint(node.parents)


class Right(Tape):
    """A detached alias changes nothing for the value itself."""


planted = Wrong

checked_tape(planted)
