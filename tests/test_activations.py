"""Elementwise ops: right at all shapes and at instances; wrong variants of their kernels are refuted at both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.kernel.decision import Fails
from backproof.equivalence.kernel.shapes import Part as Whole
from backproof.equivalence.kernel.shapes import decide_all_shapes
from backproof.equivalence.kernel.verdict import Refuted
from backproof.equivalence.rules.all_shapes import lemma, patterns
from backproof.equivalence.rules.claims import Part
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import instances
from backproof.runtime.primitive import PRIMITIVES
from backproof.spec.convention import TORCHLEAN

Kernel = Callable[..., Any]

WRONG: list[tuple[str, str, Kernel]] = [
    ("min", "vjp", lambda y_bar, y, a, b: (np.where(a <= b, y_bar, 0), np.where(a > b, y_bar, 0))),
    ("min", "jvp", lambda a_dot, b_dot, y, a, b: np.where(a > b, a_dot, b_dot)),
    ("min", "forward", lambda a, b: np.maximum(a, b)),
    ("neg", "vjp", lambda y_bar, y, x: (y_bar,)),
    ("square", "vjp", lambda y_bar, y, x: (x * y_bar,)),
    ("square", "vjp", lambda y_bar, y, x: (2 * y_bar,)),
    ("inv", "vjp", lambda y_bar, y, x: (y_bar * y * y,)),
    ("inv", "jvp", lambda x_dot, y, x: -x_dot / x),
    ("leaky_relu", "forward", lambda x, slope: np.where(x > 0, x * slope, x)),
    ("leaky_relu", "vjp", lambda y_bar, y, x, slope: (np.where(x > 0, y_bar * slope, y_bar),)),
    ("leaky_relu", "vjp", lambda y_bar, y, x, slope: (np.where(x >= 0, y_bar, y_bar * slope),)),
    ("leaky_relu", "jvp", lambda x_dot, y, x, slope: np.where(y > 0, x_dot, x_dot * slope)),
]
"""Op, part, and a kernel that is wrong somewhere."""

IDS = [f"{op} {part} {place}" for place, (op, part, _kernel) in enumerate(WRONG)]


@pytest.mark.parametrize(("op", "part", "kernel"), WRONG, ids=IDS)
def test_a_wrong_kernel_is_refuted_at_all_shapes(op: str, part: str, kernel: Kernel) -> None:
    said = [
        decide_all_shapes(replace(lemma(op, Whole(part), pattern, TORCHLEAN), **{part: kernel}))
        for pattern in patterns(op)
        if len(pattern.shapes[0]) == 2
    ]
    assert any(isinstance(decision, Fails) for decision in said)


@pytest.mark.parametrize(("op", "part", "kernel"), WRONG, ids=IDS)
def test_a_wrong_kernel_is_refuted_at_an_instance(
    op: str, part: str, kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PRIMITIVES[op], f"{part}_kernel", kernel)
    checks = [RuleCheck(rule, exact_semantics()) for rule in instances(op)]
    assert any(isinstance(check.verdict(Part(part)), Refuted) for check in checks if not check.rule.is_large)
