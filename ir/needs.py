"""How strong the evidence for a claim must be."""

from __future__ import annotations

from enum import StrEnum


class Needs(StrEnum):
    """The weakest evidence that meets an obligation, declared before it is decided."""

    PROOF = "proof"
    TEST = "test"
