"""The rule of an op as an engine runs it, proved: the engine's own code on symbolic numbers, in a graph of one node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np

from ...ir.exchange import Case
from ...ir.graph import Graph, Leaf, Node
from ...runtime.primitive import Primitive
from ...spec.convention import Convention
from ...spec.derive import Instance
from ..containment import contained
from ..graphs.replay import exact_semantics
from ..kernel import KERNEL
from ..kernel.algebra.equalities import Equalities
from ..kernel.decision import Fails, UnknownReason
from ..kernel.scalars.mask import Unsupported
from ..kernel.sealed import Proof
from ..kernel.verdict import Proved, Refuted, Tested, Unknown, Verdict
from ..rules.claims import ShapeDiffers, claim, values_at
from ..rules.confirmation import disagreement, point_of
from ..rules.instances import RuleInstance
from ..rules.parts import CLAIMS, Part
from ..rules.points import case_at, rule_cases
from .engine import Engine
from .judging import Judging

PARTS = (Part.FORWARD, Part.VJP)
"""What an engine is asked for: it has no forward mode here."""


@dataclass(frozen=True)
class EngineRule:
    """An op at some shapes, as an engine runs it forward and backward."""

    rule: RuleInstance
    make: type[Engine]
    convention: Convention

    def proved(self, part: Part) -> Verdict:
        """Whether a part is the definition's for all inputs of the instance. For an engine that is exact."""
        judging = Judging(self.make, self.convention)
        found = self._refuted(part, (judging.exactly(case) for case in self._cases()))
        if found is not None:
            return found
        answer = contained(lambda: self._decided(part))
        if isinstance(answer, Proof):
            return Proved(answer)
        if isinstance(answer, Fails):
            replayed = self._refuted(part, [judging.exactly(_of_the_result(case_at(self.rule, self._instance, answer.candidate)))])
            return Unknown(UnknownReason.GAVE_UP, f"{answer.detail}, which did not replay") if replayed is None else replayed
        return Unknown(answer.reason, answer.detail)

    def in_floats(self) -> Verdict:
        """Whether its floats are within the bounds of the definition, at points in every branch, at kinks and ties.

        A point outside the domain says nothing; there must be one that is inside.
        """
        judging = Judging(self.make, self.convention)
        found = [judging.in_floats(case) for case in self._cases()]
        worst = next((each for each in found if isinstance(each, Refuted)), None)
        undecided = next((each for each in found if isinstance(each, Unknown) and each.reason is not UnknownReason.NOT_RUN), None)
        entries = sum(each.points for each in found if isinstance(each, Tested))
        if worst is not None:
            return worst
        if undecided is not None:
            return undecided
        if entries == 0:
            return Unknown(UnknownReason.NOT_RUN, "no point in the domain was found")
        return Tested(entries, f"every float64 entry at {len(found)} points is within its computed bound")

    def _cases(self) -> Iterator[Case]:
        return map(_of_the_result, rule_cases(self.rule, self._instance))

    def _refuted(self, part: Part, found: Any) -> Verdict | None:
        """The first refutation that counts against a part: a forward one by a primal, a backward one by a cotangent."""
        quantity = "primal" if part is Part.FORWARD else "cotangent"
        for each in found:
            if isinstance(each, Refuted) and any(side.differs and side.quantity.startswith(quantity) for side in each.counterexample.nodes):
                return each
        return None

    def _decided(self, part: Part) -> Any:
        try:
            found = claim(part, f"{self.rule.key}: the engine, {CLAIMS[part]}", self._instance, self._primitive, ())
            answer = KERNEL.decide(found)
            return self._confirmed(answer, found, part) if isinstance(answer, Proof) and isinstance(found, Equalities) else answer
        except Unsupported as unsupported:
            return Unknown(UnknownReason.UNSUPPORTED, str(unsupported))
        except ShapeDiffers as differs:
            return Unknown(UnknownReason.CRASHED, str(differs))

    def _confirmed(self, proof: Proof, found: Equalities, part: Part) -> Proof | Unknown:
        """The proof, if the terms that it is about have the values that the engine and the definition have without them."""
        for case in rule_cases(self.rule, self._instance):
            point = point_of(case, self._instance)
            values = contained(partial(values_at, part, self._instance, self._primitive, point))
            wrong = "" if isinstance(values, Unknown) else disagreement(found, values, point)
            if wrong:
                return Unknown(UnknownReason.CRASHED, f"terms and numbers disagree: {wrong}")
        return proof

    @cached_property
    def _instance(self) -> Instance:
        return exact_semantics(self.convention).instance(self.rule.op, self.rule.shapes, self.rule.attributes)

    @cached_property
    def _primitive(self) -> Primitive:
        """The engine on a graph of one node, as forward and VJP of a primitive."""
        shape = self._instance.shape
        node = Node(self.rule.op, tuple(range(len(self.rule.shapes))), shape, self.rule.attributes)
        graph = Graph(tuple(map(Leaf, self.rule.shapes)), (node,))

        def vjp(y_bar: Any, _y: Any, *inputs: Any, **_attributes: Any) -> tuple[Any, ...]:
            engine = self.make()
            engine.forward(graph, inputs)
            came = engine.backward([*map(np.zeros_like, inputs), y_bar])
            return tuple(np.zeros_like(x) if each is None else each for each, x in zip(came, inputs, strict=True))

        own = Primitive(self.rule.op, lambda *_shapes, **_attributes: shape)
        own.forward(lambda *inputs, **_attributes: self.make().forward(graph, inputs)[-1])
        own.vjp(vjp)
        return own


def _of_the_result(case: Case) -> Case:
    """The case with no seed but the result's: what is asked is a rule, and no sum of gradients."""
    return replace(case, seeds=(*map(np.zeros_like, case.seeds[:-1]), case.seeds[-1]))
