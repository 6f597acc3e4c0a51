"""The facts about real functions that proofs assume, each with its source."""

from __future__ import annotations

from enum import StrEnum


class Fact(StrEnum):
    """A statement that the kernel uses and does not prove."""

    EXP_ADDS = "exp(a + b) = exp(a) exp(b) [DLMF 4.8.6 with 4.2.19]"
    EXP_POSITIVE = "exp(a) > 0 for real a [DLMF 4.2.19]"
    EXP_OF_LOG = "exp(log(a)) = a for a > 0 [DLMF 4.8(i)]"
    LOG_OF_PRODUCT = "log(a exp(b)) = log(a) + b and log(1/a) = -log(a) for a > 0 [DLMF 4.8(i)]"
    LOG_POSITIVE = "log(a) > 0 for a > 1 [DLMF 4.2.2]"
    TANH_BY_EXP = "tanh(a) = (exp(2a) - 1) / (exp(2a) + 1) [DLMF 4.28.4 with 4.28.1 and 4.28.2]"
    CIRCULAR_SQUARES = "sin(a)^2 + cos(a)^2 = 1 [DLMF 4.21.12]"
    CIRCULAR_PARITY = "sin(-a) = -sin(a), cos(-a) = cos(a) [DLMF 4.14.1 and 4.14.2]"
    ERF_ODD = "erf(-a) = -erf(a) [DLMF 7.4.1]"
    MAXIMUM_VALUE = "max(a, b) is a where a - b >= 0 and b where a - b <= 0 [definition]"
    ROOT = "sqrt(a) >= 0 and sqrt(a) sqrt(a) = a for real a >= 0 [definition]"
