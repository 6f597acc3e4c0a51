"""A case put to an engine again."""

from __future__ import annotations

from ...ir.exchange import Case
from ...spec.convention import CONVENTIONS
from ..containment import contained
from ..kernel.numbers.exact import Undecidable
from ..kernel.verdict import Side, Unknown
from .engine import Engine
from .judging import Judging


def rerun_by(engine: type[Engine], case: Case, convention: str) -> tuple[Side, ...]:
    """Both sides of every value that the engine is asked for.

    Raises: Undecidable, with the reason, if the engine raises or the point decides nothing.
    """
    sides = contained(lambda: Judging(engine, CONVENTIONS[convention]).seen(case))
    if isinstance(sides, Unknown):
        raise Undecidable(sides.detail)
    return sides
