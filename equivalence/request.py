"""What somebody asked to have checked: loaded before anything that checks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .origin import Origin

DEFAULT_GRAPHS = 100


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asked to have checked; None means that they did not say."""

    files: tuple[Path, ...]
    graphs: int | None
    seed: int
    ops: tuple[str, ...] | None
    jobs: int
    rules: Path | None
    convention: str
    origin: Origin = Origin.SERVER
    executor: str | None = None
    memory: int | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether files alone are asked for: given, and no graph is to be drawn beside them."""
        return bool(self.files) and not self.graphs

    @property
    def drawn(self) -> int:
        """How many graphs are to be drawn. Without any, nothing that is decided depends on the seed."""
        if self.is_narrow:
            return 0
        return DEFAULT_GRAPHS if self.graphs is None else self.graphs
