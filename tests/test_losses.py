"""Extremes, powers, choices, logarithms of sums and losses: right at all shapes and at instances; wrong variants of their kernels are refuted at both."""

from __future__ import annotations

from dataclasses import replace

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.kernel.decision import Fails, Holds
from backproof.equivalence.kernel.shapes import Part as Whole
from backproof.equivalence.kernel.shapes import decide_all_shapes
from backproof.equivalence.kernel.shapes.arrays import Array
from backproof.equivalence.kernel.shapes.atoms import entry
from backproof.equivalence.kernel.shapes.case import Case
from backproof.equivalence.kernel.shapes.kernels import symbolic
from backproof.equivalence.kernel.shapes.naturals import Listed
from backproof.equivalence.kernel.shapes.polynomial import Unsupported, integer, least, variable
from backproof.equivalence.kernel.verdict import Proved, Refuted
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import instances
from backproof.equivalence.rules.parts import Part
from backproof.ir.graph import BackproofError
from backproof.runtime.primitive import PRIMITIVES
from backproof.spec.convention import TORCHLEAN
from backproof.spec.definition import definition_of
from variants import Kernel, at_all_shapes, at_instances, of_rank


def place(x, axis):
    return x.ndim - 1 if axis is None else axis


def pulled(moved, x, exponent):
    """Right for the exponents of the definition, of which only 0.3 − 1 is rounded."""
    if exponent == 0.3:
        return moved * 0.3 * x**0.3 / x
    return moved * exponent * x ** (exponent - 1) if exponent != 0 else 0 * x


def count(x):
    return x.size if x.size > 0 else 1


def both_ways(x):
    return x, -x


def bent(d, delta):
    return np.where(d > delta, delta, np.where(d > -delta, d, -delta))


def loss(d, delta, scale):
    """The Huber loss if the scale is 1/2; wrong only above delta otherwise."""
    inner = np.where(d > -delta, d * d / 2, -delta * (d + delta / 2))
    return np.where(d > delta, delta * (d - delta * scale), inner)


def softmax(x):
    return np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)


def hot(x, indices):
    return np.expand_dims(np.array(indices, dtype=np.intp), 1) == np.arange(x.shape[1])


RIGHT: list[tuple[str, str, Kernel]] = [
    ("log_softmax", "forward", lambda x, axis=None: x - np.log(np.sum(np.exp(x), axis=place(x, axis), keepdims=True))),
    ("logsumexp", "forward", lambda x, axis: np.log(np.sum(np.exp(x), axis=axis))),
    ("huber", "forward", lambda p, t, delta: np.sum(loss(p - t, delta, 0.5)) / count(p)),
    ("where", "forward", lambda mask, a, b: np.where(mask == 0, b, a)),
    ("pow", "vjp", lambda y_bar, y, x, exponent: (pulled(y_bar, x, exponent),)),
    ("where", "jvp", lambda mask_dot, a_dot, b_dot, y, mask, a, b: np.where((mask > 0) | (mask < 0), a_dot, b_dot)),
    ("dropout", "vjp", lambda y_bar, y, x, mask, keep: (y_bar / keep * mask, x * 0)),
    ("cross_entropy", "forward", lambda x, indices: np.sum(np.where(hot(x, indices), -np.log(softmax(x)), 0)) / x.shape[0]),
]
"""Op, part, and another kernel that is right over the reals."""

