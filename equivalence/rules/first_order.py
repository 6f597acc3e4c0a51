"""An equality claim as questions in SMT-LIB, made from the claim's own terms: no normal form has a part in it.

A term is written as a quotient that is never divided out; where the term has a value, the denominator is not 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from types import MappingProxyType

from ..kernel.algebra.equalities import Equalities, Group
from ..kernel.scalars.mask import Unsupported
from ..kernel.scalars.term import Term
from ..kernel.smtlib import applied, rational, script
from .quotients import (
    ONE,
    Polynomial,
    Value,
    by_sign,
    crossed,
    plus,
    times,
    times_number,
    times_value,
    where_larger,
)

MOST_TERMS = 4000
"""Terms that one question may hold; a claim that needs more has no form of a sensible size."""

@dataclass(frozen=True, slots=True)
class Question:
    """Unsatisfiable only if the claim holds; if `faithful`, exactly if it does.

    A value of a function such as exp is a real number of which no more is known than a few facts, and that equal
    arguments have equal values: a model may be one of another function.
    """

    text: str
    faithful: bool


def questions(claim: Equalities) -> tuple[Question, ...]:
    """One question for each pair: can its conditions hold and the two differ, or one have no value?

    Raises: Unsupported if the claim has no form of a sensible size.
    """
    return tuple(_Writer().question(group, pair) for group in claim.groups for pair in group.pairs)


class _Writer:
    """Writes one question: each term once, under a name, in the order of need."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._known: dict[int, Value] = {}
        self._facts: list[str] = []
        self._functions: dict[str, list[tuple[Value, str]]] = {}

    def question(self, group: Group, pair: tuple[Term, Term]) -> Question:
        """The whole text."""
        conditions = [_and(self._defined(term), self._signed(term, signs)) for term, signs in group.conditions]
        left, right = crossed(*map(self._value, pair))
        undefined = [f"(not {each})" for each in map(self._defined, pair) if each != "true"]
        fails = applied("or", [f"(distinct {left.said} {right.said})", *undefined], "false")
        return Question(script("QF_NRA", self._lines, [*conditions, *self._facts, fails]), not self._functions)

    def _value(self, term: Term) -> Value:
        """The names of numerator and denominator, defined after all that the term is made of."""
        for each in _in_order(term, self._known):
            if len(self._known) >= MOST_TERMS:
                raise Unsupported(f"more than {MOST_TERMS} terms in one question")
            self._known[each.serial] = self._named(each)
        return self._known[term.serial]

    def _named(self, term: Term) -> Value:
        top, bottom = self._made(term)
        if term.arguments:
            top, bottom = self._short(f"t{term.serial}", top), self._short(f"n{term.serial}", bottom)
        if term.partial:
            self._let(f"d{term.serial}", "Bool", self._has_value(term))
        return Value(top, bottom)

    def _short(self, name: str, made: Polynomial) -> Polynomial:
        return made if made == ONE or made.said.isalnum() else self._let(name, "Real", made.said, made.monomials)

    def _let(self, name: str, sort: str, said: str, count: int = 1) -> Polynomial:
        self._lines.append(f"(define-fun {name} () {sort} {said})")
        return Polynomial(name, count)

    def _made(self, term: Term) -> Value:
        """Numerator and denominator in terms of those of the arguments."""
        match term.kind, [self._known[each.serial] for each in term.arguments]:
            case "number", []:
                return Value(Polynomial(rational(term.data.numerator, term.data.denominator), 1), ONE)
            case "variable", []:
                return Value(self._declared(f"t{term.serial}", term.data), ONE)
            case "add", [a, b]:
                return Value(plus(*crossed(a, b)), a.bottom if a.bottom == b.bottom else times(a.bottom, b.bottom))
            case "mul", [a, b]:
                return times_value(a, b)
            case "div", [a, b]:
                return Value(times(a.top, b.bottom), times(a.bottom, b.top))
            case "select", [sign, *branches]:
                tops, bottoms = zip(*branches, strict=True)
                return Value(by_sign(sign, tops), by_sign(sign, bottoms))
            case "maximum", [a, b]:
                return where_larger(a, b, a, b)
            case "apply", [argument]:
                return self._applied(term, argument)
        raise Unsupported(f"a term of kind {term.kind} has no first-order form")

    def _declared(self, name: str, what: str) -> Polynomial:
        self._lines.append(f"(declare-const {name} Real) ; {what}")
        return Polynomial(name, 1)

    def _applied(self, term: Term, argument: Value) -> Value:
        """exp(a + b) = exp(a) exp(b) and tanh(a) = (exp(a)² − 1)/(exp(a)² + 1) are used; what is left is a number of its own."""
        (inner,) = term.arguments

        def of(part: Term) -> Value:
            return self._value(term.pool.node("apply", (part,), term.data))

        match term.data, inner.kind, inner.arguments:
            case "exp", "number", () if inner.data == 0:
                return Value(ONE, ONE)
            case "exp", "add", (first, second):
                return times_value(of(first), of(second))
            case "exp", "mul", (first, second) if first.data in _MULTIPLES:
                whole = reduce(times_value, [of(second)] * abs(int(first.data)))
                return whole if first.data > 0 else Value(whole.bottom, whole.top)
            case "exp", "apply", (argued,) if inner.data == "log":
                return self._value(argued)
            case "tanh", _, _:
                square = times_value(*[self._value(term.pool.node("apply", (inner,), "exp"))] * 2)
                return Value(plus(square.top, times_number(Value(square.bottom, ONE), -1).top), plus(*square))
            case _, "maximum", (first, second) if not {"maximum", "select"} & {first.kind, second.kind}:
                return where_larger(self._value(first), self._value(second), of(first), of(second))
        return Value(self._unknown(term, argument), ONE)

    def _unknown(self, term: Term, argument: Value) -> Polynomial:
        """A number for the function's value, of which the facts hold; equal arguments have equal ones."""
        if term.data not in _FACTS and term.data not in _DOMAIN:
            raise Unsupported(f"{term.data} has no first-order form")
        value = self._declared(f"f{term.serial}", repr(term)[:60])
        others = self._functions.setdefault(term.data, [])
        for other, name in others[:MOST_OTHERS]:
            left, right = crossed(argument, other)
            self._facts.append(f"(=> (= {left.said} {right.said}) (= {value.said} {name}))")
        others.append((argument, value.said))
        if term.data in _FACTS and (argument.bottom == ONE or term.data != "sqrt"):
            self._facts.append(_FACTS[term.data].format(f=value.said, x=argument.top.said))
        return value

    def _has_value(self, term: Term) -> str:
        """Only the branch that is taken needs a value; a divisor is not 0 and an argument in the function's domain."""
        parts = [self._defined(each) for each in term.arguments]
        values = [self._known[each.serial] for each in term.arguments]
        if term.kind == "select":
            return _and(parts[0], by_sign(values[0], [Polynomial(part, 1) for part in parts[1:]]).said)
        if term.kind == "div":
            return _and(*parts, f"(distinct {values[1].top.said} 0.0)")
        if term.kind == "apply" and term.data in _DOMAIN:
            return _and(*parts, f"({_DOMAIN[term.data]} {times(*values[0]).said} 0.0)")
        return _and(*parts)

    def _defined(self, term: Term) -> str:
        self._value(term)
        return f"d{term.serial}" if term.partial else "true"

    def _signed(self, term: Term, signs: frozenset[int]) -> str:
        value = times(*self._value(term)).said
        return applied("or", [f"({'<=>'[sign + 1]} {value} 0.0)" for sign in sorted(signs)], "false")


