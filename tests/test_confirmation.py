"""A proof over terms is held against numbers: where terms are misread, nothing is proved of the rules that use them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.kernel.decision import UnknownReason
from backproof.equivalence.kernel.numbers.exact import Exact
from backproof.equivalence.kernel.scalars import explorer
from backproof.equivalence.kernel.scalars.loops import LOOPS
from backproof.equivalence.kernel.scalars.mask import Sign
from backproof.equivalence.kernel.scalars.term import Pool, Term
from backproof.equivalence.kernel.verdict import Proved, Unknown, Verdict
from backproof.equivalence.rules.confirmation import TermValues
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import RuleInstance
from backproof.equivalence.rules.parts import Part
from backproof.runtime import primitives as _primitives  # noqa: F401 - fills the registry
from backproof.spec import definitions as _definitions  # noqa: F401 - fills the registry

Patch = pytest.MonkeyPatch


def verdict(op: str, part: Part, shape: tuple[int, ...]) -> Verdict:
    attributes = {"axis": 0} if op == "reduce_max" else {}
    return RuleCheck(RuleInstance(op, (shape,), attributes), exact_semantics()).verdict(part)


def misread_exp(patch: Patch) -> None:
    apply = Term.apply
    patch.setattr(Term, "apply", lambda self, name: apply(self + self if name == "exp" else self, name))


def misread_greater(patch: Patch) -> None:
    def where(self: Sign, holds: Any, fails: Any) -> Any:
        return self.term.select(*[holds if sign in self.signs or sign == 0 else fails for sign in (1, 0, -1)])

    patch.setattr(Sign, "where", where)


def misread_maximum(patch: Patch) -> None:
    maximum = Term.maximum
    patch.setattr(Term, "maximum", lambda self, other: -maximum(-self, -self.pool.lift(other)))


MISREAD: dict[str, tuple[Callable[[Patch], None], str, tuple[int, ...]]] = {
    "exp": (misread_exp, "exp", (2,)),
    ">": (misread_greater, "relu", (2,)),
    "maximum": (misread_maximum, "reduce_max", (3,)),
}


@pytest.mark.parametrize("what", MISREAD)
def test_a_rule_is_not_proved_where_terms_on_both_sides_are_misread_alike(what: str, monkeypatch: Patch) -> None:
    misread, op, shape = MISREAD[what]
    assert all(isinstance(verdict(op, part, shape), Proved) for part in (Part.FORWARD, Part.VJP, Part.JVP))
    misread(monkeypatch)
    found = [verdict(op, part, shape) for part in (Part.FORWARD, Part.VJP, Part.JVP)]
    wrong = [each for each in found if isinstance(each, Unknown) and each.reason is UnknownReason.CRASHED]
    assert any("terms and numbers disagree" in each.detail for each in wrong)


def test_a_way_through_a_kernel_that_was_not_explored_is_found_out(monkeypatch: Patch, replaced: Callable[..., None]) -> None:
    def vjp(y_bar: Any, y: Any, x: Any) -> Any:
        return (np.where(x > 0, y_bar, 0) if x[0] > 0 else np.where(x > 0, y_bar, 0) * 1,)

    replaced("relu", vjp=vjp)
    assert isinstance(verdict("relu", Part.VJP, (1,)), Proved)

    def first_alone(run: Any) -> Any:
        return [next(iter(explore(run)))]

    explore = explorer.explore
    monkeypatch.setattr("backproof.equivalence.rules.claims.explore", first_alone)
    found = verdict("relu", Part.VJP, (1,))
    assert isinstance(found, Unknown)
    assert "no way through the kernel" in found.detail


NUMBERS = (Fraction(-1, 2), Fraction(0), Fraction(3))


def test_a_comparison_with_a_constant_on_the_left_is_what_numpy_says() -> None:
    for compare in (np.greater, np.greater_equal, np.less, np.less_equal, np.equal, np.not_equal):
        for number in NUMBERS:
            x = Pool(lambda _term, _signs: True).variable("x")
            terms = TermValues({"x": Exact.of(number)})
            mask = LOOPS[compare.__name__](Fraction(0), x)
            assert bool(compare(0.0, float(number))) == (terms.of(x.pool.lift(mask)).sign() == 1)


def test_a_choice_by_a_number_is_the_branch_of_its_sign() -> None:
    pool = Pool(lambda _term, _signs: True)
    for number in NUMBERS:
        chosen = pool.number(number).select(pool.variable("above"), pool.variable("at"), pool.variable("below"))
        assert chosen.data == ("above" if number > 0 else "below" if number < 0 else "at")
