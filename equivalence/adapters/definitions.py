"""What the definitions say of a case: exactly, and with a bound on what evaluating them in floating point can lose.

An engine computes with operations of its own, so that no bound on its roundings can be known. What is known is how much an evaluation
of the formulas and of the derivatives derived from them can lose in a format, and how much our kernels can: an engine is held to the
larger of the two.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from ...ir.exchange import Case
from ...runtime.tape import Tape
from ...spec.backprop import Context, Semantics, Tensor, backprop_all_ctx, eval_ctx
from ...spec.convention import Convention
from ..containment import contained
from ..graphs.floats import lifted_sweep
from ..graphs.replay import exact_semantics, exact_tensor
from ..kernel.numbers.exact import Exact
from ..kernel.numbers.formats import Format
from ..kernel.numbers.tracked import Tracked
from ..kernel.scalars.array import entries_of
from ..kernel.verdict import Unknown
from .bounded import Bounded, BoundedAlgebra


class WatchedAlgebra:
    """Exact numbers, and whether a sign that was asked for was 0: the point is then on a kink or at a tie."""

    def __init__(self) -> None:
        self._exact = exact_semantics().algebra
        self.met_zero = False

    def number(self, value: Fraction) -> Exact:
        """The rational."""
        number: Exact = self._exact.number(value)
        return number

    def apply(self, function: str, x: Exact) -> Exact:
        """The function's value, as a ball."""
        return x.apply(function)

    def sign(self, x: Exact) -> int:
        """−1, 0 or 1. Raises: Undecidable."""
        sign = x.sign()
        self.met_zero = self.met_zero or sign == 0
        return sign


Meaning = Mapping[str, Context]
"""Primals of all values and cotangents of the leaves."""


def exact_meaning(case: Case, convention: Convention) -> Meaning:
    """In exact numbers. Raises: Undecidable; DomainError; SpecError."""
    return _meaning(case, exact_semantics(convention), list(map(exact_tensor, case.leaves)), list(map(exact_tensor, case.seeds)))


def tracked_meaning(case: Case, convention: Convention, format_: Format) -> Meaning:
    """With bounds: the larger of what the formulas and what the shipped kernels can lose.

    Raises: Undecidable; Unsupported; DomainError; SpecError.
    """
    algebra = BoundedAlgebra(format_)

    def tensor(values: Any) -> Tensor:
        return Tensor(values.shape, tuple(algebra.number(Fraction(entry)) for entry in values.ravel()))

    formulas = _meaning(case, Semantics(convention, algebra), list(map(tensor, case.leaves)), list(map(tensor, case.seeds)))
    lost = _lost_by_kernels(case, format_)
    return {
        quantity: tuple(
            Tensor(each.shape, tuple(map(_with_error, each.entries, lost[quantity, value]))) for value, each in enumerate(context)
        )
        for quantity, context in formulas.items()
    }


def _with_error(entry: Bounded, other: float) -> Tracked:
    real = entry.tracked
    return Tracked(real.ball, max(real.error(), other), float(real.ball.abs_upper()), 0, real.format)


def _lost_by_kernels(case: Case, format_: Format) -> Mapping[tuple[str, int], Sequence[float]]:
    """What the shipped kernels can lose in each entry; 0 where there is no bound."""
    swept = contained(lambda: lifted_sweep(case, Tape, lambda value: Tracked.of(value, format_)))
    nothing = [np.zeros(case.graph.shape(value)) for value in range(len(case.graph))] * 2
    arrays = nothing if isinstance(swept, Unknown) else swept[: len(nothing)]
    keys = [(quantity, value) for quantity in ("primal", "cotangent") for value in range(len(case.graph))]
    return {key: [_finite(Tracked.of(entry, format_).error()) for entry in entries_of(array)] for key, array in zip(keys, arrays, strict=True)}


def _finite(error: float) -> float:
    return error if math.isfinite(error) else 0.0


def is_on_a_kink(case: Case, convention: Convention) -> bool:
    """Whether evaluating the case or its derivative asks for a sign that is 0."""
    watched = WatchedAlgebra()
    semantics = Semantics(convention, watched)
    _meaning(case, semantics, list(map(exact_tensor, case.leaves)), list(map(exact_tensor, case.seeds)))
    return watched.met_zero


def _meaning(case: Case, semantics: Semantics, leaves: Sequence[Tensor], seeds: Sequence[Tensor]) -> Meaning:
    graph, environment = case.graph, case.environment
    return {
        "primal": eval_ctx(graph, tuple(leaves), environment, semantics),
        "cotangent": backprop_all_ctx(graph, tuple(leaves), environment, tuple(seeds), semantics)[: len(graph.leaves)],
    }
