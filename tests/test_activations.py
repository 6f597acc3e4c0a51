"""Elementwise ops: right at all shapes and at instances; wrong variants of their kernels are refuted at both."""

from __future__ import annotations

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import flint
import numpy as np
import pytest
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.kernel import KERNEL
from backproof.equivalence.kernel.decision import Fails, Holds
from backproof.equivalence.kernel.shapes import Part as Whole
from backproof.equivalence.kernel.verdict import Proved, Refuted
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import instances
from backproof.equivalence.rules.parts import Part
from backproof.runtime.primitive import PRIMITIVES, AttributeFault
from backproof.spec.convention import TORCHLEAN
from backproof.spec.definition import SpecError, definition_of
from variants import Kernel, at_all_shapes, at_instances, of_rank

RIGHT: list[tuple[str, str, Kernel]] = [
    ("tanh", "vjp", lambda y_bar, y, x: (y_bar * (1 - y * y),)),
    ("tanh", "jvp", lambda x_dot, y, x: (1 - y) * (1 + y) * x_dot),
    ("tanh", "forward", lambda x: 2 / (1 + np.exp(-2 * x)) - 1),
    ("sin", "jvp", lambda x_dot, y, x: (np.cos(x) + y * y + np.cos(-x) * np.cos(x) - 1) * x_dot),
    ("elu", "vjp", lambda y_bar, y, x, alpha: (np.where(x > 0, y_bar, y_bar * (y + alpha)),)),
    ("softplus", "forward", lambda x: np.log(1 + np.exp(x))),
    ("softplus", "vjp", lambda y_bar, y, x: (y_bar * np.exp(x - y),)),
    ("softplus", "jvp", lambda x_dot, y, x: -np.expm1(-y) * x_dot),
    ("silu", "jvp", lambda x_dot, y, x: silu_slope(x) * x_dot),
    ("gelu", "forward", lambda x: 0.5 * x * (1 + np.tanh(0.7978845608028654 * (x + 0.044715 * x**3)))),
    ("gelu", "jvp", lambda x_dot, y, x: gelu_slope(x, 3 * (0.044715 * x * x)) * x_dot),
]
"""Op, part, and another kernel that is right over the reals."""


def gelu_slope(x, bend):
    t = np.tanh(0.7978845608028654 * (x + 0.044715 * x * x * x))
    return (1 + t) / 2 + x / 2 * (1 - t * t) * (0.7978845608028654 * (1 + bend))


def silu_slope(x):
    logistic = 1 / (1 + np.exp(-x))
    return logistic * (1 + x * (1 - logistic))


WRONG: list[tuple[str, str, Kernel]] = [
    ("leaky_relu", "forward", lambda x, slope: np.where(x > 0, x * slope, x)),
    ("leaky_relu", "vjp", lambda y_bar, y, x, slope: (np.where(x > 0, y_bar * slope, y_bar),)),
    ("leaky_relu", "vjp", lambda y_bar, y, x, slope: (np.where(x >= 0, y_bar, y_bar * slope),)),
    ("tanh", "vjp", lambda y_bar, y, x: (y_bar * (4 * np.exp(-2 * np.abs(x)) / (1 + np.exp(-2 * np.abs(x)))),)),
    ("tanh", "jvp", lambda x_dot, y, x: (1 - x * y) * x_dot),
    ("sin", "vjp", lambda y_bar, y, x: (-y_bar * np.cos(x),)),
    ("cos", "jvp", lambda x_dot, y, x: np.sin(-x) * x_dot + 1e-9 * x_dot),
    ("elu", "forward", lambda x, alpha: np.where(x > 0, x, np.expm1(np.minimum(x, 0)))),
    ("elu", "vjp", lambda y_bar, y, x, alpha: (np.where(x > 0, y_bar, y_bar * np.exp(np.minimum(x, 0))),)),
    ("elu", "vjp", lambda y_bar, y, x, alpha: (np.where(x >= 0, y_bar, y_bar * (y + alpha)),)),
    ("silu", "vjp", lambda y_bar, y, x: (y_bar / (1 + np.exp(-x)),)),
    ("softplus", "forward", lambda x: np.log1p(np.exp(-np.abs(x)))),
    ("softplus", "jvp", lambda x_dot, y, x: np.exp(y) * x_dot),
    ("safe_log", "forward", lambda x, eps=1e-6: np.log(np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))) + 1e-6)),
    ("safe_log", "vjp", lambda y_bar, y, x, eps=1e-6: (y_bar / (1 + np.exp(-x)),)),
    ("gelu", "forward", lambda x: x * (1 + np.tanh(0.7978 * (x + 0.044715 * x * x * x))) / 2),
    ("gelu", "forward", lambda x: x * (1 + np.tanh(0.7978845608028655 * (x + 0.044715 * x * x * x))) / 2),
    ("gelu", "vjp", lambda y_bar, y, x: (y_bar * (1 + np.tanh(0.7978845608028654 * (x + 0.044715 * x * x * x))) / 2,)),
    ("gelu", "jvp", lambda x_dot, y, x: gelu_slope(x, 3 * 0.044715 * x * x) * x_dot),
    ("leaky_relu", "jvp", lambda x_dot, y, x, slope: np.where(y > 0, x_dot, x_dot * slope)),
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


