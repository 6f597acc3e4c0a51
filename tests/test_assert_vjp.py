"""assert_vjp on rules as users write them: right ones are proved, wrong ones shown, everything else fails by name."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import backproof.equivalence.run  # noqa: F401  (fills the registries)
import numpy as np
import pytest
from backproof import assert_vjp
from backproof.equivalence.assertions.assertion import AssertionMisused
from backproof.equivalence.kernel import KERNEL
from backproof.equivalence.rules.instances import RuleInstance, instances
from backproof.runtime.primitive import PRIMITIVES, primitive_of


def softmax(x: Any) -> Any:
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def log_softmax(x: Any) -> Any:
    return x - x.max(axis=-1, keepdims=True) - np.log(np.exp(x - x.max(axis=-1, keepdims=True)).sum(axis=-1, keepdims=True))


def rms_norm(x: Any) -> Any:
    return x / np.sqrt((x * x).mean() + 0.5)


def taken(x: Any) -> Any:
    return x[[0, 0, 1]]


def scattered(g: Any, _y: Any, x: Any, *, add: bool) -> Any:
    x_bar = np.zeros_like(x)
    if add:
        np.add.at(x_bar, [0, 0, 1], g)
    else:
        x_bar[[0, 0, 1]] = g
    return x_bar


RIGHT: dict[str, tuple[Callable[..., Any], Callable[..., Any], Any, Any]] = {
    "tanh": (np.tanh, lambda g, y, x: g * (1 - y * y), [(2, 3), (), (1,)], None),
    "log": (np.log, lambda g, y, x: g / x, [(3,)], "positive"),
    "divide": (lambda a, b: a / b, lambda g, y, a, b: (g / b, -g * y / b), [((2,), (2,))], {1: "nonzero"}),
    "softmax": (softmax, lambda g, y, x: y * (g - (g * y).sum(axis=-1, keepdims=True)), [(2, 3)], None),
    "log_softmax": (log_softmax, lambda g, y, x: g - np.exp(y) * g.sum(axis=-1, keepdims=True), [(3,)], None),
    "matmul": (lambda a, b: a @ b, lambda g, y, a, b: (g @ b.T, a.T @ g), [((2, 3), (3, 1)), ((2, 2), (2, 2))], None),
    "gather": (taken, lambda g, y, x: scattered(g, y, x, add=True), [(2,), (3,)], None),
    "smooth branches": (lambda x: np.where(x > 0, x * x, 0), lambda g, y, x: np.where(x > 0, 2 * x * g, 0), [(2,)], None),
}

WRONG: dict[str, tuple[Callable[..., Any], Callable[..., Any], Any, Any]] = {
    "rms taken as constant (AiDotNet)": (
        rms_norm, lambda g, y, x: g / np.sqrt((x * x).mean() + 0.5), [(2,)], None,
    ),
    "division multiplied (diff-zoo)": (lambda a, b: a / b, lambda g, y, a, b: (g * b, -g * y / b), [((), ())], {1: "nonzero"}),
    "log_softmax added (mlpack)": (log_softmax, lambda g, y, x: np.exp(y) + g, [(2,)], None),
    "gather assigned (PyTorch)": (taken, lambda g, y, x: scattered(g, y, x, add=False), [(2,)], None),
    "prod divided by its factor (PyTorch)": (np.prod, lambda g, y, x: g * y / x, [(3,)], None),
    "operands themselves (TensorFlow.NET)": (lambda x, y: (x - y) ** 2, lambda g, z, x, y: (x, y), [((2,), (2,))], None),
    "softmax's diagonal alone (cTensor)": (softmax, lambda g, y, x: y * (1 - y) * g, [(2,)], None),
    "wrong above 3": (np.sin, lambda g, y, x: g * np.where(x > 3, 1, np.cos(x)), [(1,)], None),
    "wrong at 0 alone": (lambda x: x * x, lambda g, y, x: np.where(x == 0, 1, 2 * x * g), [(1,)], None),
    "wrong where two are equal": (
        lambda a, b: a * b, lambda g, y, a, b: (g * b, np.where(a == b, 0, g * a)), [((1,), (1,))], None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_rule_is_proved(name: str) -> None:
    forward, vjp, shapes, domain = RIGHT[name]
    proofs = assert_vjp(forward, vjp, shapes=shapes, domain=domain)
    assert len(proofs) == len(shapes)
    assert all(map(KERNEL.is_genuine, proofs))
    assert not any("no derivative is owed" in each for proof in proofs for each in proof.assumptions)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_rule_fails_in_a_few_lines_that_show_both_sides(name: str) -> None:
    forward, vjp, shapes, domain = WRONG[name]
    with pytest.raises(AssertionError, match="the VJP is wrong at shapes") as caught:
        assert_vjp(forward, vjp, shapes=shapes, domain=domain)
    lines = str(caught.value).splitlines()
    assert len(lines) < 25
    derived, came = (next(line for line in lines if line.startswith(f"{sign} ")) for sign in "-+")
    assert derived.split()[1] != came.split()[1]


def test_a_kink_is_named_and_what_the_rule_does_there_is_not_judged() -> None:
    for at_zero in (0, 1):
        (proof,) = assert_vjp(
            lambda x: np.maximum(x, 0), lambda g, _y, x, c=at_zero: np.where(x > 0, g, np.where(x == 0, c, 0)), shapes=[(1,)]
        )
        assert "no derivative is owed where x 0 0 = 0" in proof.assumptions


def test_a_jump_is_not_taken_for_a_shift_that_does_not_matter() -> None:
    (proof,) = assert_vjp(
        lambda x: np.where(x.max() > 1, 1, 0) * x, lambda g, _y, x: np.where(x.max() > 1, g, 0), shapes=[(2,)]
    )
    assert any("maximum(x 0 0, x 0 1) + -1" in each for each in proof.assumptions)


@pytest.mark.parametrize(
    ("forward", "vjp", "reason"),
    [
        (np.fft.fft, lambda g, _y, _x: g, "numpy.fft"),
        (np.log, lambda g, _y, x: g / x, "a side has no value"),
        (lambda x: x * np.random.default_rng().random(), lambda g, _y, _x: g, "another result"),
        (np.tanh, lambda g, y, _x: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_what_is_not_decided_fails_by_its_reason(forward: Any, vjp: Any, reason: str) -> None:
    with pytest.raises(AssertionError, match=f"(?s)not decided.*{reason}"):
        assert_vjp(forward, vjp, shapes=[(2,)])


def test_zero_entries_prove_nothing() -> None:
    with pytest.raises(AssertionError, match="not decided"):
        assert_vjp(np.tanh, lambda g, y, _x: g * (1 - y * y), shapes=[(0,)])


@pytest.mark.parametrize(
    ("vjp", "said"),
    [
        (lambda g, y, _x: (g * (1 - y * y)).sum(), r"shapes \(\(\),\)"),
        (lambda g, y, _x: (g, y), "cotangents of"),
        (lambda g, y, x: np.multiply(g, 1 - y * y, out=x), "changed in place"),
    ],
)
def test_other_arrays_and_changed_inputs_are_wrong(vjp: Any, said: str) -> None:
    with pytest.raises(AssertionError, match=f"the VJP is wrong.*{said}"):
        assert_vjp(np.tanh, vjp, shapes=[(3,)])


def test_a_rule_that_is_another_one_in_float64_fails_though_it_is_right_over_the_reals() -> None:
    with pytest.raises(AssertionError, match="outside its computed bound in float64"):
        assert_vjp(lambda x: 2 * x, lambda g, _y, _x: 3 * g if type(g) is np.ndarray else 2 * g, shapes=[(2,)])


@pytest.mark.parametrize(
    "arguments",
    [{"shapes": []}, {"shapes": [3]}, {"shapes": [(-1,)]}, {"shapes": [(2,)], "domain": "real"},
     {"shapes": [(2,)], "domain": {1: "positive"}}],
)  # fmt: skip
def test_what_is_no_statement_is_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(AssertionMisused, match="came|needed"):
        assert_vjp(np.tanh, lambda g, y, _x: g * (1 - y * y), **arguments)


@pytest.mark.parametrize("shapes", [[(2,), (3,)], [((2,), (3,), (4,))]])
def test_shapes_of_more_or_fewer_inputs_than_a_function_takes_are_no_statement(shapes: list[Any]) -> None:
    def outer(a: Any, b: Any) -> Any:
        return np.outer(a, b)

    with pytest.raises(AssertionMisused, match=r"is of [13] inputs?, but forward\("):
        assert_vjp(outer, lambda g, _y, a, b: (g @ b, g.T @ a), shapes=shapes)
    assert_vjp(outer, lambda g, _y, a, b: (g @ b, g.T @ a), shapes=[((2,), (3,))])


def test_the_page_shows_what_happens() -> None:
    page = (Path(__file__).parents[1] / "docs" / "assert_vjp.md").read_text()
    code, shown = re.findall(r"```(?:python|text)\n(.*?)\n```", page, re.DOTALL)
    written: dict[str, Any] = {}
    exec(code, written)  # noqa: S102 - our own page
    written["test_softmax"]()
    with pytest.raises(AssertionError) as caught:
        assert_vjp(written["softmax"], lambda y_bar, y, _x: y * (1 - y) * y_bar, shapes=[(2,)])
    assert str(caught.value) == shown


DOMAINS = {"div": {1: "nonzero"}, "inv": "nonzero", "log": "positive", "sqrt": "positive"}

BY_CONVENTION = {"detach", "dropout"}
"""Ops that hold an input constant: of these, forward's own derivative is not the rule."""

