"""A class of wrong rules, and the rules file that plants it on one op.

What is planted is what is shown: the file is written down and executed as `--rules` executes one.
"""

from __future__ import annotations

import inspect
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ...equivalence.rules_file import Rules, load_rules
from ...runtime.tape import Tape
from ..fault import Fault
from ..kind import Kind
from . import places

PLACES = {"vjp": places.in_the_vjp, "jvp": places.in_the_jvp, "forward": places.in_the_forward}
"""For each part of a rule where in it a change is made."""

Source = Callable[..., Any] | type[Tape]


@dataclass(frozen=True, slots=True)
class Change:
    """Wrong entries made of right ones, on some ops in one part of their rules."""

    change: Callable[..., Any]
    part: str
    ops: tuple[str, ...]

    def faults(self) -> Iterator[Fault]:
        """One for each op."""
        place, name = PLACES[self.part], self.change.__name__
        for op in self.ops:
            last = f"{place.__name__}({_kernel(op, self.part)}, {name})"
            yield _fault(name, op, self.part, _file((place, self.change), _replaced(op, self.part, last)))


@dataclass(frozen=True, slots=True)
class Wrong:
    """A wrong kernel made of the right one, on some ops for one part of their rules."""

    wrong: Callable[..., Any]
    part: str
    ops: tuple[str, ...]

    def faults(self) -> Iterator[Fault]:
        """One for each op."""
        name = self.wrong.__name__
        for op in self.ops:
            last = _replaced(op, self.part, f"{name}({_kernel(op, self.part)})")
            yield _fault(name, op, self.part, _file((self.wrong,), last))


@dataclass(frozen=True, slots=True)
class WrongTapes:
    """Tapes wrong in one situation, each in its own way; `base` is the tape that knows the situation."""

    name: str
    base: type[Tape]
    tapes: tuple[type[Tape], ...]

    def faults(self) -> Iterator[Fault]:
        """One for each tape."""
        for tape in self.tapes:
            head = f"class {tape.__name__}("
            text = _file((self.base, tape), "").replace(head, f"@checked_tape\n{head}")
            yield _fault(self.name, "", tape.__name__, text)


@dataclass(frozen=True, slots=True)
class WrongByOp:
    """A tape that is wrong at nodes of one op."""

    name: str
    tape: type[Tape]
    ops: tuple[str, ...]

    def faults(self) -> Iterator[Fault]:
        """One for each op."""
        for op in self.ops:
            text = f"{HEAD}\nOP = {op!r}\n\n\n@checked_tape\n{inspect.getsource(self.tape)}"
            yield _fault(self.name, op, "tape", text)


HEAD = """from typing import Any

import numpy as np
from backproof import Tape, checked_tape, primitive_of
"""


def _file(sources: tuple[Source, ...], last: str) -> str:
    return "\n\n".join((HEAD, *map(inspect.getsource, sources), last)).rstrip() + "\n"


def _kernel(op: str, part: str) -> str:
    return f'primitive_of("{op}").{part}_kernel'


def _replaced(op: str, part: str, kernel: str) -> str:
    return f'primitive_of("{op}").{part}({kernel})\n'


def _fault(name: str, op: str, where: str, text: str) -> Fault:
    fault_class = name.replace("_", "-")
    parts = ("planted", fault_class, *((op,) if op else ()), where)
    return Fault("/".join(parts), Kind.PLANTED, op, fault_class, partial(plant, text), text)


def plant(text: str) -> Rules:
    """Write a rules file and execute it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rules.py"
        file.write_text(text)
        return load_rules(file)
