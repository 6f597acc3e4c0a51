"""The trusted base: claims, the only maker of proofs, normal form, solvers, facts and verdicts."""

from __future__ import annotations

from .decision import SameData, decide_same_data
from .sealed import seal

KERNEL = seal({SameData: decide_same_data})
"""The one kernel: the claims it decides, each with its decider."""
