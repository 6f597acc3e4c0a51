"""A report that a ledger keeps whole, and may give again: what it must say, and the bytes that it is kept as."""

from __future__ import annotations

import zlib

import msgspec

from .report import Answer, Cost, Report, Row, RunCost
from .standing import passes
from .status import Status


def may_be_kept(report: Report) -> bool:
    """Whether everything was met, and all of it by the ledger: nothing was decided that it did not take."""
    whole = report.status == Status.MET and not report.interrupted and report.rules is None
    return whole and report.cost.from_ledger == len(report.rows) > 0 and all(map(_is_by_the_ledger, report.rows))


def _is_by_the_ledger(row: Row) -> bool:
    return passes(row) and (row.verdict is not Answer.PROVED or row.rests_on[-1:] == ("ledger",))


def packed(report: Report) -> bytes:
    """A report as it is kept, without the cost of its rows."""
    rows = tuple(msgspec.structs.replace(row, cost=Cost(0.0)) for row in report.rows)
    return zlib.compress(msgspec.json.encode(msgspec.structs.replace(report, rows=rows)))


def unpacked(body: bytes) -> Report | None:
    """The report that was kept; None if there is none in these bytes, or it may not be kept."""
    try:
        report = msgspec.json.decode(zlib.decompress(body), type=Report)
    except (msgspec.DecodeError, UnicodeDecodeError, zlib.error):
        return None
    return report if may_be_kept(report) else None


def given_again(report: Report, seed: int, seconds: float, jobs: int) -> Report:
    """A kept report as that of a run with this seed, by which nothing was drawn or the same, and of this cost."""
    return msgspec.structs.replace(report, seed=seed, cost=RunCost(round(seconds, 3), jobs, len(report.rows)))
