"""Mutants of the session that no test can catch, each with the reason: a person's word and no proof, so they count as undecided."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_ONLY_COMPARED = "generations are compared and nothing else, and no two are the same"

ARGUED: Mapping[str, str] = MappingProxyType(
    {
        "session/descent.sgd_step/loop-bound/50": "parameters are assigned to one by one, and no assignment reads another",
        "session/recording.Recording.add_leaf/saved-value-replaced/22": "who adds a leaf makes its shape that of its value",
        "session/recording.Recording.add_node/call-removed/50": "the tape only reads the parents of a node, a list as a tuple",
        "session/recording.Recording.compile/call-removed/5": "a recording has the leaves and nodes that are read of its graph",
        "session/session.Session.__init__/argument-swapped/4": "what is one of two things does not depend on their order",
        "session/session.Session.__init__/constant/9": _ONLY_COMPARED,
        "session/session.Session.__init__/constant/10": _ONLY_COMPARED,
        "session/session.Session.get_nat/index/3": "the first of one is the last of one",
        "session/session.Session.jvp_scalar_leaf/comparison/4": "every shape but () is greater than ()",
        "session/session.Session.reset_tape/constant/8": _ONLY_COMPARED,
        "session/session.Session.reset_tape/constant/10": _ONLY_COMPARED,
        "session/session.Session.reset_tape/operator/3": _ONLY_COMPARED,
    }
)
"""Why a mutant is the session that ships, by its id."""
