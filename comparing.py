"""The command that compares what earlier runs kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .arguments import input_refused
from .options import Json
from .terminal import standard_output


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD.json", help="A report kept by `backproof check --out`.")],
    new: Annotated[Path, typer.Argument(metavar="NEW.json", help="A later one.")],
    *,
    as_json: Json = False,
) -> int:
    """Say what changed between two kept reports; status 1 if anything got worse, 0 if nothing did."""
    from .reports.diff import diff_record, diff_text
    from .reports.recheck import read_report
    from .reports.report import encode

    with standard_output() as output:
        with input_refused():
            record = diff_record(read_report(old), read_report(new), (old, new))
        output.write(encode(record) if as_json else diff_text(record).encode())
    return record.status
