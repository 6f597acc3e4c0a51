"""The one place where anything may be caught: somebody's kernel or tape can raise whatever it likes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Caught:
    """What a call raised instead of giving a result."""

    error: Exception


def caught(call: Callable[[], Result]) -> Result | Caught:
    """What a call gives, or what it raises; an interrupt and an exit are let through."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001
        return Caught(error)
