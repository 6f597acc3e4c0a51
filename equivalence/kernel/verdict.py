"""Verdicts: what is said of an obligation, and whether that meets what the obligation needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NoReturn

from ...ir.needs import Needs as Needs  # noqa: PLC0414 - who asks `meets` asks with it
from . import KERNEL
from .decision import UnknownReason
from .sealed import Proof


class RefutedReason(StrEnum):
    """Wrong, or right off the kinks and against the declared convention at one."""

    WRONG = "wrong"
    KINK = "kink"


@dataclass(frozen=True, slots=True)
class Side:
    """What tape and spec hold for one value of the counterexample's graph, entry by entry, as exact numbers."""

    value: int
    op: str
    quantity: str
    tape: tuple[str, ...]
    spec: tuple[str, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A case on which both sides were run and differ; `case` is its document in the exchange format."""

    case: Mapping[str, Any]
    nodes: tuple[Side, ...]


class _Answer:
    """A verdict is not a truth value: only `meets` says whether it is enough."""

    __slots__ = ()

    def __bool__(self) -> NoReturn:
        raise TypeError("a verdict has no truth value; ask meets(verdict, needs)")


@dataclass(frozen=True, slots=True)
class Proved(_Answer):
    """True, by a proof that this kernel made. Raises: TypeError around anything else."""

    proof: Proof

    def __post_init__(self) -> None:
        if not KERNEL.is_genuine(self.proof):
            raise TypeError("Proved needs a proof that this kernel made")


@dataclass(frozen=True, slots=True)
class Tested(_Answer):
    """Held at every point tried. Raises: ValueError if none was."""

    points: int
    detail: str

    def __post_init__(self) -> None:
        if self.points < 1:
            raise ValueError("Tested needs at least one point")


@dataclass(frozen=True, slots=True)
class Refuted(_Answer):
    """False, by a replayed counterexample. Raises: ValueError if its two sides do not differ."""

    counterexample: Counterexample
    reason: RefutedReason
    detail: str

    def __post_init__(self) -> None:
        if not any(side.differs for side in self.counterexample.nodes):
            raise ValueError("Refuted needs a counterexample on which the two sides differ")


@dataclass(frozen=True, slots=True)
class Unknown(_Answer):
    """Not decided, and therefore not a pass."""

    reason: UnknownReason
    detail: str


Verdict = Proved | Tested | Refuted | Unknown


def meets(verdict: Verdict, needs: Needs) -> bool:
    """Whether the evidence is as strong as was declared to be needed.

    What a verdict refuses when it is made is asked again here: Python can make one without its constructor.
    """
    if type(verdict) is Proved:
        return KERNEL.is_genuine(verdict.proof)
    return type(verdict) is Tested and verdict.points >= 1 and needs is Needs.TEST
