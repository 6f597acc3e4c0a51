"""A file of somebody's own rules: executed, and what it changed is found out.

The one place that executes a file; a report or a graph file never causes it. The file uses the public decorators:
`primitive_of(op).vjp` replaces a kernel, `define` with `primitive` adds an op, `checked_tape` names the tape whose
reverse loop is checked in place of ours, `checked_engine` an engine that is checked in place of everything of ours.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from ..ir.graph import BackproofError
from ..runtime import primitives as _primitives  # noqa: F401 - fills the registry that the file may change
from ..runtime.primitive import PRIMITIVES, MissingKernel
from ..runtime.tape import Tape
from ..spec import definitions as _definitions  # noqa: F401 - fills the registry that the file may change
from ..spec.definition import DEFINITIONS
from .adapters.engine import Engine, marked_engines

MODULE_NAME = "backproof_rules"
"""What the executed file is called in tracebacks and by dataclasses."""

_MARK = "_is_checked_tape"

TapeType = TypeVar("TapeType", bound=type[Tape])


class RulesError(BackproofError):
    """A rules file that cannot be used; one line: file, line where there is one, what came, what was needed."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a rules file changed: the ops whose meaning or kernels are new, and the tape or the engine to check."""

    tape: type[Tape]
    touched: tuple[str, ...]
    engine: type[Engine] | None = None

    @property
    def replaces_tape(self) -> bool:
        """Whether the file names a tape of its own."""
        return self.tape is not Tape


OUR_RULES = Rules(Tape, ())
"""What is checked without a rules file."""


def checked_tape(tape: TapeType) -> TapeType:
    """Decorator: this subclass of `Tape` is the one whose reverse loop is checked.

    Raises: TypeError for anything else.
    """
    if not (isinstance(tape, type) and issubclass(tape, Tape)):
        raise TypeError(f"checked_tape needs a subclass of backproof.Tape, {tape!r} came")
    setattr(tape, _MARK, True)
    return tape


def load_rules(path: Path) -> Rules:
    """Execute a rules file and say what it changed.

    Raises: RulesError if it cannot be read or run, changes nothing, adds half an op, or names two tapes or engines.
    """
    before, tapes = _registered(), set(_marked(Tape))
    _execute(path)
    after = _registered()
    touched = tuple(sorted(op for op in after if after[op] != before.get(op)))
    engine = _engine(path, before, after)
    if engine is None:
        _check_whole(path, touched)
    named = [tape for tape in _marked(Tape) if tape not in tapes]
    if len(named) > 1:
        raise RulesError(f"{path}: {', '.join(tape.__name__ for tape in named)} are checked tapes, one was needed")
    if engine is not None and named:
        raise RulesError(f"{path}: it names engine {engine.__name__} and tape {named[0].__name__}, one of them was needed")
    if engine is None and not touched and not named:
        raise RulesError(f"{path}: it replaces no kernel, adds no op, and names no tape and no engine, so there is nothing to check")
    return Rules(named[0] if named else Tape, touched, engine)


def named_tape() -> type[Tape]:
    """The tape that the rules file loaded in this process names, ours without one."""
    return next(_marked(Tape), Tape)


def named_engine() -> type[Engine] | None:
    """The engine that the rules file loaded in this process names, None without one."""
    return next(iter(_engines()), None)


def _engines() -> list[type[Engine]]:
    loaded = sys.modules.get(MODULE_NAME)
    return [] if loaded is None else marked_engines(vars(loaded).values())


def _engine(path: Path, before: Mapping[str, tuple[Any, ...]], after: Mapping[str, tuple[Any, ...]]) -> type[Engine] | None:
    """The engine that the file names; it may define ops that it has beside ours, and replaces no kernel."""
    named = _engines()
    if not named:
        return None
    engine = named[0]
    if len(named) > 1:
        raise RulesError(f"{path}: {', '.join(each.__name__ for each in named)} are checked engines, one was needed")
    replaced = [op for op in before if before[op][1:] != after[op][1:]]
    if replaced:
        raise RulesError(f"{path}: it names engine {engine.__name__} and replaces kernels of {replaced[0]!r}, one of them was needed")
    for op in engine.ops:
        if op not in DEFINITIONS:
            raise RulesError(f"{path}: {engine.__name__}.ops holds {op!r}, which has no definition: add @define({op!r}, ...), or leave it out")
    return engine


def _registered() -> dict[str, tuple[Any, ...]]:
    """What each op is now: its definition, its kernels, its shape rule and its domain."""
    held: dict[str, tuple[Any, ...]] = {}
    for op in DEFINITIONS.keys() | PRIMITIVES.keys():
        kernels = PRIMITIVES.get(op)
        parts = () if kernels is None else tuple(getattr(kernels, slot) for slot in kernels.__slots__)
        held[op] = (DEFINITIONS.get(op), *parts)
    return held


def _check_whole(path: Path, touched: tuple[str, ...]) -> None:
    for op in touched:
        if op not in PRIMITIVES:
            raise RulesError(f"{path}: op {op!r} has a definition, but no primitive: add @primitive({op!r}, shape=...)")
        if op not in DEFINITIONS:
            raise RulesError(f"{path}: op {op!r} has a primitive, but no definition: add @define({op!r}, ...)")
        entry = PRIMITIVES[op]
        for part in ("forward", "vjp", "jvp"):
            kernel = getattr(entry, f"{part}_kernel")
            if isinstance(kernel, MissingKernel):
                raise RulesError(f"{path}: op {op!r} has no {part} kernel: add one with @primitive_of({op!r}).{part}")
            if not callable(kernel):
                raise RulesError(f"{path}: the {part} of op {op!r} is {kernel!r}, a function was needed")


def _marked(tape: type[Tape]) -> Iterator[type[Tape]]:
    for heir in tape.__subclasses__():
        if _MARK in vars(heir):
            yield heir
        yield from _marked(heir)


def _execute(path: Path) -> None:
    try:
        source = path.read_bytes()
    except OSError as error:
        raise RulesError(f"{path}: {error.strerror}, a readable rules file was needed") from error
    module = ModuleType(MODULE_NAME)
    module.__file__ = str(path)
    sys.modules[MODULE_NAME] = module  # dataclasses look their own module up
    try:
        # Not the import system: its cache tells files apart by second and size, and would run yesterday's rules.
        exec(compile(source, str(path), "exec"), vars(module))  # noqa: S102 - what this module is for
    except SyntaxError as error:
        raise RulesError(f"{path}, line {error.lineno}: {error.msg}") from error
    # Whatever somebody's own code raises, and its own exit, is an error of that file and not of the checker.
    except (Exception, SystemExit) as error:
        raise RulesError(f"{path}{_line(error)}: {type(error).__name__}: {_first_line(error)}") from error


def _line(error: BaseException) -> str:
    """The last line of the rules file itself on the way to the error."""
    trace, line = error.__traceback__, 0
    while trace is not None:
        if trace.tb_frame.f_globals.get("__name__") == MODULE_NAME:
            line = trace.tb_lineno
        trace = trace.tb_next
    return f", line {line}" if line else ""


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), "")
