"""Whole cases for Hypothesis: generated from a seed, and shrunk to the smallest that still fails."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import hypothesis
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from ...ir.exchange import Case
from ...spec.definition import DEFINITIONS, SpecError, definition_of
from .reduction import reduce_case
from .sketch import Draw, Sketch

MOST_NODES = 16

_GOES_ON = st.integers(0, 11).map(bool)

SHRINK_EXAMPLES = 1000
"""Cases that a search for a failing one tries before it gives up."""


def cases(ops: Sequence[str]) -> st.SearchStrategy[Case]:
    """Graphs of 1 to MOST_NODES nodes of these ops, with values in every domain, an environment and seeds.

    Units: leaf entries are dyadics of magnitude at most 4, values at most 16.
    Raises: SpecError, when drawn from, for an op without a definition.
    """

    @st.composite
    def drawn(draw: Draw) -> Case:
        sketch = Sketch(draw, [definition_of(op) for op in ops])
        for _ in range(MOST_NODES):
            sketch.grow()
            # A question after each node and no count before them all: a node then shrinks away with its question.
            if not draw(_GOES_ON):
                break
        return sketch.case()

    return drawn()


def graphs(ops: Sequence[str] | None = None) -> st.SearchStrategy[Case]:
    """Graphs of 1 to 16 nodes of these ops, of every op if None, each with what is needed to run it forward and backward.

    A case holds `graph`, `leaves` (a float64 array for each, inside every domain), `environment` (the naturals that nodes
    read) and `seeds` (a cotangent for each leaf and node). Shapes include numbers, sides of 0 and 1, and broadcast ones;
    values are used again, and what fails shrinks to smaller graphs with simpler values.
    Raises: SpecError for an op that nobody defined, or no op at all.
    """
    chosen = tuple(sorted(DEFINITIONS)) if ops is None else tuple(ops)
    if not chosen:
        raise SpecError("graphs(ops=...): no op came, at least one was needed")
    for op in chosen:
        definition_of(op)
    return cases(chosen)


def generate(count: int, seed: int, ops: Sequence[str]) -> list[Case]:
    """The first `count` cases of a seed: the same on every run, whatever kernels are registered or modules loaded."""
    streams = random.Random(seed)
    return [_example(cases(ops), streams.getrandbits(64)) for _ in range(count)]


def _example(strategy: st.SearchStrategy[Case], seed: int) -> Case:
    """One case, drawn independently of all others."""
    # Only small integers and booleans are ever drawn: for larger ones Hypothesis also looks into loaded source files.
    found: list[Case] = []

    # Hypothesis first tries the simplest case and then a random one; what it would try next are variations of that.
    @hypothesis.seed(seed)
    @hypothesis.settings(_quiet(), max_examples=2, phases=[hypothesis.Phase.generate])
    @hypothesis.given(strategy)
    def collect(case: Case) -> None:
        found.append(case)

    collect()
    return found[-1]


def shrink(case_fails: Callable[[Case], bool], ops: Sequence[str], seed: int) -> Case | None:
    """The smallest case found for which `case_fails` holds; None if no drawn case is one."""
    run = hypothesis.settings(_quiet(), max_examples=SHRINK_EXAMPLES)
    try:
        found = hypothesis.find(cases(ops), case_fails, settings=run, random=random.Random(seed))
    except NoSuchExample:
        return None
    return reduce_case(case_fails, found)


def _quiet() -> hypothesis.settings:
    """No time limit, no stored examples, no health checks: what is drawn depends on the seed alone."""
    return hypothesis.settings(database=None, deadline=None, suppress_health_check=list(hypothesis.HealthCheck))
