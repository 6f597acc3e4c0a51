"""The facts about real functions that proofs assume, each with its source."""

from __future__ import annotations

from enum import StrEnum


class Fact(StrEnum):
    """A statement that the kernel uses and does not prove."""

    EXP_ADDS = "exp(a + b) = exp(a) exp(b) [DLMF 4.8.6 with 4.2.19]"
    EXP_POSITIVE = "exp(a) > 0 for real a [DLMF 4.2.19]"
    TANH_ODD = "tanh(-a) = -tanh(a) [DLMF 4.28.2 with 4.28.8]"
    TANH_BOUNDED = "-1 < tanh(a) < 1 for real a [DLMF 4.28.2]"
    MAXIMUM_VALUE = "max(a, b) is a where a - b >= 0 and b where a - b <= 0 [definition]"
