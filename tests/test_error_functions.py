"""erf and gelu in its exact form: right at all shapes and instances, with 1/√π and √2 as the real numbers that they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from types import ModuleType
from typing import Any

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import flint
import numpy as np
import pytest
import scipy
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.kernel import KERNEL
from backproof.equivalence.kernel.decision import Fails, Holds
from backproof.equivalence.kernel.numbers.exact import Exact
from backproof.equivalence.kernel.numbers.formats import FLOAT32, FLOAT64, Format
from backproof.equivalence.kernel.numbers.radical import read
from backproof.equivalence.kernel.numbers.tracked import Tracked
from backproof.equivalence.kernel.scalars.mask import Unsupported
from backproof.equivalence.kernel.shapes import Part as Whole
from backproof.equivalence.kernel.shapes import decide_all_shapes
from backproof.equivalence.kernel.verdict import Proved, Refuted
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import instances
from backproof.equivalence.rules.parts import Part
from backproof.equivalence.rules.patterns import patterns
from backproof.ir.constant import Constant
from backproof.runtime.primitive import PRIMITIVES
from backproof.spec.convention import TORCHLEAN
from scipy import special

Kernel = Callable[..., Any]

ONE, HALF = Fraction(1), Fraction(1, 2)
TWO_OVER_ROOT_PI = Constant(1.1283791670955126, 2 * ONE, ONE, 1)
ROOT_OF_HALF = Constant(0.7071067811865476, ONE, HALF, 0)
DENSITY = Constant(0.3989422804014327, ONE, HALF, 1)
MISREAD = Constant(1.1283791670955128, 2 * ONE, ONE, 1)
CONSTANTS = [TWO_OVER_ROOT_PI, ROOT_OF_HALF, DENSITY]

RIGHT: list[tuple[str, str, Kernel]] = [
    ("erf", "forward", lambda x: 1 - special.erfc(x)),
    ("erf", "forward", lambda x: -special.erf(-x)),
    ("erf", "jvp", lambda x_dot, y, x: TWO_OVER_ROOT_PI * np.exp(-(x * x)) * x_dot),
    ("gelu_erf", "forward", lambda x: x * (1 + special.erf(x * ROOT_OF_HALF)) / 2),
    ("gelu_erf", "forward", lambda x: x - x * special.erfc(x * ROOT_OF_HALF) / 2),
    ("gelu_erf", "vjp", lambda g, y, x: (g * (special.erfc(-x * ROOT_OF_HALF) / 2 + DENSITY * (x / np.exp(x * x / 2))),)),
]
"""Op, part, and another kernel that is right over the reals."""

WRONG: list[tuple[str, str, Kernel]] = [
    ("erf", "forward", lambda x: special.erfc(x)),
    ("erf", "forward", lambda x: special.erf(-x)),
    ("erf", "forward", lambda x: np.tanh(x * TWO_OVER_ROOT_PI)),
    ("erf", "vjp", lambda g, y, x: (g * np.exp(-x * x) * 1.1283791670955126,)),  # the float is not the number
    ("erf", "vjp", lambda g, y, x: (g * np.exp(-x * x) * DENSITY,)),
    ("erf", "jvp", lambda x_dot, y, x: np.exp(x * x) * TWO_OVER_ROOT_PI * x_dot),
    ("gelu_erf", "forward", lambda x: x * (1 + special.erf(x * 0.7071067811865476)) / 2),
    ("gelu_erf", "forward", lambda x: x * special.erfc(x * ROOT_OF_HALF) / 2),
    ("gelu_erf", "vjp", lambda g, y, x: (g * special.erfc(-x * ROOT_OF_HALF) / 2,)),
    ("gelu_erf", "jvp", lambda x_dot, y, x: (special.erfc(-x * ROOT_OF_HALF) / 2 + np.exp(-x * x / 2) * DENSITY) * x_dot),
]
"""Op, part, and a kernel that is wrong somewhere."""


@pytest.mark.parametrize(("op", "part", "kernel"), RIGHT)
def test_another_right_kernel_is_proved(op: str, part: str, kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    for pattern in patterns(op)[:3]:
        assert isinstance(decide_all_shapes(replace(lemma(op, Whole(part), pattern, TORCHLEAN), **{part: kernel})), Holds)
    monkeypatch.setattr(PRIMITIVES[op], f"{part}_kernel", kernel)
    verdicts = [RuleCheck(rule, exact_semantics()).verdict(Part(part)) for rule in instances(op) if not rule.is_large]
    assert len(verdicts) > 3
    assert all(isinstance(verdict, Proved) for verdict in verdicts)


@pytest.mark.parametrize(("op", "part", "kernel"), WRONG)
def test_a_wrong_kernel_is_refuted(op: str, part: str, kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    said = [decide_all_shapes(replace(lemma(op, Whole(part), each, TORCHLEAN), **{part: kernel})) for each in patterns(op)[:3]]
    assert any(isinstance(decision, Fails) for decision in said)
    monkeypatch.setattr(PRIMITIVES[op], f"{part}_kernel", kernel)
    checks = [RuleCheck(rule, exact_semantics()) for rule in instances(op) if not rule.is_large]
    assert any(isinstance(check.verdict(Part(part)), Refuted) for check in checks)


def test_a_constant_that_is_not_the_nearest_to_what_it_says_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def kernel(g: Any, y: Any, x: Any) -> Any:
        return (g * np.exp(-x * x) * MISREAD,)

    with pytest.raises(Unsupported, match="not the nearest"):
        read(MISREAD)
    claim = replace(lemma("erf", Whole.VJP, patterns("erf")[1], TORCHLEAN), vjp=kernel)
    assert not isinstance(decide_all_shapes(claim), Holds)
    monkeypatch.setattr(PRIMITIVES["erf"], "vjp_kernel", kernel)
    assert not any(isinstance(RuleCheck(rule, exact_semantics()).verdict(Part.VJP), Proved) for rule in [*instances("erf")][:3])


@pytest.mark.parametrize("stands", [("scipy", ModuleType("scipy")), ("scipy.special", ModuleType("scipy.special"))], ids=str)
def test_what_only_bears_the_name_of_scipys_has_no_meaning(stands: tuple[str, ModuleType], monkeypatch: pytest.MonkeyPatch) -> None:
    name, module = stands
    claim = replace(lemma("erf", Whole.FORWARD, patterns("erf")[1], TORCHLEAN), forward=lambda x: scipy.special.erf(x))
    assert isinstance(decide_all_shapes(claim), Holds)
    if name == "scipy":
        module.special = special  # type: ignore[attr-defined]
        monkeypatch.setitem(globals(), "scipy", module)
    else:
        module.erf = lambda x: 2 * x  # type: ignore[attr-defined]
        monkeypatch.setattr(scipy, "special", module)
    assert not isinstance(decide_all_shapes(claim), Holds)


@pytest.mark.parametrize("constant", CONSTANTS)
def test_a_constant_is_the_real_number_to_exact_arrays_and_its_binary64_to_numpy(constant: Constant) -> None:
    x = np.array([1.0, 2.0])
    assert [constant.nearest, 2 * constant.nearest] == list(x * constant) == list(constant * x)
    assert np.float32 == (x.astype(np.float32) * constant).dtype == (constant * np.float32(1)).dtype
    with flint.ctx.workprec(200):
        real = flint.arb(read(constant).in_terms_of(Exact.of).value)
        assert 0 < abs(real - constant.nearest) < 2.0**-52


@pytest.mark.parametrize("op", ["erf", "gelu_erf"])
def test_every_proof_says_how_constants_are_read(op: str) -> None:
    for pattern in patterns(op):
        proof = KERNEL.decide(lemma(op, Whole.VJP, pattern, TORCHLEAN))
        assert any("is read as" in each for each in proof.assumptions)
    verdict = RuleCheck(next(instances(op)), exact_semantics()).verdict(Part.JVP)
    assert any("is read as" in each for each in verdict.proof.assumptions)


@pytest.mark.parametrize("name", ["erf", "erfc"])
@pytest.mark.parametrize("format_", [FLOAT64, FLOAT32])
def test_error_functions_of_floats_are_within_the_bounds_that_are_trusted(name: str, format_: Format) -> None:
    drawn = np.random.default_rng(5).uniform(-1, 1, 6000)
    points = np.concatenate([drawn * 1e-3, drawn, drawn * 6, drawn * 28, [0.0, -1e9, 1e9, 1e-300, 26.6, 27.2]]).astype(format_.number)
    came = getattr(special, name)(points)
    with flint.ctx.workprec(256):
        for x, y in zip(points, came, strict=True):
            tracked = Tracked.of(float(x), format_).apply(name)
            assert abs(tracked.ball - float(y)) <= tracked.error() < 1e-3


@pytest.mark.parametrize("number", [np.float64, np.float32])
def test_gelu_does_not_cancel_far_below_zero_and_overflows_nowhere(number: type) -> None:
    entries, x = PRIMITIVES["gelu_erf"], np.array([-1e30, -40, -12, -9, -5, 0, 5, 1e30], dtype=number)
    with np.errstate(over="ignore", under="ignore"):
        y = entries.forward_kernel(x)
        (x_bar,) = entries.vjp_kernel(np.ones_like(y), y, x)
        y_dot = entries.jvp_kernel(np.ones_like(x), y, x)
    assert {np.dtype(number)} == {y.dtype, x_bar.dtype, y_dot.dtype}
    assert np.all(np.isfinite(y)) and np.all(np.isfinite(x_bar))
    with flint.ctx.workprec(200):
        for at, came, slope in zip(x[2:7], y[2:7], x_bar[2:7], strict=True):
            z = flint.arb(float(at))
            weight = (-z / flint.arb(2).sqrt()).erfc() / 2
            exact = weight + z * (-z * z / 2).exp() / (2 * flint.arb.pi()).sqrt()
            within = 400 * float(np.finfo(number).eps)
            assert abs(float(came) - z * weight) <= within * abs(z * weight)
            assert abs(float(slope) - exact) <= within * abs(exact) + float(np.finfo(number).tiny)
