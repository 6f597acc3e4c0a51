"""Conventions: what the derivative is declared to be at a kink. Named, versioned data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType


class Share(StrEnum):
    """What no weight says: that several largest entries share evenly, or that there is no derivative."""

    EVENLY = "evenly"
    NONE = "none"


Weight = Fraction | Share


@dataclass(frozen=True)
class Convention:
    """For each kink name the weight w of the branch above: at the kink the derivative is w·above′ + (1−w)·below′.

    Of several entries that are largest, w is the weight of the last: 0 gives all to the first, 1 all to the last, and
    EVENLY to each the same share, axis by axis. NONE declares no derivative at the kink: nothing is owed of one there.
    """

    name: str
    version: int
    weights: Mapping[str, Weight]


TORCHLEAN = Convention(
    "torchlean",
    1,
    MappingProxyType(
        {
            "abs": Fraction(1, 2),
            "clamp at hi": Fraction(0),
            "clamp at lo": Fraction(0),
            "elu": Fraction(0),
            "huber": Fraction(0),
            "leaky_relu": Fraction(0),
            "max": Fraction(1, 2),
            "max pool": Fraction(0),
            "min": Fraction(1, 2),
            "norm": Fraction(0),
            "reduce max": Fraction(0),
            "relu": Fraction(0),
            "sqrt": Fraction(0),
        }
    ),
)
"""abs′(0) = 0, clamp′ = 0 at both bounds, max and min give half to each side of a tie, relu′(0) = 0 (contract D10);
leaky_relu′(0) = slope; of a window and of an axis the first of the largest has all;
√max(x, 0) has derivative 0 at 0, and so has a norm at a vector of zeros."""

PYTORCH = Convention(
    "pytorch",
    2,
    MappingProxyType(
        {
            **TORCHLEAN.weights,
            "clamp at hi": Fraction(1),
            "clamp at lo": Fraction(1),
            "reduce max": Share.EVENLY,
            "sqrt": Share.NONE,
        }
    ),
)
"""As PyTorch 2.13 computes: clamp passes the gradient at its bounds (tools/autograd/derivatives.yaml, clamp_backward), amax
shares a tie evenly, and at 0 the derivative of sqrt is infinite; that of a norm is 0 at a vector of zeros."""

PYTORCH_2_15 = Convention(
    "pytorch-2.15", 1, MappingProxyType({**PYTORCH.weights, "clamp at hi": Fraction(0), "clamp at lo": Fraction(0)})
)
"""As PyTorch 2.15 computes: clamp has derivative 0 at bounds that are numbers (pull request 191142, July 2026)."""

CONVENTIONS: Mapping[str, Convention] = MappingProxyType({each.name: each for each in (TORCHLEAN, PYTORCH, PYTORCH_2_15)})
"""Every convention by name."""
