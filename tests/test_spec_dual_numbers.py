"""Derived rules against dual numbers run through the formulas themselves: no symbolic derivative on that side."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
import pytest
import sympy
from backproof.equivalence.graphs.replay import ExactAlgebra
from backproof.equivalence.kernel.numbers.exact import Exact
from backproof.equivalence.rules.instances import RuleInstance, instances
from backproof.ir.graph import Environment, Graph, Leaf, Node
from backproof.spec import definitions as _definitions  # noqa: F401 - fills the registry
from backproof.spec.backprop import DomainError, Semantics, Tensor, backprop_all_ctx, eval_ctx
from backproof.spec.convention import TORCHLEAN
from backproof.spec.definition import DEFINITIONS, SpecError
from backproof.spec.derive import instantiate, symbol
from backproof.spec.evaluate import Evaluation
from backproof.spec.operand import Operand, indices

ROOT_OF_PI = 1 / Exact.of(1).apply("per_root_pi")
MOST_ENTRIES = 8
ANY = tuple(Fraction(n, 2) for n in (-2, -1, 0, 0, 1, 1, 2, 3))
POSITIVE = tuple(Fraction(n, 2) for n in (1, 1, 2, 3))


@dataclass(frozen=True)
class Dual:
    """A number and its tangent; the words of formulas by their school rules."""

    value: Exact
    tangent: Exact

    def __add__(self, other: Any) -> Dual:
        other = dual(other)
        return Dual(self.value + other.value, self.tangent + other.tangent)

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.tangent)

    def __sub__(self, other: Any) -> Dual:
        return self + -dual(other)

    def __mul__(self, other: Any) -> Dual:
        other = dual(other)
        return Dual(self.value * other.value, self.value * other.tangent + self.tangent * other.value)

    def __truediv__(self, other: Any) -> Dual:
        other = dual(other)
        slope = (self.tangent * other.value - self.value * other.tangent) / (other.value * other.value)
        return Dual(self.value / other.value, slope)

    def __pow__(self, exponent: int) -> Dual:
        assert exponent > 0
        return self if exponent == 1 else self * self ** (exponent - 1)

    def __rsub__(self, other: Any) -> Dual:
        return dual(other) - self

    def __rtruediv__(self, other: Any) -> Dual:
        return dual(other) / self

    __radd__ = __add__
    __rmul__ = __mul__

    def __formula__(self, word: str, *operands: Any) -> Any:
        match word:
            case "exp":
                result = self.value.apply("exp")
                return Dual(result, result * self.tangent)
            case "log":
                return Dual(self.value.apply("log"), self.tangent / self.value)
            case "tanh":
                result = self.value.apply("tanh")
                return Dual(result, (1 - result * result) * self.tangent)
            case "erf":
                return Dual(self.value.apply("erf"), 2 * (-(self.value * self.value)).apply("exp") / ROOT_OF_PI * self.tangent)
            case "sin":
                return Dual(self.value.apply("sin"), self.value.apply("cos") * self.tangent)
            case "cos":
                return Dual(self.value.apply("cos"), -self.value.apply("sin") * self.tangent)
            case "choose":
                mask, chosen, other = map(dual, operands)
                return other if mask.value.sign() == 0 else chosen
            case "stop":
                return Dual(self.value, Exact.of(0))
            case "sqrt":
                result = self.value.apply("sqrt")
                return Dual(result, self.tangent / (result + result))
            case "root":
                return self.__formula__("sqrt") if self.value.sign() > 0 else Dual(Exact.of(0), Exact.of(0))
            case "step":
                return Dual(Exact.of(int(self.value.sign() > 0)), Exact.of(0))
            case "kink":
                name, discriminant, above, below = operands[0], *map(dual, operands[1:])
                sign = discriminant.value.sign()
                if sign == 0:
                    weight = TORCHLEAN.weights[name]
                    return Dual(above.value, above.tangent * weight + below.tangent * (1 - weight))
                return above if sign > 0 else below
            case "largest of":
                assert TORCHLEAN.weights[operands[0]] == 0  # the first of several
                entries = [*map(dual, operands[1:])]
                return next(e for e in entries if all((e.value - other.value).sign() >= 0 for other in entries))
        raise AssertionError(word)


def dual(value: Any) -> Dual:
    if isinstance(value, Dual):
        return value
    if isinstance(value, sympy.Pow | sympy.Mul):  # the root of a number
        square = sympy.Rational(value**2)
        return Dual(Exact.of(Fraction(int(square.p), int(square.q))).apply("sqrt"), Exact.of(0))
    return Dual(Exact.of(value), Exact.of(0))


def rules() -> list[RuleInstance]:
    found = [rule for op in sorted(DEFINITIONS) for rule in instances(op)]
    return [rule for rule in found if max([0, *map(math.prod, rule.shapes)]) <= MOST_ENTRIES]


def alike(a: Any, b: Any) -> bool:
    return not Exact.of(a).differs(Exact.of(b))


@pytest.mark.parametrize("op", sorted(DEFINITIONS))
def test_the_derived_rules_are_those_of_dual_numbers(op: str) -> None:
    compared = 0
    for rule in rules():
        if rule.op == op:
            for turn in range(3):
                compared += agreeing_entries(rule, random.Random(f"{rule.key} {turn}"))
    assert compared > 0


def agreeing_entries(rule: RuleInstance, stream: random.Random) -> int:
    """How many entries of forward, JVP and VJP were compared at one point, kinks and ties among them."""
    definition = DEFINITIONS[rule.op]
    values = ANY if definition.domain_text == "ℝ" else POSITIVE
    instance = instantiate(definition, rule.shapes, rule.attributes, TORCHLEAN)
    entries = [(place, index) for place, shape in enumerate(rule.shapes) for index in indices(shape)]
    primal = {entry: stream.choice(values) for entry in entries}
    tangent = {entry: stream.choice(ANY) for entry in entries}
    seed = {index: stream.choice(ANY) for index in indices(instance.shape)}

    def run(moved: dict[Any, Fraction]) -> dict[Any, Dual]:
        operands = [
            Operand(shape, lambda index, place=place: Dual(Exact.of(primal[place, index]), Exact.of(moved.get((place, index), 0))))
            for place, shape in enumerate(rule.shapes)
        ]
        return {index: dual(definition.formula(*operands, *index, **rule.attributes)) for index in seed}

    known = {symbol("x", *entry): Exact.of(value) for entry, value in primal.items()}
    known |= {symbol("x_dot", *entry): Exact.of(value) for entry, value in tangent.items()}
    known |= {symbol("y_bar", 0, index): Exact.of(value) for index, value in seed.items()}
    with flint.ctx.workprec(256):
        derived = Evaluation(known, ExactAlgebra())
        pushed = run(tangent)
        for index, result in pushed.items():
            assert alike(derived.value(instance.forward[index]), result.value)
            assert alike(derived.value(instance.jvp[index]), result.tangent)
        for place, index in entries:
            pulled = sum((run({(place, index): Fraction(1)})[o].tangent * seed[o] for o in seed), Exact.of(0))
            assert alike(derived.value(instance.vjp[place][index]), pulled)
    return 2 * len(seed) + len(entries) + (1 if not entries and not seed else 0)


def tensor(*entries: Any, shape: tuple[int, ...] | None = None) -> Tensor:
    return Tensor((len(entries),) if shape is None else shape, tuple(map(Exact.of, entries)))


def test_a_frozen_leaf_keeps_its_seed_and_a_shared_one_takes_every_contribution() -> None:
    graph = Graph((Leaf((1,)), Leaf((1,), requires_grad=False)), (Node("mul", (0, 1), (1,)), Node("mul", (0, 2), (1,))))
    came = backprop_all_ctx(
        graph, (tensor(3), tensor(5)), Environment(), tuple(map(tensor, (1, 2, 4, 8))), Semantics(TORCHLEAN, ExactAlgebra())
    )
    # m = xy, s = xm: m̄ = 4 + 8x = 28, x̄ = 1 + 8m + 28y = 261, and ȳ stays 2.
    assert ["261", "2", "28", "8"] == [repr(each.entries[0]) for each in came]


@pytest.mark.parametrize(("op", "values"), [("log", (0,)), ("log", (-1,)), ("div", (1, 0))])
def test_a_point_outside_the_domain_is_refused(op: str, values: tuple[int, ...]) -> None:
    graph = Graph(tuple(Leaf((1,)) for _ in values), (Node(op, tuple(range(len(values))), (1,)),))
    with pytest.raises(DomainError, match=f"{op} needs"):
        eval_ctx(graph, tuple(map(tensor, values)), Environment(), Semantics(TORCHLEAN, ExactAlgebra()))


def test_a_declared_shape_that_is_not_the_ops_is_refused() -> None:
    graph = Graph((Leaf((2,)), Leaf((2,))), (Node("add", (0, 1), (3,)),))
    with pytest.raises(SpecError, match=r"declares shape \(3,\), but add has shape \(2,\)"):
        eval_ctx(graph, (tensor(1, 2), tensor(3, 4)), Environment(), Semantics(TORCHLEAN, ExactAlgebra()))
