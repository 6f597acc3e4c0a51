"""The command that decides the accumulation theorem."""

from __future__ import annotations

from .options import Json
from .terminal import standard_output


def theorem(*, as_json: Json = False) -> int:
    """Prove by two solvers that the reverse loop is the recursion on every graph, and refute faulty loops."""
    from .reports.report import encode
    from .reports.theorem import theorem_text
    from .runs import theorem_decided

    with standard_output() as output:
        record = theorem_decided()
        output.write(encode(record) if as_json else theorem_text(record).encode())
    return record.status
