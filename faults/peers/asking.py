"""The peers asked about faults, each planted in a process beside a few others and taken out again."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from ...equivalence.caught import Caught, caught
from ...runtime.primitive import PRIMITIVES
from ...spec.definition import DEFINITIONS
from ..children import Answer, Limits, answers
from ..fault import Fault, Outcome
from ..judging import Progress
from ..kind import Kind
from ..record import PeerAlarms, PeersSaid
from .checkers import PEERS, Check, passes, require_peers
from .hosted import Hosted
from .points import Place, random_graphs, random_rules, right_rules

KILLED, NOT_KILLED, NOT_APPLICABLE = "killed", "not killed", "not applicable"
"""What a peer says of a fault; what is not applicable is followed by the reason."""

LIMITS = Limits(processor=300, memory=16 << 30)

_TOGETHER = 12
"""Faults that one process is asked about: to start a peer takes longer than to ask it."""

Said = dict[str, str]
"""By peer, what it says of a fault."""


def ask_peers(faults: Sequence[Fault], jobs: int, seed: int, progress: Progress) -> PeersSaid:
    """What each peer says of each fault, and of right rules. Raises: MissingPeer."""
    said = tuple(said_of(faults, jobs, seed, progress))
    return PeersSaid(said, alarms_on_right_rules(sorted(DEFINITIONS), jobs, seed, progress))


def said_of(faults: Sequence[Fault], jobs: int, seed: int, progress: Progress) -> Iterator[Said]:
    """What each peer says of each fault, in their order. Raises: MissingPeer."""
    require_peers()
    for package in ("torch", "jax", "autograd"):
        importlib.import_module(package)  # once, before processes are forked
    kinds = dict.fromkeys(fault.kind for fault in faults)
    parts = [part for kind in kinds for part in _parts([fault for fault in faults if fault.kind is kind])]
    came = _answered([partial(_about, part, seed) for part in parts], jobs, len(faults), progress)
    by_id: dict[str, Said] = {}
    for place, part in enumerate(parts):
        answer = came[place]
        rows = [_died(answer)] * len(part) if answer.outcome is not Outcome.UNDECIDED else _read(answer)
        by_id |= {fault.id: row for fault, row in zip(part, rows, strict=True)}
    yield from (by_id[fault.id] for fault in faults)


def _read(answer: Answer) -> list[Said]:
    return msgspec.json.decode(answer.by, type=list[Said])


def _died(answer: Answer) -> Said:
    return dict.fromkeys(PEERS, f"{NOT_APPLICABLE}: {answer.by}")


def alarms_on_right_rules(ops: Sequence[str], jobs: int, seed: int, progress: Progress) -> tuple[PeerAlarms, ...]:
    """How often each peer finds the shipped rules of these ops wrong, at points of each kind. Raises: MissingPeer."""
    require_peers()
    parts = [ops[place::8] for place in range(8) if ops[place::8]]
    came = _answered([partial(_right, part, seed) for part in parts], jobs, len(parts), progress)
    found = [each for answer in came.values() for each in msgspec.json.decode(answer.by, type=list[PeerAlarms])]
    keys = [(peer, place.value) for place in Place for peer in PEERS]
    own = {key: [each for each in found if (each.peer, each.place) == key] for key in keys}
    return tuple(PeerAlarms(*key, sum(e.runs for e in each), sum(e.alarms for e in each)) for key, each in own.items())


def _answered(questions: Sequence[Callable[[], Answer]], jobs: int, count: int, progress: Progress) -> Mapping[int, Answer]:
    came: dict[int, Answer] = {}
    for done, each in enumerate(answers(questions, jobs, LIMITS), start=1):
        came[each.place] = each.answer
        progress(count * done // len(questions), count)
    return came


def _parts(faults: Sequence[Fault]) -> list[Sequence[Fault]]:
    """What one process is asked about: a mutant alone, for what it changes stays changed."""
    size = 1 if faults and faults[0].kind is Kind.MUTANT else _TOGETHER
    return [faults[start : start + size] for start in range(0, len(faults), size)]


def _about(faults: Sequence[Fault], seed: int) -> Answer:
    checks = {name: make() for name, (_package, make) in PEERS.items()}
    said = [_said(fault, checks, seed) for fault in faults]
    return Answer(Outcome.UNDECIDED, msgspec.json.encode(said).decode(), None)


def _right(ops: Sequence[str], seed: int) -> Answer:
    checks = {name: make() for name, (_package, make) in PEERS.items()}
    found = []
    for place in Place:
        points = [hosted for op in ops for hosted in right_rules(op, place, str(seed))]
        for name, check in checks.items():
            wrong = sum(not passes(check, hosted) for hosted in points)
            found.append(PeerAlarms(name, place.value, len(points), wrong))
    return Answer(Outcome.UNDECIDED, msgspec.json.encode(found).decode(), None)


def _said(fault: Fault, checks: Mapping[str, Check], seed: int) -> Said:
    if fault.kind is Kind.JUDGE:
        return dict.fromkeys(checks, f"{NOT_APPLICABLE}: a fault of the checker and of no rule")
    before = _registered()
    try:
        points = caught(lambda: list(_points(fault, seed)))
        if isinstance(points, Caught):
            return dict.fromkeys(checks, f"{NOT_APPLICABLE}: {type(points.error).__name__}: {points.error}")
        if not points:
            return dict.fromkeys(checks, f"{NOT_APPLICABLE}: no input at which a derivative is taken")
        return {
            name: NOT_KILLED if all(passes(check, hosted) for hosted in points) else KILLED
            for name, check in checks.items()
        }
    finally:
        _restore(before)


def _points(fault: Fault, seed: int) -> Iterator[Hosted]:
    """The rules that a fault touches, or graphs that its tape runs, with the fault planted."""
    rules = fault.plant()
    for op in rules.touched:
        yield from random_rules(op, f"{seed} {fault.id}")
    if rules.replaces_tape:
        yield from random_graphs(rules.tape, f"{seed} {fault.id}")


def _registered() -> tuple[dict[str, Any], dict[str, tuple[Any, tuple[Any, ...]]]]:
    held = {op: (entry, tuple(getattr(entry, slot) for slot in entry.__slots__)) for op, entry in PRIMITIVES.items()}
    return dict(DEFINITIONS), held


def _restore(before: tuple[dict[str, Any], dict[str, tuple[Any, tuple[Any, ...]]]]) -> None:
    definitions, primitives = before
    for registry, kept in ((DEFINITIONS, definitions), (PRIMITIVES, {op: entry for op, (entry, _held) in primitives.items()})):
        registry.clear()
        registry.update(kept)
    for entry, held in primitives.values():
        for slot, value in zip(entry.__slots__, held, strict=True):
            setattr(entry, slot, value)
