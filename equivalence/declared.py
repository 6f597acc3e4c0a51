"""What conventions declare: at each kink of each op, which branch's derivative is the derivative."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..spec.convention import CONVENTIONS, TORCHLEAN, Weight
from ..spec.definition import DEFINITIONS
from ..spec.derive import instantiate
from .rules.instances import instances


@dataclass(frozen=True, slots=True)
class Declared:
    """One kink of one op: its name, where it is, and by convention the weight of the branch above, or what else is declared."""

    op: str
    kink: str
    where: str
    weights: Mapping[str, Weight]


def declared() -> Iterator[Declared]:
    """Every kink of every op, by op and name."""
    for op, definition in sorted(DEFINITIONS.items()):
        if definition.kinks != "none":
            rules = (instantiate(definition, rule.shapes, rule.attributes, TORCHLEAN) for rule in instances(op))
            for kink in sorted(frozenset[str]().union(*(rule.kink_names for rule in rules))):
                weights = {name: convention.weights[kink] for name, convention in CONVENTIONS.items()}
                yield Declared(op, kink, definition.kinks, weights)
