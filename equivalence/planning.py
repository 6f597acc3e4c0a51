"""What a run is to decide: from what was asked for to graphs, ops and the theorem."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..ir.exchange import Case, read_case
from ..ir.graph import BackproofError
from ..spec.definition import DEFINITIONS, definition_of
from .adapters.engine import Engine
from .admission import admit
from .request import Request as Request  # noqa: PLC0414 - who asks `plan` asks with one
from .rules_file import Rules
from .run import NamedCase, Plan


class PlanError(BackproofError):
    """A request that names something twice, or nothing that exists."""


def plan(request: Request, rules: Rules) -> Plan:
    """The graphs, ops and theorem that a request asks for.

    Files alone ask for their graphs and the ops these use; otherwise the theorem, the generated graphs and the ops are
    asked for: the named ones, else those that the rules file touched, else every one.
    Raises: BackproofError if a file cannot be read or means nothing, an op does not exist, or either is named twice.
    """
    if rules.engine is not None:
        return _engine_plan(request, rules.engine)
    given = _read(request.files)
    narrow = request.is_narrow
    drawn = _drawn(request.drawn, request.seed, request.ops or every_op()) if request.drawn else ()
    return Plan(
        cases=(*given, *(NamedCase(f"generated-{place:04}", case) for place, case in enumerate(drawn))),
        ops=_ops(request.ops, rules, _used(given) if narrow else every_op()),
        jobs=request.jobs,
        rules=request.rules,
        convention=request.convention,
        origin=request.origin,
        theorem=rules.replaces_tape or (request.ops is None and not narrow),
    )


def _engine_plan(request: Request, engine: type[Engine]) -> Plan:
    """The ops that an engine has, or those of them that are named; graphs of these, or the ones given."""
    given = _read(request.files)
    ops = tuple(sorted(engine.ops)) if request.ops is None else request.ops
    _refuse_twice(ops, "--ops" if request.ops is not None else f"{engine.__name__}.ops")
    for op in (*ops, *_used(given)):
        if op not in engine.ops:
            raise PlanError(f"op {op!r} was asked for, but {engine.__name__}.ops holds {', '.join(sorted(engine.ops))}")
    narrow = request.is_narrow
    drawn = _drawn(request.drawn, request.seed, ops) if request.drawn else ()
    return Plan(
        cases=(*given, *(NamedCase(f"generated-{place:04}", case) for place, case in enumerate(drawn))),
        ops=_used(given) if narrow else ops,
        jobs=request.jobs,
        rules=request.rules,
        convention=request.convention,
        origin=request.origin,
        theorem=False,
        engine=engine,
    )


def _drawn(count: int, seed: int, ops: Sequence[str]) -> Sequence[Case]:
    from .generation.strategies import generate  # it loads Hypothesis

    return generate(count, seed, ops)


def every_op() -> tuple[str, ...]:
    """The name of every op, in order."""
    return tuple(sorted(DEFINITIONS))


def _ops(named: tuple[str, ...] | None, rules: Rules, otherwise: tuple[str, ...]) -> tuple[str, ...]:
    if named is not None:
        _refuse_twice(named, "--ops")
        for op in named:
            definition_of(op)
        return tuple(sorted(named))
    if rules.touched or rules.replaces_tape:
        return rules.touched
    return otherwise


def _read(files: Sequence[Path]) -> tuple[NamedCase, ...]:
    names = [file.as_posix() for file in files]
    _refuse_twice(names, "graph files")
    found = []
    for name, file in zip(names, files, strict=True):
        case = read_case(file)
        admit(case, name)
        found.append(NamedCase(name, case))
    return tuple(found)


def _used(cases: Sequence[NamedCase]) -> tuple[str, ...]:
    return tuple(sorted({node.op for named in cases for node in named.case.graph.nodes}))


def _refuse_twice(names: Sequence[str], what: str) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise PlanError(f"{what}: {twice[0]!r} came twice, once was needed")
