"""A rule of some engine as it was, and as it is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Stated:
    """Both VJPs of a forward function; `by_convention` if they differ at kinks alone."""

    forward: Callable[..., Any]
    right: Callable[..., Any]
    wrong: Callable[..., Any]
    shapes: list[Any]
    domain: Any = None
    by_convention: bool = False


def rules_in(module: Any) -> dict[str, Stated]:
    """The rules of a module by name."""
    found = vars(module).items()
    return {name: each() for name, each in found if getattr(each, "__module__", "") == module.__name__}
