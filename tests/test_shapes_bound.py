"""The second decision of a lemma: made where it is sound, at all sizes that decide all, and it catches a broken first one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import flint
import numpy as np
import pytest
from backproof.equivalence.containment import contained
from backproof.equivalence.kernel.decision import DecidersDisagree, Holds
from backproof.equivalence.kernel.shapes import Part, bound, decide, decide_all_shapes
from backproof.equivalence.kernel.shapes.algebra import ONE, Expr, summed
from backproof.equivalence.kernel.shapes.atoms import entry, exp, power, rational, vanishing
from backproof.equivalence.kernel.shapes.bound import decided_again
from backproof.equivalence.kernel.shapes.decide import _first_case
from backproof.equivalence.kernel.shapes.polynomial import Fresh, Poly, integer, least, variable, within, zero
from backproof.equivalence.kernel.shapes.setting import Setting
from backproof.equivalence.kernel.shapes.sides import from_poly
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.lemmas import AGAIN, NOT_AGAIN, lemma_verdict, second_decision
from backproof.equivalence.rules.patterns import Pattern, patterns
from backproof.spec.convention import TORCHLEAN

N = variable("n")
VECTOR = Pattern((("n",),), ())


def x(place: Poly) -> Expr:
    return entry("x 0", (place,))


def total(count: int, body: Callable[..., Expr]) -> Expr:
    """The sum of a body over so many indices of the axis."""
    names = [Fresh() for _ in range(count)]
    return summed(body(*map(variable, names)), names, frozenset().union(*(within(name, N) for name in names)))


def looked(op: str, wrong: Callable[..., Expr], pattern: Pattern = VECTOR) -> dict[str, int] | str:
    """The second decision of a forward kernel of `op` that returns what is defined plus a wrong expression."""
    claim = lemma(op, Part.FORWARD, pattern, TORCHLEAN)
    setting = Setting(claim, _first_case(claim)).with_domain()
    ((sides, defined),) = setting.defined()
    with flint.ctx.workprec(160):
        found = decided_again(setting, [(sides, lambda index: defined(index) + wrong(*index))])
    return found.left_out or {str(name): size for name, size in found.sizes}


def elementary(count: int) -> Expr:
    """count! times the sum of products of `count` different entries, by power sums: 0 exactly where n < count."""
    if count == 0:
        return ONE
    terms = [elementary(count - k) * total(1, lambda i, k=k: power(x(i), k)) for k in range(1, count + 1)]
    ratio = 1
    whole = rational(0)
    for k, term in enumerate(terms, start=1):
        whole = whole + term.scaled(Fraction((-1) ** (k - 1) * ratio))
        ratio *= count - k
    return whole


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_an_identity_of_few_entries_that_fails_with_more_is_caught(count: int) -> None:
    with pytest.raises(DecidersDisagree, match=f"{{'n': {count}}}"):
        looked("sum", lambda: elementary(count))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_coefficient_that_vanishes_at_the_first_sizes_is_caught(count: int) -> None:
    factor = ONE
    for size in range(1, count + 1):
        factor = factor * (from_poly(N) - rational(size))
    for wrong in (lambda: factor * total(1, x), lambda: factor * power(from_poly(N), -2) * total(1, x)):
        with pytest.raises(DecidersDisagree, match=f"{{'n': {count + 1}}}"):
            looked("sum", wrong)
    with pytest.raises(DecidersDisagree):
        looked("relu", lambda i: factor * x(i))


def test_what_is_wrong_where_indices_differ_or_are_equal_is_caught() -> None:
    square = Pattern((("n", "n"),), ())

    def moved(i: Poly, j: Poly) -> Expr:
        return entry("x 0", (i, j)) - entry("x 0", (j, i))

    def diagonal(i: Poly, j: Poly) -> Expr:
        return summed(entry("x 0", (i, j)), (), {zero(i - j)})

    for wrong in (moved, diagonal):
        with pytest.raises(DecidersDisagree):
            looked("relu", wrong, square)


def test_what_a_quotient_hides_is_caught_and_what_is_right_is_not() -> None:
    weights = total(1, lambda i: exp(x(i)))
    with pytest.raises(DecidersDisagree):
        looked("relu", lambda i: total(1, lambda k: exp(x(k)) * power(weights, -1)) - ONE + x(i) * vanishing(x(i) - ONE))
    # 1 = Σ_k e^x[k] / Σ_k e^x[k]: true, and found so because no index binds the quotient.
    assert {"n": 2} == looked("sum", lambda: total(1, lambda k: exp(x(k))) * power(weights, -1) - ONE)


OUTSIDE: dict[str, tuple[str, Callable[..., Expr]]] = {
    "an index that is no bare variable": ("relu", lambda i: summed(x(i + integer(1)), (), {least(N - i - integer(2))})),
    "a guard that is no range": ("relu", lambda i: summed(x(i), (), {least(i - integer(1))})),
    "a sum whose range is not the size": ("sum", lambda: _first_two()),
    "a guard that is no range and no equality": ("relu", lambda i: summed(x(i), (), {zero(N - i - integer(1))})),
}


def _first_two() -> Expr:
    place = Fresh()
    return summed(x(variable(place)), (place,), within(place, integer(2)))


@pytest.mark.parametrize("why", OUTSIDE)
def test_what_lies_outside_the_fragment_is_not_decided_and_says_why(why: str) -> None:
    op, wrong = OUTSIDE[why]
    said = looked(op, wrong)
    assert isinstance(said, str)
    assert said.startswith("outside the fragment, ")
    assert why in said


MADE = ["abs", "add", "div", "exp", "log", "max", "mse_loss", "mul", "reduce_mean", "relu", "softmax", "sum", "transpose2d"]
NOT_MADE = ["concat_leading_axis", "gather_rows_ref", "conv2d", "reshape"]


@pytest.mark.parametrize("op", MADE)
def test_rules_in_the_fragment_are_decided_twice_and_say_so(op: str) -> None:
    for pattern in patterns(op)[:4]:
        for part in Part:
            ((name, sizes),) = second_decision(lemma_verdict(op, part, pattern, TORCHLEAN))  # type: ignore[arg-type]
            assert name == AGAIN
            assert sizes


@pytest.mark.parametrize("op", NOT_MADE)
def test_rules_outside_it_say_why_not(op: str) -> None:
    (*_, pattern) = patterns(op)
    ((name, why),) = second_decision(lemma_verdict(op, Part.VJP, pattern, TORCHLEAN))  # type: ignore[arg-type]
    assert name == NOT_AGAIN
    assert why.startswith("outside the fragment, ")


def at_the_tie(y_bar: Any, y: Any, x: Any) -> Any:
    return (np.where(x >= 0, y_bar, 0),)


def without_the_mean(y_bar: Any, y: Any, prediction: Any, target: Any) -> Any:
    return 2 * (prediction - target) * y_bar, 2 * (target - prediction) * y_bar


def of_the_input(y_bar: Any, y: Any, x: Any) -> Any:
    return (x * y_bar,)


@pytest.mark.parametrize(
    ("op", "pattern", "vjp"),
    [("relu", VECTOR, at_the_tie), ("mse_loss", Pattern((("n",), ("n",)), ()), without_the_mean), ("exp", VECTOR, of_the_input)],
)
def test_a_broken_normaliser_is_caught_and_stops_the_line(
    op: str, pattern: Pattern, vjp: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = lemma(op, Part.VJP, pattern, TORCHLEAN)
    assert isinstance(decide_all_shapes(claim), Holds)
    # Without the kernels' own runs, and with a normal form that finds everything equal.
    monkeypatch.setattr(decide, "_refuted", lambda *_arguments: None)
    monkeypatch.setattr(decide, "_validated", lambda *_arguments: Holds("believed", ()))
    monkeypatch.setattr(decide, "vanishes", lambda *_arguments: True)
    assert isinstance(decide_all_shapes(claim), Holds)
    wrong = replace(claim, vjp=vjp)
    with pytest.raises(DecidersDisagree):
        contained(lambda: decide_all_shapes(wrong))


@pytest.mark.parametrize("op", ["softmax", "mse_loss", "log", "max", "div"])
def test_beyond_the_bound_nothing_changes(op: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = bound.bounds
    monkeypatch.setattr(bound, "bounds", lambda *arguments: {name: size + 2 for name, size in real(*arguments).items()})
    for pattern in patterns(op)[1:3]:
        for part in Part:
            assert isinstance(decide_all_shapes(lemma(op, part, pattern, TORCHLEAN)), Holds)
