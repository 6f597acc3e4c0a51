"""How a peer's gradients are judged. Run by `make peers`; a peer that is not installed is an error, not a skip."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from backproof.equivalence.graphs.floats import compare
from backproof.equivalence.kernel.numbers.formats import FLOAT64
from backproof.ir.exchange import Case
from backproof.runtime.tape import Tape

Judge = Callable[[Case, Mapping[int, Any]], None]


@pytest.fixture
def assert_within_the_computed_bound() -> Judge:
    """Both the tape's cotangents of leaves and the peer's lie within the bound computed around the real ones."""

    def judge(case: Case, peer: Mapping[int, Any]) -> None:
        cotangents = {c.value: c for c in compare(case, Tape, FLOAT64) if c.quantity == "cotangent"}
        for leaf, x_bar in peer.items():
            theirs = np.asarray(x_bar, dtype=np.float64)
            assert case.graph.shape(leaf) == theirs.shape
            assert cotangents[leaf].inside()
            assert replace(cotangents[leaf], floats=theirs).inside()
            # A bound that any gradient meets would be no comparison: halving the largest entry must be seen.
            wrong = np.where(np.abs(theirs) == np.abs(theirs).max(), theirs / 2, theirs)
            assert not replace(cotangents[leaf], floats=wrong).inside()

    return judge