WRONG: list[tuple[str, str, Kernel]] = [
    ("min", "vjp", lambda y_bar, y, a, b: (np.where(a <= b, y_bar, 0), np.where(a > b, y_bar, 0))),
    ("min", "jvp", lambda a_dot, b_dot, y, a, b: np.where(a > b, a_dot, b_dot)),
    ("min", "forward", lambda a, b: np.maximum(a, b)),
    ("neg", "vjp", lambda y_bar, y, x: (y_bar,)),
    ("square", "vjp", lambda y_bar, y, x: (x * y_bar,)),
    ("square", "vjp", lambda y_bar, y, x: (2 * y_bar,)),
    ("inv", "vjp", lambda y_bar, y, x: (y_bar * y * y,)),
    ("inv", "jvp", lambda x_dot, y, x: -x_dot / x),
    ("log_softmax", "jvp", lambda x_dot, y, x, axis=None: x_dot - np.exp(y) * np.sum(x_dot, axis=place(x, axis), keepdims=True)),
    ("log_softmax", "vjp", lambda y_bar, y, x, axis=None: (y_bar - np.sum(np.exp(y) * y_bar, axis=place(x, axis), keepdims=True),)),
    ("logsumexp", "vjp", lambda y_bar, y, x, axis: (np.expand_dims(y_bar, axis) * np.exp(x),)),
    ("logsumexp", "forward", lambda x, axis: np.log(np.sum(np.exp(x - np.max(x, axis=axis, keepdims=True)), axis=axis))),
    ("where", "forward", lambda mask, a, b: np.where(mask > 0, a, b)),
    ("pow", "forward", lambda x, exponent: x**2 if exponent == 3 else x**exponent),
    ("pow", "vjp", lambda y_bar, y, x, exponent: (exponent * y_bar * y,)),
    ("pow", "vjp", lambda y_bar, y, x, exponent: (y_bar * x**exponent,)),
    ("pow", "jvp", lambda x_dot, y, x, exponent: 0 * x if exponent == 1 else pulled(x_dot, x, exponent)),
    ("where", "vjp", lambda y_bar, y, mask, a, b: (np.zeros_like(a), np.where(mask != 0, y_bar, 0), y_bar)),
    ("where", "vjp", lambda y_bar, y, mask, a, b: (y_bar * (a - b), np.where(mask != 0, y_bar, 0), np.where(mask != 0, 0, y_bar))),
    ("dropout", "vjp", lambda y_bar, y, x, mask, keep: (y_bar * mask, np.zeros_like(mask))),
    ("dropout", "vjp", lambda y_bar, y, x, mask, keep: (y_bar * mask / keep, y_bar * x / keep)),
    ("dropout", "forward", lambda x, mask, keep: np.where(mask != 0, x, 0) / keep),
    ("huber", "forward", lambda p, t, delta: np.sum(loss(p - t, delta, 1)) / count(p)),
    ("huber", "vjp", lambda y_bar, y, p, t, delta: both_ways(np.where(p - t > delta, p - t, bent(p - t, delta)) * y_bar / count(p))),
    ("huber", "vjp", lambda y_bar, y, p, t, delta: both_ways(bent(p - t, delta) * y_bar)),
    ("cross_entropy", "vjp", lambda y_bar, y, x, indices: (y_bar * (softmax(x) - np.where(hot(x, indices), np.ones_like(x), 0)) / x.shape[0],)),
    ("cross_entropy", "forward", lambda x, indices: np.sum(np.where(hot(x, indices), -x, 0)) / x.shape[0]),
    ("cross_entropy", "forward", lambda x, indices: np.sum(np.where(hot(x, indices), -np.log(softmax(x)), 0)) / x.shape[1]),
]
"""Op, part, and a kernel that is wrong somewhere."""

OTHERS = [f"{op} {part} {place}" for place, (op, part, _kernel) in enumerate(RIGHT)]
IDS = [f"{op} {part} {place}" for place, (op, part, _kernel) in enumerate(WRONG)]


@pytest.mark.parametrize(("op", "part", "kernel"), WRONG, ids=IDS)
def test_a_wrong_kernel_is_refuted_at_all_shapes(op: str, part: str, kernel: Kernel) -> None:
    assert any(isinstance(decision, Fails) for decision in at_all_shapes(op, part, kernel))


