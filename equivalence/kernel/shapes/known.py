"""What a kernel finds under a name: it can be called, or read from, and tells nothing else of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .naturals import Opaque


class Word(Opaque):
    """A function in place of another one, which kernels could tell from it by its words or its class."""

    __slots__ = ("_function",)

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __call__(self, *operands: Any, **named: Any) -> Any:
        return self._function(*operands, **named)


class Known(Opaque):
    """A module of which only these names are known."""

    __slots__ = ("_names",)

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = dict(names)

    def __getattr__(self, name: str) -> Any:
        if name not in self._names:
            raise AttributeError(f"{name} has no meaning at all sizes")
        return self._names[name]
