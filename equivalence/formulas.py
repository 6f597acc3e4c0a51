"""Each op's formula as mathematics: its spec's own, read at letters for its sizes, where letters decide enough."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..spec.convention import CONVENTIONS
from ..spec.definition import DEFINITIONS, Definition
from ..spec.mathml import mathml
from ..spec.written import Letters, WrittenNaturals, written
from .containment import contained
from .kernel.shapes import AnyInteger, Naturals
from .rules.instances import instances
from .rules.patterns import Pattern, patterns

TRIED = 6
"""Patterns of an op that are read, the simplest first, until one is more than a copy."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an op is: its formula as its definition states it, and written out; domain; kinks and what is declared there.

    `mathml` is "" where no letters decide the formula; `at` are the attributes at which it is written. `declared` says, by
    kink, the weight of the branch above, or what else is declared.
    """

    op: str
    formula: str
    mathml: str
    at: str
    domain: str
    kinks: str
    declared: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """A formula read at the letters of a pattern: the equation, the names of its kinks, and what letters stand for."""

    equation: Any
    kinks: frozenset[str]
    pattern: Pattern
    letters: Mapping[str, str]
    """The letter for a side, by the pattern's name."""

    @property
    def is_copy(self) -> bool:
        """Whether it only repeats the entry of an input at the same index."""
        left, right = self.equation.args
        return bool(left.is_Indexed and right.is_Indexed and left.indices == right.indices)

    @property
    def at(self) -> str:
        """The attributes that are no letters."""
        given = {name: value for name, value in self.pattern.attributes if isinstance(value, (int, float, str)) or value == ()}
        return ", ".join(f"{name} = {value}" for name, value in given.items())


def meanings(ops: Iterable[str], convention: str) -> Iterator[Meaning]:
    """The meaning of each op that has a definition."""
    weights = CONVENTIONS[convention].weights
    for op in sorted(DEFINITIONS.keys() & set(ops)):
        definition, found = DEFINITIONS[op], reading(op)
        formula = " ".join((inspect.getdoc(definition.formula) or "").split())
        text, at, kinks = ("", "", frozenset[str]()) if found is None else (mathml(found.equation), found.at, found.kinks)
        declared = {kink: str(weights[kink]) for kink in sorted(kinks)} if definition.kinks != "none" else {}
        yield Meaning(op, formula, text, at, definition.domain_text, definition.kinks, declared)


def reading(op: str) -> Reading | None:
    """The first reading that is more than a copy of an entry, else the first; None where no letters decide the formula."""
    definition = DEFINITIONS[op]
    copy = None
    for pattern in sorted(patterns(op) or _instances(op), key=lambda each: _strangeness(definition, each))[:TRIED]:
        found = contained(partial(_reading, op, definition, pattern))
        if isinstance(found, Reading) and not found.is_copy:
            return found
        copy = copy or (found if isinstance(found, Reading) else None)
    return copy


def _reading(op: str, definition: Definition, pattern: Pattern) -> Reading:
    ranks = [*map(len, pattern.shapes)]
    output = next(rule.shape for rule in instances(op) if [*map(len, rule.shapes)] == ranks)
    names = _shorter({side for shape in pattern.shapes for side in shape if isinstance(side, str)})
    shapes = [[names[side] if isinstance(side, str) else side for side in shape] for shape in pattern.shapes]

    def attributes(letters: Letters) -> dict[str, Any]:
        return {name: _read(name, value, letters, names) for name, value in pattern.attributes}

    equation, kinks = written(definition, shapes, attributes, len(output))
    return Reading(equation, kinks, pattern, names)


def _read(name: str, value: Any, letters: Letters, names: Mapping[str, str]) -> Any:
    """An attribute with letters in place of what may be any."""
    match value:
        case AnyInteger():
            return letters.size(value.name)
        case Naturals():
            return WrittenNaturals(name, value.count, letters)
        case str() if name == "shape":
            return letters.size(names[value])
        case tuple():
            return tuple(_read(name, item, letters, names) for item in value)
    return value


def _shorter(names: set[str]) -> dict[str, str]:
    """Each name, without its number where no other has one."""
    stems = {name: name.rpartition("_")[0] for name in names}
    alone = [stem for stem in stems.values() if stem and [*stems.values()].count(stem) == 1 and stem not in names]
    return {name: stem if stem in alone else name for name, stem in stems.items()}


def _strangeness(definition: Definition, pattern: Pattern) -> int:
    """How far a pattern is from one side for each name, and none for a wildcard beside names."""
    plain = [max(1, sum(not name.startswith("*") for name in group)) for group in definition.inputs(len(pattern.shapes))]
    far = sum(abs(len(shape) - least) for shape, least in zip(pattern.shapes, plain, strict=True))
    return far + 10 * sum(1 for _name, value in pattern.attributes if value == ())


def _instances(op: str) -> list[Pattern]:
    """An op that has no rule for all sizes, at its instances."""
    return [Pattern(rule.shapes, tuple(rule.attributes.items())) for rule in instances(op) if not any(0 in shape for shape in rule.shapes)]
