"""The trusted base: claims, the only maker of proofs, normal form, solvers, facts and verdicts."""

from __future__ import annotations

from .algebra.equalities import Equalities, decide_equalities
from .decision import SameData, decide_same_data
from .free_terms import SameSums, decide_same_sums
from .lemma import Lemma, decide_lemma
from .sealed import seal
from .shapes import AllShapes, decide_all_shapes

KERNEL = seal(
    {
        AllShapes: decide_all_shapes,
        Equalities: decide_equalities,
        Lemma: decide_lemma,
        SameData: decide_same_data,
        SameSums: decide_same_sums,
    }
)
"""The one kernel: the claims it decides, each with its decider."""
