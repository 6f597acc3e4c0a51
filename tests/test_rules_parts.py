"""Each part of a rule is refuted by its own fault and by nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.kernel.verdict import Proved, Refuted, RefutedReason, Verdict
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import RuleInstance
from backproof.equivalence.rules.parts import Part
from backproof.runtime import primitives as _primitives  # noqa: F401 - fills the registry
from backproof.runtime.primitive import PRIMITIVES
from backproof.spec import definitions as _definitions  # noqa: F401 - fills the registry


@pytest.fixture
def replaced() -> Iterator[Callable[..., None]]:
    kept: list[tuple[str, str, Any]] = []

    def replace(op: str, **kernels: Any) -> None:
        for part, kernel in kernels.items():
            slot = part if part == "shape" else f"{part}_kernel"
            kept.append((op, slot, getattr(PRIMITIVES[op], slot)))
            setattr(PRIMITIVES[op], slot, kernel)

    yield replace
    for op, slot, kernel in reversed(kept):
        setattr(PRIMITIVES[op], slot, kernel)


def verdicts(op: str, *shapes: tuple[int, ...]) -> dict[Part, Verdict]:
    check = RuleCheck(RuleInstance(op, shapes), exact_semantics())
    return {part: check.verdict(part) for part in Part}


def refuted(found: dict[Part, Verdict]) -> set[Part]:
    assert all(isinstance(verdict, Proved | Refuted) for verdict in found.values())
    return {part for part, verdict in found.items() if isinstance(verdict, Refuted)}


def test_a_right_rule_has_no_part_refuted() -> None:
    assert refuted(verdicts("mul", (3,), (3,))) == set()


def test_a_wrong_vjp_breaks_adjointness_and_leaves_shapes_alone(replaced: Callable[..., None]) -> None:
    replaced("mul", vjp=lambda y_bar, y, a, b: (y_bar * b, -y_bar * a))
    assert refuted(verdicts("mul", (3,), (3,))) == {Part.VJP, Part.ADJOINT}


def test_a_wrong_jvp_breaks_adjointness_and_leaves_shapes_alone(replaced: Callable[..., None]) -> None:
    replaced("mul", jvp=lambda a_dot, b_dot, y, a, b: a_dot * b)
    assert refuted(verdicts("mul", (3,), (3,))) == {Part.JVP, Part.ADJOINT}


def test_two_wrong_rules_may_be_adjoint(replaced: Callable[..., None]) -> None:
    replaced("tanh", vjp=lambda y_bar, y, x: (2 * y_bar,), jvp=lambda x_dot, y, x: 2 * x_dot)
    assert refuted(verdicts("tanh", (2,))) == {Part.VJP, Part.JVP}


def test_a_wrong_forward_leaves_rules_that_do_not_read_it_alone(replaced: Callable[..., None]) -> None:
    replaced("mul", forward=lambda a, b: a * b + 1)
    assert refuted(verdicts("mul", (2,), (2,))) == {Part.FORWARD}


def test_a_cotangent_of_a_wrong_shape_breaks_shapes_too(replaced: Callable[..., None]) -> None:
    replaced("sum", vjp=lambda y_bar, y, x: (y_bar,))
    assert refuted(verdicts("sum", (3,))) == {Part.VJP, Part.ADJOINT, Part.SHAPES}


def test_a_forward_that_writes_to_an_input_breaks_shapes(replaced: Callable[..., None]) -> None:
    def forward(a: Any, b: Any) -> Any:
        a += b
        return a

    replaced("add", forward=forward)
    assert Part.SHAPES in refuted(verdicts("add", (2,), (2,)))


def test_a_kernel_that_raises_where_the_op_is_defined_is_refuted_there(replaced: Callable[..., None]) -> None:
    replaced("mul", vjp=lambda y_bar, y, a, b: (y_bar * b, y_bar @ np.ones(7)))
    found = verdicts("mul", (2,), (2,))
    assert isinstance(found[Part.VJP], Refuted)
    assert "ValueError" in found[Part.VJP].counterexample.nodes[0].tape[0]
    assert isinstance(found[Part.FORWARD], Proved)


def test_a_wrong_kink_is_told_apart_from_a_wrong_rule(replaced: Callable[..., None]) -> None:
    replaced("relu", vjp=lambda y_bar, y, x: (np.where(x >= 0, y_bar, 0),))
    found = verdicts("relu", (3,))
    assert refuted(found) == {Part.VJP, Part.ADJOINT}
    assert {RefutedReason.KINK} == {v.reason for v in found.values() if isinstance(v, Refuted)}
    replaced("relu", vjp=lambda y_bar, y, x: (np.where(x >= 0, 2 * y_bar, 0),))
    assert {RefutedReason.WRONG} == {v.reason for v in verdicts("relu", (3,)).values() if isinstance(v, Refuted)}


def test_a_value_kept_from_the_first_run_is_never_proved(replaced: Callable[..., None]) -> None:
    kept: dict[Any, Any] = {}
    replaced("tanh", vjp=lambda y_bar, y, x: (y_bar * (1 - kept.setdefault(x.shape, y) * y),))
    assert not isinstance(verdicts("tanh", (2,))[Part.VJP], Proved)


def test_a_mask_does_not_hide_a_singular_branch(replaced: Callable[..., None]) -> None:
    # In floats (x != 0) * (1 / x) is 0 · ∞ at 0, which is no number.
    replaced("relu", forward=lambda x: (x > 0) * (x * (x / x)))
    assert not isinstance(verdicts("relu", (2,))[Part.FORWARD], Proved)
