"""What a run checks, beside graphs and ops: whose reverse loop or engine, against which convention at kinks."""

from __future__ import annotations

from dataclasses import dataclass

from ..runtime import primitives as _primitives  # noqa: F401 - whoever checks anything has every op: it fills the registry
from ..runtime.tape import Tape
from ..spec import definitions as _definitions  # noqa: F401 - the same
from ..spec.convention import Convention
from .adapters.engine import Engine


@dataclass(frozen=True, slots=True)
class Subject:
    """The tape class under check, the convention by which derivatives at kinks are judged, and an engine if one is named."""

    tape: type[Tape]
    convention: Convention
    engine: type[Engine] | None = None