def test_the_proofs_of_gelu_say_how_its_constant_is_read() -> None:
    reading = "sqrt(2/pi) is read as the binary64 nearest to it, 0.7978845608028654"
    with flint.ctx.workprec(200):
        distance = abs(flint.arb(0.7978845608028654) - (2 / flint.arb.pi()).sqrt())
        assert distance < 2.0**-54
    proof = KERNEL.decide(lemma("gelu", Whole.VJP, of_rank("gelu", 1)[0], TORCHLEAN))
    assert reading in proof.assumptions
    verdict = RuleCheck(next(instances("gelu")), exact_semantics()).verdict(Part.JVP)
    assert reading in verdict.proof.assumptions


STABLE = ("elu", "gelu", "log_softmax", "logsumexp", "norm", "safe_log", "sigmoid", "silu", "softplus", "tanh")


@pytest.mark.parametrize("op", STABLE)
@pytest.mark.parametrize("number", [np.float64, np.float32])
def test_no_part_overflows_far_out(op: str, number: type) -> None:
    attributes = {"elu": {"alpha": 1.5}, "logsumexp": {"axis": 0}, "norm": {"axis": 0}}.get(op, {})
    largest = np.finfo(number).max / 4
    entries = PRIMITIVES[op]
    for values in ([-largest, -1e4, -90, 0, 90, 1e4, largest], [-1e30, -1e30]):
        x = np.array(values, dtype=number)
        # The cube in gelu may overflow on the way, to an exponential that is 0.
        with np.errstate(over="ignore" if op == "gelu" else "warn", invalid="ignore" if op == "gelu" else "warn"):
            y = entries.forward_kernel(x, **attributes)
            (x_bar,) = entries.vjp_kernel(np.ones_like(y), y, x, **attributes)
            y_dot = entries.jvp_kernel(np.ones_like(x), y, x, **attributes)
        assert all(np.all(np.isfinite(each)) and each.dtype == number for each in (np.asarray(y), x_bar, np.asarray(y_dot)))


@pytest.mark.parametrize("x", [-700.0, -40.0, -20.0, -3.0, 1e-9, 0.5, 3.0, 18.5, 19.0, 40.0, 340.0])
def test_the_slope_of_tanh_is_right_to_a_few_ulps_also_where_tanh_rounds_to_one(x: float) -> None:
    entries, at = PRIMITIVES["tanh"], np.array(x)
    (slope,) = entries.vjp_kernel(np.array(1.0), np.tanh(at), at)
    with flint.ctx.workprec(300):
        exact = 1 / flint.arb(x).cosh() ** 2
        assert abs(flint.arb(float(slope)) - exact) <= 16 * 2.0**-53 * exact + 2.0**-1070


@pytest.mark.parametrize("eps", [0.0, -1.0, float("nan"), float("inf")])
def test_an_epsilon_that_is_not_positive_is_refused(eps: float) -> None:
    with pytest.raises(AttributeFault, match="a positive number was needed"):
        PRIMITIVES["safe_log"].shape((2,), eps=eps)
    with pytest.raises(SpecError, match="eps must be positive"):
        definition_of("safe_log").infer_shape([(2,)], {"eps": eps})


