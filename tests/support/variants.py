"""Other kernels for an op: what the checker says of them at all shapes, and at instances."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import Any

import pytest
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.kernel.decision import Decision
from backproof.equivalence.kernel.shapes import Part as Whole
from backproof.equivalence.kernel.shapes import decide_all_shapes
from backproof.equivalence.kernel.verdict import Verdict
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import instances
from backproof.equivalence.rules.parts import Part
from backproof.equivalence.rules.patterns import Pattern, patterns
from backproof.ir.graph import Shape
from backproof.runtime.primitive import PRIMITIVES
from backproof.spec.convention import TORCHLEAN

Kernel = Callable[..., Any]


def of_rank(op: str, rank: int) -> list[Pattern]:
    """The patterns of an op whose first input has this rank."""
    return [pattern for pattern in patterns(op) if len(pattern.shapes[0]) == rank]


def at_all_shapes(op: str, part: str, kernel: Kernel) -> Iterator[Decision]:
    """What is decided of the kernel for each pattern of matrices."""
    for pattern in of_rank(op, 2):
        yield decide_all_shapes(replace(lemma(op, Whole(part), pattern, TORCHLEAN), **{part: kernel}))


def at_instances(
    op: str, part: str, kernel: Kernel, patch: pytest.MonkeyPatch, firsts: Collection[Shape] = ()
) -> Iterator[Verdict]:
    """What is decided of the kernel in the op's place at each instance that is not large, or has one of these first shapes."""
    patch.setattr(PRIMITIVES[op], f"{part}_kernel", kernel)
    for rule in instances(op):
        if rule.shapes[0] in firsts if firsts else not rule.is_large:
            yield RuleCheck(rule, exact_semantics()).verdict(Part(part))
