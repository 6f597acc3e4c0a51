"""The one place where anything may be caught: somebody's kernel or tape can raise whatever it likes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from .kernel.decision import DecidersDisagree, UnknownReason
from .kernel.verdict import Unknown

Result = TypeVar("Result")


def contained(call: Callable[[], Result]) -> Result | Unknown:
    """What a call gives; Unknown (CRASHED) if it raises. A crash is no pass and no refutation.

    Raises: DecidersDisagree, which is no fault of what is under check and stops the line.
    """
    try:
        return call()
    except DecidersDisagree:
        raise
    except Exception as error:  # noqa: BLE001
        return Unknown(UnknownReason.CRASHED, f"{type(error).__name__}: {error}")
