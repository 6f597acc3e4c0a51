"""A graph of any size end to end, modulo a prime: ⟨ȳ, J ẋ⟩ = ⟨Jᵀ ȳ, ẋ⟩ for the tape's forward and reverse sweeps.

The shipped kernels run on residues, at random leaves, directions and seeds on every value. Both sides are bilinear in
directions and seeds, so that a difference stays hidden with probability at most 2/p in a trial. Nothing is said of
the primals: they are what the rules and the engine prove, and so is that J is the derivative.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...ir.exchange import Case, last_value_seeds
from ...ir.graph import Graph, Leaf
from ...runtime.compile import compile_graph
from ...runtime.forward_mode import jvp_dense
from ...runtime.tape import Tape
from ..kernel.decision import UnknownReason
from ..kernel.scalars.mask import Unsupported
from ..kernel.verdict import Tested, Unknown, Verdict
from ..residues.array import ResidueArray, as_residues, residues
from ..residues.field import a_prime, error_bound, reduced, trials_for, uniform
from .lifting import primitives_giving

ERROR_BITS = 60
"""A difference stays hidden with probability at most 2^-60."""


def adjoint_check(case: Case, make_tape: type[Tape]) -> Verdict:
    """Whether the sweeps are each other's adjoints at random residues, often enough for the bound."""
    stream = random.Random(len(case.graph))
    trials = trials_for(ERROR_BITS)
    try:
        for _ in range(trials):
            p = a_prime(stream)
            numbers = np.random.default_rng(stream.randrange(2**32))
            if not _agree(case, make_tape, p, numbers):
                # 1/0 and an unknown function of a residue are no real numbers: what differs here is not replayed, so not refuted.
                return Unknown(UnknownReason.GAVE_UP, f"the sweeps differ modulo {p}{_where(case, make_tape, p, numbers)}")
    except Unsupported as unsupported:
        return Unknown(UnknownReason.UNSUPPORTED, str(unsupported))
    bound = error_bound(trials)
    bits = bound.denominator.bit_length() - bound.numerator.bit_length()
    return Tested(trials, f"the sweeps are adjoint modulo {trials} random primes; hidden with probability at most 2^-{bits}")


def _where(case: Case, make_tape: type[Tape], p: int, numbers: np.random.Generator) -> str:
    """The first node whose rule alone shows the difference."""
    graph = case.graph
    for node in graph.nodes:
        leaves = tuple(Leaf(graph.shape(parent)) for parent in node.parents)
        alone = Graph(leaves, (replace(node, parents=tuple(range(len(leaves)))),))
        values = tuple(np.zeros(leaf.shape) for leaf in leaves)
        if not _agree(Case(alone, values, case.environment, last_value_seeds(alone)), make_tape, p, numbers):
            return f", as do those of node {node.name or node.op!r} alone, of shape {node.shape}"
    return ", though those of no node alone do"


def _agree(case: Case, make_tape: type[Tape], p: int, numbers: np.random.Generator) -> bool:
    graph = case.graph

    def drawn(shape: tuple[int, ...]) -> ResidueArray:
        return residues(uniform(shape, numbers, p), p)

    leaves = [drawn(leaf.shape) for leaf in graph.leaves]
    directions = [drawn(leaf.shape) if leaf.requires_grad else residues(np.zeros(leaf.shape), p) for leaf in graph.leaves]
    seeds = [drawn(graph.shape(value)) for value in range(len(graph))]
    # A domain is one of real numbers, and is not asked.
    look_up = primitives_giving(lambda result: as_residues(result, p))
    tape = compile_graph(graph, leaves, case.environment, make_tape, look_up)
    tangents = jvp_dense(tape, directions)
    pulled = tape.backward_dense_from(seeds)
    return _dot(tangents, seeds, p) == _dot(directions, pulled[: len(directions)], p)


def _dot(ones: Sequence[Any], others: Sequence[Any], p: int) -> float:
    """Σ a·b over all entries of all arrays."""
    parts = [np.sum((one * other).ravel()) for one, other in zip(ones, others, strict=True)]
    return float(reduced(sum(float(np.asarray(part)) for part in parts), p))
