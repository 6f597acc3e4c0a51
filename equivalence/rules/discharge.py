"""From a rule's claim to its verdict: tried at points first, then decided, every candidate replayed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ...ir.exchange import Case
from ...runtime.primitive import Primitive, primitive_of
from ...runtime.tape import Tape
from ...spec.backprop import Semantics
from ...spec.derive import Instance
from ..containment import contained
from ..graphs.findings import Finding, Known, findings, noted
from ..graphs.floats import FORMATS, float_verdict, verdict_in
from ..graphs.notes import Notes, over_exponents, together
from ..graphs.overwriting import overwritten
from ..graphs.replay import breaks_adjointness, counterexample, replay
from ..kernel import KERNEL
from ..kernel.algebra.equalities import Equalities
from ..kernel.decision import Fails, UnknownReason
from ..kernel.scalars.mask import Unsupported
from ..kernel.sealed import Proof
from ..kernel.verdict import Proved, Refuted, RefutedReason, Side, Tested, Unknown, Verdict
from .claims import ShapeDiffers, claim, values_at
from .confirmation import disagreement, point_of
from .instances import RuleInstance
from .parts import CLAIMS, Part
from .points import case_at, rule_cases, side_by_side, wide_cases

_QUANTITIES = {Part.FORWARD: "primal", Part.VJP: "cotangent", Part.JVP: "tangent"}
"""What a case must show for it to count against a part."""


@dataclass(frozen=True)
class RuleCheck:
    """The rule of one op instance: its kernels against its definition."""

    rule: RuleInstance
    semantics: Semantics

    def verdict(self, part: Part) -> Verdict:
        """What is decided of one part."""
        refuted = self.refuted_at_points(part)
        if refuted is not None:
            return refuted
        answer = self._decided(part, off_kinks=())
        match answer:
            case Proof():
                return Proved(answer)
            case Fails(candidate=candidate, detail=detail):
                case = case_at(self.rule, self._instance, candidate)
                # Of a decider that found the part false there; replayed, any difference is that one's cause.
                sides = self._sides(case)
                if any(side.differs for side in sides):
                    return self._refuted(part, case, sides)
                return Unknown(UnknownReason.GAVE_UP, f"{detail}, but the candidate {_shown(case)} did not replay")
            case Unknown():
                return answer
        return Unknown(answer.reason, answer.detail)

    def refuted_at_points(self, part: Part) -> Verdict | None:
        """What `verdict` says if a point that is tried shows the part to be false; None if nothing is decided so cheaply."""
        found = self._tried(part)
        return None if found is None else self._refuted(part, *found)

    def float_verdict(self) -> tuple[Verdict, Notes]:
        """Whether the compiled float kernels keep to their bounds, at the points where the rule is defined.

        This is what a proof over the reals does not see: a kernel that branches on types, a wrong constant, or an array
        that is kept and written to at the next call. Points
        of small and large magnitude are looked at too; those where no bound is finite, as of exact results beyond the
        format's range, say nothing and are not counted. What kernels lose inside them is noted, and no refutation.
        """
        answers = [float_verdict(case, Tape) for case, _sides in self._points]
        if not answers:
            return Unknown(UnknownReason.NOT_RUN, "no point in the domain was found"), ()
        kept = overwritten(side_by_side(self._points[0][0], self._points[-1][0]))
        if kept is not None:
            return kept, ()
        wide = [(verdict, over_exponents(notes)) for verdict, notes in self._wide() if isinstance(verdict, Tested | Refuted)]
        detail = f"every float entry at {len(answers)} points and {len(wide)} wide ones is within its computed bound"
        verdict, notes = together([*answers, *wide], detail)
        return verdict, (*notes, *noted([*self._findings()]))

    def _wide(self) -> Iterator[tuple[Verdict, Notes]]:
        """At the first point in the domain, scaled."""
        for format_ in FORMATS:
            for case in wide_cases(self._points[0][0], format_.reach):
                yield verdict_in(format_, case, Tape)

    def _findings(self) -> Iterator[Finding]:
        """In every format at the points, and the first of them scaled."""
        points = [case for case, _sides in self._points]
        known: Known = {}
        for format_ in FORMATS:
            for case in (*points, *wide_cases(points[0], format_.reach)):
                yield from findings(case, format_, known)

    def _decided(self, part: Part, off_kinks: tuple[Any, ...]) -> Any:
        return contained(lambda: self._claimed(part, off_kinks))

    def _claimed(self, part: Part, off_kinks: tuple[Any, ...]) -> Any:
        statement = f"{self.rule.key}: {CLAIMS[part]}"
        try:
            found = claim(part, statement, self._instance, self._primitive, off_kinks)
            answer = KERNEL.decide(found)
            if isinstance(answer, Proof) and isinstance(found, Equalities) and not off_kinks:
                return self._confirmed(answer, found, part)
            return answer
        except Unsupported as unsupported:
            return Unknown(UnknownReason.UNSUPPORTED, str(unsupported))
        except ShapeDiffers as differs:
            return Unknown(UnknownReason.CRASHED, str(differs))

    def _confirmed(self, proof: Proof, found: Equalities, part: Part) -> Proof | Unknown:
        """The proof, if the terms that it is about have the values that are computed without them."""
        for case, _sides in self._points:
            point = point_of(case, self._instance)
            values = contained(lambda: values_at(part, self._instance, self._primitive, point))  # noqa: B023 - asked at once
            wrong = "" if isinstance(values, Unknown) else disagreement(found, values, point)
            if wrong:
                return Unknown(UnknownReason.CRASHED, f"terms and numbers disagree: {wrong}")
        return proof

    def _tried(self, part: Part) -> tuple[Case, tuple[Side, ...]] | None:
        for case, sides in self._points:
            if any(side.differs for side in sides if _counts(part, side)):
                return case, sides
            # Two wrong rules may be adjoint still; right ones are.
            rules_differ = part is Part.ADJOINT and any(side.differs and side.quantity != "primal" for side in sides)
            if rules_differ and breaks_adjointness(case, Tape):
                return case, sides
        return None

    def _refuted(self, part: Part, case: Case, sides: tuple[Side, ...]) -> Verdict:
        """KINK if the rule is right wherever no discriminant of the definition is 0, else wrong.

        A kernel that answers otherwise when it is asked again is wrong, whatever is proved of its next answer.
        """
        found, kinks = counterexample(case, sides), self._instance.kinks
        only_at_kinks = bool(kinks) and isinstance(self._decided(part, off_kinks=kinks), Proof)
        if only_at_kinks and self._sides(case) == sides:
            detail = f"right off the kinks; at {self._instance.definition.kinks} against the declared convention"
            return Refuted(found, RefutedReason.KINK, detail)
        return Refuted(found, RefutedReason.WRONG, f"{CLAIMS[part]}: false at the case shown")

    def _sides(self, case: Case) -> tuple[Side, ...]:
        # Outside the domain, undecidable, or a crash on exact numbers: it says nothing here, the claim will report it.
        sides = contained(lambda: replay(case, Tape, self.semantics))
        return () if isinstance(sides, Unknown) else sides

    @cached_property
    def _points(self) -> tuple[tuple[Case, tuple[Side, ...]], ...]:
        return tuple(self._replayed())

    def _replayed(self) -> Iterator[tuple[Case, tuple[Side, ...]]]:
        if self.rule.is_large:
            return
        for case in rule_cases(self.rule, self._instance):
            sides = self._sides(case)
            if sides:
                yield case, sides

    @cached_property
    def _instance(self) -> Instance:
        return self.semantics.instance(self.rule.op, self.rule.shapes, self.rule.attributes)

    @cached_property
    def _primitive(self) -> Primitive:
        return primitive_of(self.rule.op)


def _counts(part: Part, side: Side) -> bool:
    """Whether a difference in this side alone shows the part to be false."""
    quantity, _comma, fault = side.quantity.partition(", ")
    match part:
        case Part.ADJOINT:
            return fault != "" and quantity != "primal"
        case Part.SHAPES:
            # What nothing writes to: an input's primal, and the cotangent of the op's own value.
            return fault != "" or (quantity, side.op == "leaf") in (("primal", True), ("cotangent", False))
        case _:
            return quantity == _QUANTITIES[part]


def _shown(case: Case) -> str:
    return "; ".join(str(leaf.tolist()) for leaf in case.leaves)
