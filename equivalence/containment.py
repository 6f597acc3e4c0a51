"""A crash of somebody's code is Unknown: no pass and no refutation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from .caught import Caught, caught
from .kernel.decision import DecidersDisagree, UnknownReason
from .kernel.verdict import Unknown

Result = TypeVar("Result")


def contained(call: Callable[[], Result]) -> Result | Unknown:
    """What a call gives; Unknown (CRASHED) if it raises.

    Raises: DecidersDisagree, which is no fault of what is under check and stops the line.
    """
    found = caught(call)
    if not isinstance(found, Caught):
        return found
    if isinstance(found.error, DecidersDisagree):
        raise found.error
    return Unknown(UnknownReason.CRASHED, f"{type(found.error).__name__}: {found.error}")
