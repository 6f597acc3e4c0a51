"""What a decider answers about a claim: it holds, there is a candidate against it, or it stays open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from ...ir.graph import BackproofError


class DecidersDisagree(BackproofError):
    """Two deciders answer one question differently: one of them is wrong, and nothing is to be believed until it is known."""


class UnknownReason(StrEnum):
    """Why a claim was not decided. None of these is a pass.

    A claim that is too large has more cases or terms than its decider looks at; nothing that was looked at speaks against it.
    """

    TIMEOUT = "timeout"
    GAVE_UP = "gave up"
    TOO_LARGE = "too large"
    UNSUPPORTED = "unsupported"
    VACUOUS = "vacuous"
    NOT_RUN = "not run"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class Holds:
    """The claim is true; `rests_on` names everything the argument trusts, `assumptions` where it is claimed.

    `queries` are the SMT-LIB texts that a solver found unsatisfiable on the way: another may be asked them again.
    """

    method: str
    rests_on: tuple[str, ...]
    assumptions: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fails:
    """A point at which the claim seems false: a candidate, until both sides were run there and differ."""

    candidate: Mapping[str, Fraction]
    detail: str


@dataclass(frozen=True, slots=True)
class Open:
    """Not decided."""

    reason: UnknownReason
    detail: str


Decision = Holds | Fails | Open


@dataclass(frozen=True, slots=True)
class SameData:
    """The claim that two pieces of plain data (shapes, counts, names) are the same."""

    statement: str
    left: Any
    right: Any


def decide_same_data(claim: SameData) -> Decision:
    """Compare by structure; only ints, strings and tuples of them count as plain."""
    if not (_is_plain(claim.left) and _is_plain(claim.right)):
        return Open(UnknownReason.UNSUPPORTED, f"{claim.statement}: not plain data")
    # By their text, because True == 1.
    if repr(claim.left) == repr(claim.right):
        return Holds("comparison", ("Python",))
    return Fails({}, f"{claim.left!r} is not {claim.right!r}")


def _is_plain(value: Any) -> bool:
    if type(value) is tuple:
        return all(map(_is_plain, value))
    return type(value) in (int, str, bool)
