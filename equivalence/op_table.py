"""The table of ops: what each means, and everything decided of its rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..ir.graph import Shape
from ..spec.definition import Definition, definition_of
from .graphs.notes import ENTRIES, largest_of
from .ledger.ledger import Ledger
from .obligations import Decided, Family
from .rule_work import LemmaWork, RuleWork
from .rules.instances import RuleInstance, instances
from .rules.patterns import patterns
from .run import decided
from .work import Work


@dataclass(frozen=True, slots=True)
class OpDecided:
    """One op: its definition, the instances checked, and what was decided of them, by part; and at all shapes."""

    definition: Definition
    instances: int
    by_part: Mapping[str, tuple[Decided, ...]]
    at_all_shapes: tuple[Decided, ...]
    in_floats: tuple[Decided, ...]
    float_notes: Mapping[str, str]


def op_table(
    ops: Sequence[str],
    jobs: int,
    rules: Path | None,
    convention: str,
    progress: Callable[[int, int], None],
    ledger: Ledger | None,
) -> Iterator[OpDecided]:
    """Decide the rule of every op, at all shapes where it owes that, and at all its instances."""
    instances_of = {op: tuple(map(RuleWork, instances(op))) for op in ops}
    lemmas = [LemmaWork(op, pattern) for op in ops for pattern in patterns(op)]
    work: list[Work] = [*lemmas, *(piece for op in ops for piece in instances_of[op])]
    results = list(decided(work, jobs, rules, convention, progress, ledger))
    for op in ops:
        own = [each for each in results if each.obligation.family is Family.RULE and each.obligation.op == op]
        at_all_shapes = [each for each in own if each.obligation.id.startswith("lemma:")]
        at_instances = [each for each in own if each.obligation.id.startswith("rule:")]
        floats = tuple(each for each in results if each.obligation.family is Family.FLOAT and each.obligation.op == op)
        yield OpDecided(
            definition=definition_of(op),
            instances=len(instances_of[op]),
            by_part=_by_part(at_instances),
            at_all_shapes=tuple(at_all_shapes),
            in_floats=floats,
            float_notes=largest_of(note for each in floats for note in each.notes if note[0] != ENTRIES),
        )


def prove(
    op: str,
    shapes: Sequence[Shape] | None,
    attributes: Mapping[str, Any],
    rules: Path | None,
    convention: str,
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
    return decided(list(map(RuleWork, chosen)), 1, rules, convention, progress, None)


def _by_part(results: Iterable[Decided]) -> Mapping[str, tuple[Decided, ...]]:
    parts: dict[str, list[Decided]] = {}
    for each in results:
        parts.setdefault(each.obligation.id.rsplit(":", 1)[1], []).append(each)
    return {part: tuple(found) for part, found in parts.items()}
