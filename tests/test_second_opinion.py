"""Claims in first-order form: right kernels are proved from it again, wrong ones have a model, and it means what terms mean."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
import z3
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.kernel.algebra.equalities import Equalities, Group
from backproof.equivalence.kernel.numbers.exact import Exact
from backproof.equivalence.kernel.scalars.mask import Unsupported
from backproof.equivalence.kernel.scalars.term import Pool, Term
from backproof.equivalence.rules.claims import claim
from backproof.equivalence.rules.first_order import questions
from backproof.equivalence.rules.parts import Part
from backproof.equivalence.rules.quotients import MOST_MONOMIALS
from backproof.equivalence.second_opinion import Form, _answers
from backproof.reports.recheck import Opinions, recheck_record
from backproof.reports.report import Answer, Counts, RunCost
from backproof.runtime.primitive import Primitive, primitive_of


def form(op: str, part: Part, shapes: list[tuple[int, ...]], **kernels: Callable[..., Any]) -> Form:
    """The claim about an op, with some of its kernels replaced, as cvc5 answers it."""
    shipped = primitive_of(op)
    primitive = Primitive(op, shipped.shape)
    primitive.forward(kernels.get("forward", shipped.forward_kernel))
    primitive.vjp(kernels.get("vjp", shipped.vjp_kernel))
    primitive.jvp(kernels.get("jvp", shipped.jvp_kernel))
    found = claim(part, "a claim", exact_semantics().instance(op, tuple(shapes), {}), primitive, ())
    assert isinstance(found, Equalities)
    asked = questions(found)
    return Form("rule:0", asked, "", tuple(_answers(asked)))


RIGHT = [
    ("mul", [(3,), (3,)]), ("div", [(2,), (2,)]), ("matmul", [(2, 3), (3, 2)]), ("relu", [(3,)]), ("max", [(2,), (2,)]),
    ("abs", [(2,)]), ("log", [(2,)]), ("exp", [(2,)]), ("tanh", [(2,)]), ("sigmoid", [(1,)]), ("softmax", [(2,)]),
    ("mse_loss", [(2,), (2,)]),
]  # fmt: skip


@pytest.mark.parametrize(("op", "shapes"), RIGHT, ids=[op for op, _shapes in RIGHT])
@pytest.mark.parametrize("part", [Part.FORWARD, Part.VJP, Part.JVP])
def test_a_right_rule_is_proved_again_by_cvc5_and_by_z3(op: str, part: Part, shapes: list[tuple[int, ...]]) -> None:
    found = form(op, part, shapes)
    assert found.holds
    for question in found.questions:
        solver = z3.Solver(ctx=z3.Context())
        solver.set("rlimit", 5_000_000)
        solver.from_string(question.text)
        assert str(solver.check()) in ("unsat", "unknown")


WRONG: dict[str, tuple[str, list[tuple[int, ...]], dict[str, Callable[..., Any]]]] = {
    "a factor": ("mul", [(2,), (2,)], {"vjp": lambda y_bar, y, a, b: (y_bar * b * 2, y_bar * a)}),
    "above three": ("relu", [(2,)], {"vjp": lambda y_bar, y, x: (np.where(x > 0, np.where(x > 3, 0, y_bar), 0),)}),
    "at a tie": ("relu", [(1,)], {"vjp": lambda y_bar, y, x: (np.where(x >= 0, y_bar, 0),)}),
    "where two are equal": ("mul", [(1,), (1,)], {"vjp": lambda y_bar, y, a, b: (np.where(a == b, a, y_bar * b), y_bar * a)}),
    "x/x at 0": ("mul", [(1,), (1,)], {"vjp": lambda y_bar, y, a, b: (y_bar * b * (a / a), y_bar * a)}),
    "0 times 1/0": ("relu", [(1,)], {"vjp": lambda y_bar, y, x: (np.where(x > 0, y_bar, 0) + 0 / x,)}),
    "off by a billionth": ("add", [(1,), (1,)], {"vjp": lambda y_bar, y, a, b: (y_bar * (1 + 1e-9), y_bar)}),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_rule_has_a_model_that_is_a_counterexample(fault: str) -> None:
    op, shapes, kernels = WRONG[fault]
    found = form(op, Part.VJP, shapes, **kernels)
    assert not found.holds
    assert "(check-sat)" in found.counterexample


def test_a_model_with_a_function_in_it_is_no_counterexample() -> None:
    found = form("exp", Part.VJP, [(1,)], vjp=lambda y_bar, y, x: (y_bar * y * y,))
    assert not found.holds
    assert found.counterexample == ""


def test_a_claim_that_would_not_fit_has_no_form() -> None:
    pool = Pool(lambda _term, _signs: True)
    total = sum((1 / (pool.variable(f"x {k}") + 1) for k in range(MOST_MONOMIALS.bit_length() + 1)), pool.number(Fraction(0)))
    with pytest.raises(Unsupported, match="monomials"):
        questions(Equalities("too large", (Group(((total, total * 2),), ()),), (), ()))


def drawn(pool: Pool, stream: random.Random, depth: int) -> Term:
    """A random term of the kinds whose values are rational."""
    if depth == 0:
        return stream.choice([pool.variable("x"), pool.variable("y"), pool.number(Fraction(stream.randrange(-4, 5), 2))])
    a, b, c, d = (drawn(pool, stream, depth - 1) for _ in range(4))
    made = [lambda: a + b, lambda: a * b, lambda: a / b, lambda: a - b, lambda: a.maximum(b), lambda: a.select(b, c, d)]
    return stream.choice(made)()


def value(term: Term, at: dict[str, Exact]) -> Exact:
    arguments = term.arguments
    if term.kind == "select":
        sign = value(arguments[0], at)
        return Exact(None) if sign.value is None else value(arguments[2 - sign.sign()], at)
    values = [value(each, at) for each in arguments]
    match term.kind:
        case "number":
            return Exact.of(term.data)
        case "variable":
            return at[term.data]
        case "add":
            return values[0] + values[1]
        case "mul":
            return values[0] * values[1]
        case "div":
            return values[0] / values[1]
    return values[0].maximum(values[1])


def test_a_form_means_what_its_terms_mean() -> None:
    stream, without_value = random.Random(3), 0
    for _ in range(150):
        pool = Pool(lambda _term, _signs: True)
        term = drawn(pool, stream, stream.randrange(1, 4))
        point = {name: Fraction(stream.randrange(-4, 5), 2) for name in "xy"}
        real = value(term, {name: Exact.of(number) for name, number in point.items()}).value
        here = tuple((pool.variable(name) - pool.number(number), frozenset((0,))) for name, number in point.items())
        stated = Fraction(0) if real is None else Fraction(int(real.p), int(real.q))
        for offset in (0, 1):
            group = Group(((term, pool.number(stated + offset)),), here)
            (answer,) = _answers(questions(Equalities("a value", (group,), (), ())))
            assert answer == ("unsat" if real is not None and offset == 0 else "sat"), (term, point)
        without_value += real is None
    assert without_value > 5


def kept_rows(verdict: Answer) -> Any:
    row = SimpleNamespace(id="rule:0", verdict=verdict, needs="proof", claim="a claim", met=True)
    counts, cost = Counts(0, 1, 0, 0, 0, 0), RunCost(0.0, 1, 0)
    return SimpleNamespace(
        rows=(row,), interrupted=False, status=0, version="0", seed=0, counts=counts, cost=cost
    )


def test_a_proof_of_what_cvc5_finds_false_and_a_refutation_of_what_it_proves_disagree() -> None:
    op, shapes, kernels = WRONG["a factor"]
    false = form(op, Part.VJP, shapes, **kernels)
    true = form(op, Part.VJP, shapes)
    for verdict, opinion in ((Answer.PROVED, false), (Answer.REFUTED, true)):
        report = kept_rows(verdict)
        record = recheck_record(report, report, Opinions("cvc5", (), (opinion,)), None)
        assert (4, 1) == (record.status, len(record.disagreements))
    for verdict, opinion in ((Answer.PROVED, true), (Answer.REFUTED, false)):
        report = kept_rows(verdict)
        assert not recheck_record(report, report, Opinions("cvc5", (), (opinion,)), None).disagreements