def _and(*parts: str) -> str:
    return applied("and", [part for part in parts if part != "true"], "true")


def _in_order(term: Term, known: Mapping[int, Value]) -> Iterator[Term]:
    """The term and all that it is made of, arguments first, each once, without what is known."""
    stack = [term]
    while stack:
        top = stack[-1]
        missing = [each for each in top.arguments if each.serial not in known]
        if top.serial in known or not missing:
            stack.pop()
            if top.serial not in known:
                yield top
        else:
            stack.extend(missing)


MOST_OTHERS = 3
"""Values of a function with which one more is compared: that equal arguments have equal values matters seldom."""

_MULTIPLES = frozenset((-4, -3, -2, -1, 2, 3, 4))
"""exp(n a) is exp(a)^n for these n."""

_DOMAIN: Mapping[str, str] = MappingProxyType({"log": ">", "sqrt": ">="})
"""How a function's argument compares with 0 where it has a value."""

_FACTS: Mapping[str, str] = MappingProxyType(
    {
        "exp": "(and (> {f} 0.0) (=> (= {x} 0.0) (= {f} 1.0)))",
        "erf": "(and (< (- 1.0) {f}) (< {f} 1.0))",
        "per_root_pi": "(=> (= {x} 0.0) (= {f} 0.0))",
        "sin": "(and (<= (- 1.0) {f}) (<= {f} 1.0))",
        "cos": "(and (<= (- 1.0) {f}) (<= {f} 1.0))",
        "sqrt": "(=> (>= {x} 0.0) (and (>= {f} 0.0) (= (* {f} {f}) {x})))",
    }
)
"""What is known of a function's value f at x, a numerator; of sqrt only where it is over 1."""
