"""What a run checks, beside graphs and ops: whose reverse loop, against which convention at kinks."""

from __future__ import annotations

from dataclasses import dataclass

from ..runtime.tape import Tape
from ..spec.convention import Convention


@dataclass(frozen=True, slots=True)
class Subject:
    """The tape class under check, and the convention by which derivatives at kinks are judged."""

    tape: type[Tape]
    convention: Convention
