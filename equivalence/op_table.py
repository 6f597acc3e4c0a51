"""The table of ops: what each means, and everything decided of its rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..ir.graph import Shape
from ..spec.definition import Definition, definition_of
from .instances import RuleInstance, instances
from .obligations import Decided, Family
from .run import decided
from .work import RuleWork


@dataclass(frozen=True, slots=True)
class OpDecided:
    """One op: its definition, the instances checked, and what was decided, by part of the rule."""

    definition: Definition
    instances: int
    by_part: Mapping[str, tuple[Decided, ...]]


def op_table(
    ops: Sequence[str], jobs: int, rules: Path | None, progress: Callable[[int, int], None]
) -> Iterator[OpDecided]:
    """Decide the rule of every op at all its instances."""
    work = {op: tuple(map(RuleWork, instances(op))) for op in ops}
    results = list(decided([piece for op in ops for piece in work[op]], jobs, rules, progress))
    for op in ops:
        own = [each for each in results if each.obligation.family is Family.RULE and each.obligation.op == op]
        yield OpDecided(definition_of(op), len(work[op]), _by_part(own))


def prove(
    op: str,
    shapes: Sequence[Shape] | None,
    attributes: Mapping[str, Any],
    rules: Path | None,
    progress: Callable[[int, int], None],
) -> Iterator[Decided]:
    """Decide the rule of one op: at the shapes given, or at every instance if None.

    Raises: SpecError if there is no such op, or it does not accept the shapes and attributes.
    """
    definition = definition_of(op)
    if shapes is None:
        chosen = list(instances(op))
    else:
        definition.infer_shape(tuple(shapes), attributes)
        chosen = [RuleInstance(op, tuple(shapes), dict(attributes))]
    return decided(list(map(RuleWork, chosen)), 1, rules, progress)


def _by_part(results: Iterable[Decided]) -> Mapping[str, tuple[Decided, ...]]:
    parts: dict[str, list[Decided]] = {}
    for each in results:
        parts.setdefault(each.obligation.id.rsplit(":", 1)[1], []).append(each)
    return {part: tuple(found) for part, found in parts.items()}
