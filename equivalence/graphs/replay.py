"""A case run on both sides in exact arithmetic: the tape with the shipped kernels, the spec with its derived rules.

Primal, cotangent and tangent of every value are compared. The seeds of the leaves serve as their tangents too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import flint

from ...ir.exchange import Case, case_document
from ...runtime.compile import compile_graph
from ...runtime.forward_mode import jvp_dense
from ...runtime.tape import Tape
from ...spec.backprop import Context, Semantics, Tensor, backprop_all_ctx, eval_ctx, jvp_ctx
from ...spec.convention import TORCHLEAN, Convention
from ..caught import Caught, caught
from ..kernel.numbers.exact import PRECISION, Exact, Undecidable
from ..kernel.scalars.array import ScalarArray, array_of, entries_of
from ..kernel.verdict import Counterexample, Side
from .lifting import lifted_primitives
from .refusal import FAULTS, float_refusal, no_number_sides, refused_sides


class ExactAlgebra:
    """The spec's algebra of exact numbers."""

    def number(self, value: Fraction) -> Exact:
        """The rational."""
        return Exact.of(value)

    def apply(self, function: str, x: Exact) -> Exact:
        """The function's value, as a ball."""
        return x.apply(function)

    def sign(self, x: Exact) -> int:
        """−1, 0 or 1. Raises: Undecidable."""
        return x.sign()


def exact_semantics(convention: Convention = TORCHLEAN) -> Semantics:
    """What graphs mean, in exact numbers and by a convention; the contract's own unless another is named."""
    return Semantics(convention, ExactAlgebra())


def replay(case: Case, make_tape: type[Tape], semantics: Semantics) -> tuple[Side, ...]:
    """Both sides of every value, in order: primal, cotangent, tangent; one of them alone if the tape raises over it.
    In float64 where the tape raises over exact numbers alone, and floats come to no number.

    Raises: Undecidable if the arithmetic cannot tell a branch at this point; DomainError outside a domain.
    """
    with flint.ctx.workprec(PRECISION):
        spec_side = spec_values(case, semantics)
        came = caught(lambda: tape_values(case, make_tape))
        if isinstance(came, Caught):
            return _without_values(case, make_tape, came.error, spec_side)
        tape_side = came
        return tuple(
            side_of(case, value, quantity, tape_side[quantity][value], spec_side[quantity][value])
            for value in range(len(case.graph))
            for quantity in spec_side
        )


def _without_values(
    case: Case, make_tape: type[Tape], error: Exception, spec_side: Mapping[str, Context]
) -> tuple[Side, ...]:
    """The sides of a case whose exact numbers the tape raises over.

    They may be refused where floats are not: only what floats meet too counts against the tape.
    """
    if isinstance(error, FAULTS):
        refusal = float_refusal(case, make_tape)
        if refusal is not None:
            return refused_sides(case, refusal, spec_side)
    sides = () if isinstance(error, Undecidable) else caught(lambda: no_number_sides(case, make_tape, spec_side))
    if isinstance(sides, Caught) or not sides:
        raise error
    return sides


def counterexample(case: Case, sides: Sequence[Side]) -> Counterexample:
    """The case with both its sides."""
    return Counterexample(case_document(case), tuple(sides))


def tape_values(case: Case, make_tape: type[Tape]) -> Mapping[str, Sequence[Any]]:
    """What the shipped code computes on exact numbers, by quantity and value."""
    leaves = [exact_array(leaf) for leaf in case.leaves]
    seeds = [exact_array(seed) for seed in case.seeds]
    tape = compile_graph(case.graph, leaves, case.environment, make_tape, lifted_primitives(Exact.of))
    return {
        "primal": [node.value for node in tape.nodes],
        "cotangent": tape.backward_dense_from(seeds),
        # As a tuple: what is given is not the function's own to work on.
        "tangent": jvp_dense(tape, tuple(seeds[: len(leaves)])),
    }


def breaks_adjointness(case: Case, make_tape: type[Tape]) -> bool:
    """Whether ⟨ẏ, ȳ⟩ and ⟨ẋ, x̄⟩ differ for the rule of a graph of one node on distinct leaves.

    Raises: Undecidable, and whatever the kernels raise.
    """
    with flint.ctx.workprec(PRECISION):
        values = tape_values(case, make_tape)
        seeds = [exact_array(seed) for seed in case.seeds]
        # What a leaf ends with is its seed and what the rule gave it.
        given = [end - seed for end, seed in zip(values["cotangent"][:-1], seeds, strict=False)]
        inputs = (_dot(x_dot, x_bar) for x_dot, x_bar in zip(seeds, given, strict=False))
        return _dot(values["tangent"][-1], seeds[-1]).differs(sum(inputs, Exact.of(0)))


def _dot(a: ScalarArray, b: ScalarArray) -> Exact:
    return sum((p * q for p, q in zip(entries_of(a), entries_of(b), strict=True)), Exact.of(0))


def spec_values(case: Case, semantics: Semantics) -> Mapping[str, Context]:
    """What the definitions mean, by quantity and value."""
    leaves = tuple(exact_tensor(leaf) for leaf in case.leaves)
    seeds = tuple(exact_tensor(seed) for seed in case.seeds)
    graph, environment = case.graph, case.environment
    return {
        "primal": eval_ctx(graph, leaves, environment, semantics),
        "cotangent": backprop_all_ctx(graph, leaves, environment, seeds, semantics),
        "tangent": jvp_ctx(graph, leaves, seeds[: len(leaves)], environment, semantics),
    }


def exact_array(values: Any) -> ScalarArray:
    """A float array read exactly, as the runtime takes it."""
    return array_of(values.shape, (Exact.of(entry) for entry in values.ravel()))


def exact_tensor(values: Any) -> Tensor:
    """A float array read exactly, as the spec takes it."""
    return Tensor(values.shape, tuple(Exact.of(entry) for entry in values.ravel()))


def side_of(case: Case, value: int, quantity: str, tape: Any, spec: Tensor) -> Side:
    """What the two sides hold for one value."""
    entry = case.graph.entry(value)
    came = [Exact.of(number) for number in entries_of(tape)]
    shape_differs = tuple(tape.shape) != spec.shape
    differs = shape_differs or any(a.differs(b) for a, b in zip(came, spec.entries, strict=True))
    return Side(
        value=value,
        op=getattr(entry, "op", "leaf"),
        quantity=f"{quantity}, shape {tuple(tape.shape)} for {spec.shape}" if shape_differs else quantity,
        tape=tuple(map(repr, came)),
        spec=tuple(map(repr, spec.entries)),
        differs=differs,
    )
