"""Mutants drawn by a seed from all that there are."""

from __future__ import annotations

import ast
import difflib
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from types import CodeType

from ...equivalence.caught import Caught, caught
from ...equivalence.rules_file import Rules
from ...runtime.tape import Tape
from ..fault import Fault
from ..kind import Kind
from .edits import Edit, edits
from .sites import Site, sites

USUAL = 1500
"""Mutants that are drawn if nobody says how many."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one function; `place` is its number among all of that function."""

    site: Site
    tree: ast.Module
    place: int
    edit: Edit
    kind: Kind

    @property
    def id(self) -> str:
        """Stable as long as the function's text is."""
        return f"{self.kind}/{self.site.name}/{self.edit.fault_class.replace(' ', '-')}/{self.place}"

    def code(self) -> CodeType:
        """The changed function's code. Raises: SyntaxError, and ValueError, for what does not compile."""
        module = compile(self.edit.applied(self.tree), self.site.function.__code__.co_filename, "exec", dont_inherit=True)
        return next(each for each in module.co_consts if isinstance(each, CodeType))

    def text(self) -> str:
        """The changed function's source, normalised; that of the original if nothing is changed but the tree's identity."""
        return ast.unparse(self.edit.applied(self.tree))

    def shown(self) -> str:
        """What is changed, as a diff of normalised source."""
        before, after = ast.unparse(self.tree), self.text()
        lines = difflib.unified_diff(before.splitlines(), after.splitlines(), "shipped", "mutant", n=1, lineterm="")
        return "\n".join(lines)


def every_mutant() -> Iterator[Mutant]:
    """Every change of every function, in a fixed order."""
    return mutants_of(sites(), Kind.MUTANT)


def mutants_of(functions: Iterable[Site], kind: Kind, *, refusals: bool = False) -> Iterator[Mutant]:
    """Every change of these functions, in their order; of what they refuse too if asked."""
    for site in functions:
        tree = site.tree()
        (function,) = tree.body
        if isinstance(function, ast.FunctionDef):
            found = enumerate(edits(function, refusals=refusals))
            yield from (Mutant(site, tree, place, edit, kind) for place, edit in found)


def drawn_mutants(sample: int, seed: int) -> Sequence[Mutant]:
    """As many as asked, or all, by `drawn_from`."""
    return drawn_from(every_mutant(), sample, seed)


def drawn_from(mutants_: Iterable[Mutant], sample: int | None, seed: int) -> Sequence[Mutant]:
    """As many as asked, or all: each compiles, and no two nor the original read alike. In the order of their ids."""
    every = list(mutants_)
    random.Random(seed).shuffle(every)
    taken: dict[tuple[str, str], Mutant] = {}
    for mutant in every:
        if len(taken) == sample:
            break
        text = mutant.text()
        if text != ast.unparse(mutant.tree) and not isinstance(caught(mutant.code), Caught):
            taken.setdefault((mutant.site.name, text), mutant)
    return sorted(taken.values(), key=lambda mutant: mutant.id)


def mutants(sample: int | None, seed: int) -> tuple[Fault, ...]:
    """The faults that a seed draws."""
    return tuple(map(fault_of, drawn_mutants(USUAL if sample is None else sample, seed)))


def fault_of(mutant: Mutant) -> Fault:
    """The mutant as a fault that can be planted."""
    ops = ", ".join(mutant.site.ops)
    return Fault(mutant.id, mutant.kind, ops, mutant.edit.fault_class, partial(_planted, mutant), mutant.shown())


def _planted(mutant: Mutant) -> Rules:
    """Change the function that is there: whoever has imported it runs the mutant."""
    mutant.site.function.__code__ = mutant.code()
    return Rules(Tape, mutant.site.ops)