@pytest.mark.parametrize(("op", "part", "kernel"), WRONG, ids=IDS)
def test_a_wrong_kernel_is_refuted_at_an_instance(
    op: str, part: str, kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert any(isinstance(verdict, Refuted) for verdict in at_instances(op, part, kernel, monkeypatch))


@pytest.mark.parametrize(("op", "part", "kernel"), RIGHT, ids=OTHERS)
def test_another_right_kernel_is_proved_at_all_shapes(op: str, part: str, kernel: Kernel) -> None:
    for decision in at_all_shapes(op, part, kernel):
        assert isinstance(decision, Holds), decision


@pytest.mark.parametrize(("op", "part", "kernel"), RIGHT, ids=OTHERS)
def test_another_right_kernel_is_proved_at_instances(
    op: str, part: str, kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdicts = [*at_instances(op, part, kernel, monkeypatch, ((5,), (2, 3), (2, 5)))]
    assert verdicts
    for verdict in verdicts:
        assert isinstance(verdict, Proved), verdict


def test_a_sum_of_nothing_has_no_logarithm() -> None:
    for infer in (PRIMITIVES["logsumexp"].shape, definition_of("logsumexp").shape):
        assert (0,) == infer((0, 3), axis=1)
        with pytest.raises(BackproofError, match="no logarithm"):
            infer((0, 3), axis=0)


ASKING: list[Kernel] = [
    lambda x, indices: np.sum(x) * 0 if np.array(indices, dtype=np.intp) == 3 else np.sum(x),
    lambda x, indices: np.sum(x) if np.arange(x.shape[1]) == np.arange(x.shape[0]) else x,
    lambda x, indices: np.where(np.array(indices, dtype=np.intp) == np.arange(x.shape[1]), x, 0),
    lambda x, indices: np.where(np.expand_dims(np.array(indices, dtype=np.intp), 0) == np.arange(x.shape[1]), x, 0),
    lambda x, indices: np.where(np.expand_dims(np.array(indices, dtype=np.intp), 1) == indices, x, 0),
    lambda x, indices: np.where(np.expand_dims(np.array(indices, dtype=np.intp), 1) != np.arange(x.shape[1]), x, 0),
    lambda x, indices: np.where(np.arange(x.shape[1]) < 3, x, 0),
    lambda x, indices: np.where(np.arange(x.shape[1] - 1) == np.expand_dims(np.array(indices, dtype=np.intp), 1), x, 0),
    lambda x, indices: np.arange(1, x.shape[1]),
]
"""Kernels that ask what is not known of naturals."""


@pytest.mark.parametrize("kernel", ASKING)
def test_what_is_not_known_of_naturals_is_not_answered(kernel: Kernel) -> None:
    sides = tuple(map(variable, "nc"))
    case = Case((), frozenset(least(side - integer(1)) for side in sides), TORCHLEAN.weights)
    x = Array(case, sides, lambda index: entry("x 0", index))
    with pytest.raises(Unsupported):
        symbolic(kernel, [x, Listed(case, "indices", sides[0])], {})


@pytest.mark.parametrize(
    ("op", "part", "kernel"),
    [
        ("square", "vjp", lambda y_bar, y, x: (2 * x * y_bar * (x / x),)),
        ("square", "forward", lambda x: x**3 / x),
        ("square", "forward", lambda x: np.exp(2 * np.log(x))),
        ("pow", "vjp", lambda y_bar, y, x, exponent: (exponent * y / x * y_bar,)),
        ("neg", "jvp", lambda x_dot, y, x: -x_dot * (x * x) ** 0.75 / (x * x) ** 0.75),
    ],
)
def test_a_kernel_that_is_undefined_inside_the_domain_is_not_proved(
    op: str, part: str, kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = [replace(lemma(op, Whole(part), pattern, TORCHLEAN), **{part: kernel}) for pattern in of_rank(op, 1)]
    assert not all(isinstance(decide_all_shapes(claim), Holds) for claim in claims)
    monkeypatch.setattr(PRIMITIVES[op], f"{part}_kernel", kernel)
    rules = [rule for rule in instances(op) if rule.shapes[0] == (5,)]
    assert not all(isinstance(RuleCheck(rule, exact_semantics()).verdict(Part(part)), Proved) for rule in rules)


@pytest.mark.parametrize("exponent", [float("nan"), float("inf")])
def test_an_exponent_that_is_not_finite_is_refused(exponent: float) -> None:
    for infer in (PRIMITIVES["pow"].shape, definition_of("pow").shape):
        with pytest.raises(BackproofError, match="finite"):
            infer((2,), exponent=exponent)
