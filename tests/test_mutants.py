"""The checker's own strength: of a hundred mutants of the shipped kernels and of the reverse loop, none is green.

A mutant counts as equivalent only if it agrees with the original, part by part and as exact numbers, at points that the
checker does not use; everything else that is not refuted must at least be unknown. `backproof faults` judges many more.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import few_mutants
import msgspec
import pytest
from backproof.faults.fault import Outcome

SAMPLE = 110
"""Mutants of functions that one op alone runs; those of the loop come on top, all of them."""

SEED = 2
"""The sample is the same on every run."""

Said = dict[str, Outcome]


@pytest.fixture(scope="module")
def said() -> dict[str, tuple[tuple[str, ...], Outcome]]:
    program = [sys.executable, few_mutants.__file__, str(SAMPLE), str(SEED)]
    done = subprocess.run(program, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return msgspec.json.decode(done.stdout, type=dict[str, tuple[tuple[str, ...], Outcome]])


@pytest.fixture
def of_kernels(said: dict[str, tuple[tuple[str, ...], Outcome]]) -> Said:
    return {name: outcome for name, (ops, outcome) in said.items() if ops}


@pytest.fixture
def of_the_loop(said: dict[str, tuple[tuple[str, ...], Outcome]]) -> Said:
    return {name: outcome for name, (ops, outcome) in said.items() if not ops}


def test_no_mutant_of_a_kernel_is_green(of_kernels: Said) -> None:
    assert [] == [name for name, outcome in of_kernels.items() if outcome is Outcome.SURVIVED]
    counts = Counter(of_kernels.values())
    assert counts.total() == SAMPLE
    assert counts[Outcome.REFUTED] >= 0.7 * SAMPLE
    assert counts[Outcome.EQUIVALENT] <= 0.1 * SAMPLE


EQUIVALENT = {
    "mutants/tape.Tape.backward_dense/loop-bound/18": "value 0 is a leaf, which emits nothing",
    "mutants/tape.Tape.backward_dense/loop-bound/31": "value 0 is a leaf, which emits nothing",
    "mutants/tape.Tape.backward_dense_from/loop-bound/8": "value 0 is a leaf, which emits nothing",
    "mutants/tape.Tape.backward_dense_from/loop-bound/21": "value 0 is a leaf, which emits nothing",
    "mutants/tape.Tape.propagate/loop-bound/6": "a sum in another order",
    "mutants/tape.Tape.propagate/statement-removed/3": "only a leaf is frozen, and it emits nothing",
    "mutants/tape.Tape.refresh/argument-dropped/18": "a label for people",
}
"""Mutants of the loop that meet every obligation, each with the reason why it is no fault."""


def test_no_mutant_of_the_loop_is_green(of_the_loop: Said) -> None:
    assert len(of_the_loop) > 100
    assert set(EQUIVALENT) == {name for name, outcome in of_the_loop.items() if outcome is Outcome.SURVIVED}
