"""What somebody else computed, against what the formulas mean: every entry within the bound that our own run computes.

The real values are the spec's formulas in exact numbers, with no kernel of ours in between; the bound is that of the
kernels' tracked run, a bound for every order of summation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import flint
import numpy as np
from backproof.equivalence.graphs.dual import dual_context
from backproof.equivalence.graphs.lifting import lifted, lifted_primitives
from backproof.equivalence.kernel.numbers.exact import PRECISION, Exact
from backproof.equivalence.kernel.numbers.formats import FLOAT64, Format
from backproof.equivalence.kernel.numbers.tracked import Tracked
from backproof.equivalence.kernel.scalars.array import entries_of
from backproof.ir.exchange import Case
from backproof.ir.graph import Shape
from backproof.runtime.compile import compile_graph
from backproof.runtime.forward_mode import jvp_dense
from backproof.runtime.tape import Tape
from backproof.spec import definitions as _registered  # noqa: F401 - importing them fills the registry
from backproof.spec.convention import TORCHLEAN, Convention
from flint import arb

QUANTITIES = ("primal", "tangent")

DIRECTIONS = 500
"""Directions that are pushed forward for a VJP, times entries of the output."""


@dataclass(frozen=True)
class Meant:
    """One array: its real entries, and how far from each a float run may end."""

    shape: Shape
    real: tuple[arb, ...]
    bounds: tuple[float, ...]

    def objections(self, came: Any) -> tuple[str, ...]:
        """What is wrong with an array that came: its shape, or entries outside their bounds."""
        if came.shape != self.shape:
            return (f"shape {came.shape} came, {self.shape} is meant",)
        with flint.ctx.workprec(PRECISION):
            return tuple(self._outside(came))

    def _outside(self, came: Any) -> Iterator[str]:
        for place, (entry, real, bound) in enumerate(zip(came.ravel().tolist(), self.real, self.bounds, strict=True)):
            # Written so that what is no number, and a bound that is infinite, are objected to.
            if not (bound < float("inf") and bool(abs(arb(entry) - real) <= arb(bound))):
                yield f"entry {place} is {entry!r}, {real.str(20, radius=False)} is meant, give or take {bound:.3g}"

    def widened(self, bounds: Sequence[float]) -> Meant:
        """The same entries, each with the larger of two bounds."""
        return replace(self, bounds=tuple(map(max, self.bounds, bounds)))

    def is_sharp(self) -> bool:
        """Whether the largest entry's bound is less than half of it; a bound that anything meets says nothing."""
        sizes = [float(abs(real).abs_lower()) for real in self.real]
        largest = max(range(len(sizes)), key=sizes.__getitem__, default=None)
        return largest is None or sizes[largest] == 0 or self.bounds[largest] < sizes[largest] / 2


def forward(case: Case, values: Sequence[int], format_: Format) -> list[Meant]:
    """What values are meant to be, in a format that holds the leaves."""
    still = [np.zeros(leaf.shape) for leaf in case.leaves]
    found = meanings(case, values, still, format_, TORCHLEAN)
    return [found[value, "primal"] for value in values]


def meanings(
    case: Case, values: Sequence[int], tangents: Sequence[Any], format_: Format, convention: Convention
) -> dict[tuple[int, str], Meant]:
    """What values and their tangents are meant to be, given tangents of the leaves."""
    with flint.ctx.workprec(PRECISION), np.errstate(all="ignore"):
        context = dual_context(case, [[Exact.of(entry) for entry in x_dot.ravel()] for x_dot in tangents], convention)
        primals, tangents = tracked(case, tangents, format_)
        found = {}
        for value in values:
            shape = case.graph.shape(value)
            real = {quantity: tuple(arb(getattr(dual, quantity).value) for dual in context[value]) for quantity in QUANTITIES}
            for quantity, arrays in zip(QUANTITIES, (primals, tangents), strict=True):
                found[value, quantity] = Meant(shape, real[quantity], bounds_of(arrays[value], format_))
        return found


def cotangents(case: Case, convention: Convention) -> dict[int, tuple[tuple[int, ...], Meant]]:
    """What entries of the leaves' cotangents are meant to be: each is that of pushing its own direction forward.

    Of each leaf as many entries, evenly spaced, as DIRECTIONS allows; with their places in row-major order.
    Source: derivation: ⟨ȳ, J e⟩ = ⟨Jᵀ ȳ, e⟩, with one direction e for each entry of each leaf.
    """
    (out,) = [place for place, seed in enumerate(case.seeds) if np.any(seed)]
    directions = [np.zeros(leaf.shape) for leaf in case.leaves]
    allowed = max(1, DIRECTIONS // max(1, len(case.leaves) * case.seeds[out].size))

    def lift(entry: Any) -> Tracked:
        return Tracked.of(entry, FLOAT64)

    def pushed(seed: Sequence[Exact]) -> Exact:
        moved = dual_context(case, [list(map(Exact.of, x_dot.ravel())) for x_dot in directions], convention)[out]
        return sum((y_bar * y.tangent for y_bar, y in zip(seed, moved, strict=True)), Exact.of(0))

    with flint.ctx.workprec(PRECISION), np.errstate(all="ignore"):
        seed = [Exact.of(entry) for entry in case.seeds[out].ravel()]
        leaves = [lifted(leaf, lift) for leaf in case.leaves]
        tape = compile_graph(case.graph, leaves, case.environment, Tape, lifted_primitives(lift))
        pulled = tape.backward_dense_from([lifted(each, lift) for each in case.seeds])
        found = {}
        for leaf, direction in enumerate(directions):
            places = tuple(range(0, direction.size, max(1, -(-direction.size // allowed))))
            bounds, real = bounds_of(pulled[leaf], FLOAT64), []
            for place in places:
                direction.flat[place] = 1
                real.append(arb(pushed(seed).value))
                direction.flat[place] = 0
            found[leaf] = places, Meant((len(places),), tuple(real), tuple(bounds[place] for place in places))
        return found


def tracked(case: Case, tangents: Sequence[Any], format_: Format) -> tuple[list[Any], list[Any]]:
    """The shipped kernels' run on numbers that carry the bounds of this format: every value and every tangent."""

    def lift(entry: Any) -> Tracked:
        return Tracked.of(entry, format_)

    leaves = [lifted(leaf, lift) for leaf in case.leaves]
    tape = compile_graph(case.graph, leaves, case.environment, Tape, lifted_primitives(lift))
    moving = any(np.any(x_dot) for x_dot in tangents)
    primals = [node.value for node in tape.nodes]
    return primals, jvp_dense(tape, [lifted(x_dot, lift) for x_dot in tangents]) if moving else primals


def bounds_of(array: Any, format_: Format) -> tuple[float, ...]:
    """How far from each real entry a float run may end."""
    return tuple(Tracked.of(entry, format_).error() for entry in entries_of(array))
