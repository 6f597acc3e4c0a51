"""The kernel keeps its word under `python -O`, which drops assertions."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAD = """
from backproof.equivalence.kernel import KERNEL
from backproof.equivalence.kernel.decision import SameData
from backproof.equivalence.kernel.sealed import Proof
from backproof.equivalence.kernel.verdict import *
"""


@pytest.mark.parametrize(
    "forgery",
    [
        "Proof()",
        "Proved(None)",
        "Proved(object.__new__(Proof))",
        "type('Mine', (Proof,), {})",
        "bool(Tested(1, ''))",
        "Tested(0, '')",
        "Refuted(Counterexample({}, ()), RefutedReason.WRONG, '')",
        "KERNEL.decide(SameData('one', 1, 2)).statement",
        "KERNEL.decide('1 = 1')",
    ],
)
def test_a_forgery_fails_without_assertions_too(forgery: str) -> None:
    script = f"{HEAD}\ntry:\n    {forgery}\nexcept Exception as error:\n    print('refused')\n"
    process = subprocess.run([sys.executable, "-O", "-c", script], capture_output=True, text=True, check=True)
    assert process.stdout == "refused\n"