UNDECIDED = {"norm"}
"""More cases than are split into."""

SHAPES = {"reduce_max": ((2, 3),)}
"""Fewer entries of one line, where the smallest instance has too many."""


def smallest(op: str) -> RuleInstance | None:
    wanted = [each for each in instances(op) if SHAPES.get(op) in (None, each.shapes)]
    few = [each for each in wanted if 1 <= sum(map(math.prod, each.shapes)) <= 8]
    return min(few, key=lambda each: abs(sum(map(math.prod, each.shapes)) - 4), default=None)


@pytest.mark.parametrize("op", sorted(PRIMITIVES.keys() - UNDECIDED))
def test_the_derivative_of_every_shipped_forward_kernel_is_its_shipped_vjp(op: str) -> None:
    shipped, rule = primitive_of(op), smallest(op)
    if rule is None:
        assert op in {"const", "rand_uniform", "bernoulli_mask"}
        return

    def asserted() -> None:
        assert_vjp(
            lambda *inputs: shipped.forward_kernel(*inputs, **rule.attributes),
            lambda y_bar, y, *inputs: tuple(shipped.vjp_kernel(y_bar, y, *inputs, **rule.attributes)),
            shapes=[rule.shapes],
            domain=DOMAINS.get(op),
        )

    if op in BY_CONVENTION:
        with pytest.raises(AssertionError, match="wrong"):
            asserted()
    else:
        asserted()
