"""Mutants of the session that no test can catch, each with the reason: a person's word and no proof, so they count as undecided.

Each is told by its function and by the line before and after the change. A line that is written anew takes its argument with it:
that mutant survives until somebody has looked again.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ..fault import Fault

Change = tuple[str, str, str]
"""A function, a line of it as it ships, and as the mutant has it; both normalised."""

_ONLY_COMPARED = "generations are compared and nothing else, and no two are the same"

_FIRST = ("session.Session.__init__", "self._recording = Recording(Owner(), 0, dtype)")
_NEXT = (
    "session.Session.reset_tape",
    "self._recording = Recording(self._recording.owner, self._recording.generation + 1, self._dtype)",
)

ARGUED: Mapping[Change, str] = MappingProxyType(
    {
        (*_FIRST, "self._recording = Recording(Owner(), 1, dtype)"): _ONLY_COMPARED,
        (*_FIRST, "self._recording = Recording(Owner(), -1, dtype)"): _ONLY_COMPARED,
        (*_NEXT, _NEXT[1].replace("+ 1", "+ 2")): _ONLY_COMPARED,
        (*_NEXT, _NEXT[1].replace("+ 1", "- 1")): _ONLY_COMPARED,
        (*_NEXT, _NEXT[1].replace("+ 1", "+ -1")): _ONLY_COMPARED,
        (
            "session.Session.__init__",
            "if dtype not in (np.float32, np.float64):",
            "if dtype not in (np.float64, np.float32):",
        ): "what is one of two things does not depend on their order",
        (
            "session.Session.get_nat",
            "return self._recording.environment.naturals[self._recording.span_of(reference)][0]",
            "return self._recording.environment.naturals[self._recording.span_of(reference)][-1]",
        ): "the first of one is the last of one",
        (
            "session.Session.jvp_scalar_leaf",
            "if out.shape != ():",
            "if out.shape > ():",
        ): "every shape but () is greater than ()",
        (
            "recording.Recording.compile",
            "return compile_graph(self.graph(), self.leaf_values, self.environment, partial(Tape, self.dtype))",
            "return compile_graph(self, self.leaf_values, self.environment, partial(Tape, self.dtype))",
        ): "a recording has the leaves and nodes that are read of its graph",
        (
            "recording.Recording.add_leaf",
            "return Value(self.owner, self.generation, len(self.leaves) - 1, leaf.shape)",
            "return Value(self.owner, self.generation, len(self.leaves) - 1, value.shape)",
        ): "who adds a leaf makes its shape that of its value",
        (
            "recording.Recording.add_node",
            "place = tape.record(primitive_of(op), tuple(parents), resolve(attributes, self.environment))",
            "place = tape.record(primitive_of(op), parents, resolve(attributes, self.environment))",
        ): "the tape only reads the parents of a node, a list as a tuple",
        (
            "descent.sgd_step",
            "for parameter, value in updated.items():",
            "for parameter, value in reversed(list(updated.items())):",
        ): "parameters are assigned to one by one, and no assignment reads another",
    }
)
"""Why a mutant is the session that ships."""


def change_of(fault: Fault) -> Change | None:
    """What a mutant changes, if that is one line."""
    before, after = ([line[1:].strip() for line in fault.shown.splitlines()[2:] if line.startswith(sign)] for sign in "-+")
    return (fault.id.split("/")[1], before[0], after[0]) if len(before) == len(after) == 1 else None


def why_none_can(fault: Fault) -> str:
    """Why no test can catch a mutant; "" if nobody has said."""
    change = change_of(fault)
    return "" if change is None else ARGUED.get(change, "")
