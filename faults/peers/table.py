"""What the peers killed, by class, beside the checker; and how often they found right rules wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..fault import Outcome
from ..record import FaultRow, PeerAlarms
from .asking import KILLED, NOT_APPLICABLE
from .checkers import PEERS

_OURS = (Outcome.REFUTED, Outcome.KINK, Outcome.REJECTED)


def peers_text(rows: Sequence[FaultRow], alarms: Sequence[PeerAlarms]) -> str:
    """What a person reads."""
    asked = [row for row in rows if row.peers is not None]
    return "\n".join((*_killed(asked), "", *_false(alarms))) + "\n"


def _killed(rows: Sequence[FaultRow]) -> Iterator[str]:
    """Killed of those to which a peer applies; the checker's are those that are not green."""
    lines = [("kind", "class", "faults", "backproof", *PEERS)]
    for kind in dict.fromkeys(row.kind for row in rows):
        own = [row for row in rows if row.kind is kind]
        for fault_class in sorted({row.fault_class for row in own}):
            lines.append((kind, fault_class, *_counted([row for row in own if row.fault_class == fault_class])))
        lines.append((kind, "all", *_counted(own)))
    yield from _aligned(lines, 2)


def _counted(rows: Sequence[FaultRow]) -> tuple[str, ...]:
    ours = sum(row.verdict in _OURS for row in rows)
    return (str(len(rows)), f"{ours} of {len(rows)}", *(_by(name, rows) for name in PEERS))


def _by(name: str, rows: Sequence[FaultRow]) -> str:
    said = [row.peers[name] for row in rows if row.peers is not None]
    applicable = [each for each in said if not each.startswith(NOT_APPLICABLE)]
    return f"{applicable.count(KILLED)} of {len(applicable)}" if applicable else "-"


def _false(alarms: Sequence[PeerAlarms]) -> Iterator[str]:
    places = list(dict.fromkeys(each.place for each in alarms))
    by_key = {(each.peer, each.place): f"{each.alarms} of {each.runs}" for each in alarms}
    lines = [("right rules found wrong", *PEERS)]
    lines += [(place, *(by_key[name, place] for name in PEERS)) for place in places]
    yield from _aligned(lines, 1)


def _aligned(lines: Sequence[tuple[str, ...]], left: int) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = [cell.ljust(width) if k < left else cell.rjust(width) for k, (cell, width) in enumerate(zip(line, widths, strict=True))]
        yield "  ".join(cells).rstrip()
