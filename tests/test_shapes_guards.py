"""What stands between a wrong normal form and a proof for all shapes does its work: each guard is seen to refuse."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import flint
import pytest
from backproof.equivalence.kernel.decision import Fails, Holds, Open, UnknownReason
from backproof.equivalence.kernel.shapes import Part, decide
from backproof.equivalence.kernel.shapes.algebra import ONE, ZERO, Expr, summed
from backproof.equivalence.kernel.shapes.atoms import entry, positive, vanishing
from backproof.equivalence.kernel.shapes.equality import vanishes
from backproof.equivalence.kernel.shapes.polynomial import Fresh, integer, least, variable, within
from backproof.equivalence.kernel.shapes.replay import differs, points, run
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.patterns import patterns
from backproof.spec.convention import TORCHLEAN

FACTS = frozenset(least(variable(size) - integer(1)) for size in "mn")
RELU = lemma("relu", Part.VJP, patterns("relu")[1], TORCHLEAN)


def over(tensor: str, size: str, *, hidden: bool) -> Expr:
    """Σ of the entries of a vector; a hidden one is 0, which only the signs of its entries show."""
    fresh = Fresh()
    x = entry(tensor, (variable(fresh),))
    masks = positive(x) * positive(x - ONE) - positive(x - ONE)
    return summed(masks * x if hidden else x, (fresh,), within(fresh, variable(size)))


@pytest.mark.parametrize("sizes", ["mn", "nm"])
def test_every_sum_of_an_expression_is_to_vanish(sizes: str) -> None:
    nothing, something = over("a", sizes[0], hidden=True), over("b", sizes[1], hidden=False)
    assert vanishes(nothing, FACTS)
    assert not vanishes(nothing + something, FACTS)
    assert not vanishes(something + nothing, FACTS)


def test_nothing_is_not_above_0() -> None:
    assert positive(ZERO) == ZERO
    assert vanishing(ZERO) == ONE


def test_a_kernel_that_gives_other_numbers_differs() -> None:
    with flint.ctx.workprec(160):
        for setting, point in points(RELU):
            arrays = run(RELU, setting, point)
            assert not differs(setting.defined(), arrays, point)
            arrays[0][...] = arrays[0] + 1
            assert differs(setting.defined(), arrays, point)


def test_a_wrong_kernel_is_refuted_at_a_small_shape() -> None:
    assert isinstance(decide.decide_all_shapes(RELU), Holds)
    wrong = replace(RELU, vjp=lambda y_bar, y, x: (y_bar * 2,))
    assert isinstance(decide.decide_all_shapes(wrong), Fails)


def test_terms_that_are_not_what_numpy_returns_prove_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """At whichever of the points that is: all but the last agree."""
    asked: list[str] = []

    def counted(*_given: Any) -> str:
        asked.append("")
        return ""

    with monkeypatch.context() as patch:
        patch.setattr(decide, "_refuted", lambda claim, tried: tried.extend(tries(claim)))
        patch.setattr(decide, "differs", counted)
        assert isinstance(decide.decide_all_shapes(RELU), Holds)
        last, asked[:] = len(asked), []
        patch.setattr(decide, "differs", lambda *given: counted(*given) or ("it differs" if len(asked) == last else ""))
        answer = decide.decide_all_shapes(RELU)
    assert last > 1
    assert isinstance(answer, Open)
    assert answer.reason is UnknownReason.CRASHED


def tries(claim: Any) -> list[Any]:
    return [(point, run(claim, setting, point)) for setting, point in points(claim)]


def test_what_could_be_compared_nowhere_is_vacuous(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decide, "points", lambda _claim: iter(()))
    answer = decide.decide_all_shapes(RELU)
    assert isinstance(answer, Open)
    assert answer.reason is UnknownReason.VACUOUS


def test_each_case_of_sizes_is_proved() -> None:
    """A kernel that is right only below a size, and one that is right only from it on: no small shape shows either."""
    def vjp(y_bar: Any, y: Any, x: Any, *, factor: Any) -> Any:
        return (y_bar * (x > 0) * factor(x.shape[0]),)

    for factor in (lambda n: 1 if n < 100 else 2, lambda n: 2 if n >= 100 else 1, lambda n: 1 if n != 100 else 2):
        wrong = replace(RELU, vjp=lambda *given, factor=factor: vjp(*given, factor=factor))
        assert not isinstance(decide.decide_all_shapes(wrong), (Holds, Fails))
