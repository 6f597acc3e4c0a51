"""Forward mode: the tangents of every value on a tape, from the first to the last."""

from __future__ import annotations

from collections.abc import Sequence

from .primitive import Array
from .tape import RecordedNode, Tape, TapeError


def jvp_dense(tape: Tape, leaf_tangents: Sequence[Array]) -> list[Array]:
    """The tangent of every value, given those of the leaves.

    Shapes: one tangent per leaf, of its value's shape; the caller has checked them.
    Raises: TapeError E-jvp-eager at a node with a backward function of its own, which says nothing of tangents.
    """
    tangents = list(leaf_tangents)
    for place in range(len(tangents), len(tape.nodes)):
        node = tape.nodes[place]
        if not isinstance(node, RecordedNode):
            raise TapeError("E-jvp-eager", f"value {place} has its own backward function and no forward one")
        operands = [tangents[parent] for parent in node.parents]
        tangents.append(node.primitive.jvp_kernel(*operands, node.value, *node.inputs, **node.attributes))
    return tangents
