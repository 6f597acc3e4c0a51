"""An equality claim as questions in SMT-LIB, made from the claim's own terms: no normal form has a part in it.

A term is written as a quotient that is never divided out, because solvers are at home in polynomials: a/b + c/d is
(a d + c b) / (b d). Where the term has a value, the denominator is not 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from ..kernel.algebra.equalities import Equalities, Group
from ..kernel.scalars.mask import Unsupported
from ..kernel.scalars.term import Term
from ..kernel.smtlib import applied, rational, script

MOST_TERMS = 4000
"""Terms that one question may hold; a claim that needs more has no form of a sensible size."""

MOST_MONOMIALS = 5000
"""Monomials that a polynomial of a question may have when it is multiplied out, counted before any cancel."""


@dataclass(frozen=True, slots=True)
class Question:
    """Unsatisfiable only if the claim holds; if `faithful`, exactly if it does.

    A value of a function such as exp is a real number of which no more is known than the function's range, and that
    equal arguments have equal values: a model may be one of another function.
    """

    text: str
    faithful: bool


class Polynomial(NamedTuple):
    """A name or expression, and a bound on its monomials."""

    said: str
    count: int


class Value(NamedTuple):
    """Numerator and denominator."""

    top: Polynomial
    bottom: Polynomial


ONE = Polynomial("1.0", 1)


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
        left, right = _crossed(*map(self._value, pair))
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
        return made if made == ONE or made.said.isalnum() else self._let(name, "Real", made.said, made.count)

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
                return Value(_plus(*_crossed(a, b)), a.bottom if a.bottom == b.bottom else _times(a.bottom, b.bottom))
            case "mul", [a, b]:
                return Value(_times(a.top, b.top), _times(a.bottom, b.bottom))
            case "div", [a, b]:
                return Value(_times(a.top, b.bottom), _times(a.bottom, b.top))
            case "select", [sign, *branches]:
                tops, bottoms = zip(*branches, strict=True)
                return Value(_by_sign(sign, tops), _by_sign(sign, bottoms))
            case "maximum", [a, b]:
                return _where_larger(a, b, a, b)
            case "apply", [argument]:
                return self._applied(term, argument)
        raise Unsupported(f"a term of kind {term.kind} has no first-order form")

    def _declared(self, name: str, what: str) -> Polynomial:
        self._lines.append(f"(declare-const {name} Real) ; {what}")
        return Polynomial(name, 1)

    def _applied(self, term: Term, argument: Value) -> Value:
        """The facts exp(a + b) = exp(a) exp(b) and f(-a) are used here; what is left is a number of its own."""
        (inner,) = term.arguments

        def of(part: Term) -> Value:
            return self._value(term.pool.node("apply", (part,), term.data))

        match term.data, inner.kind, inner.arguments:
            case "exp", "number", () if inner.data == 0:
                return Value(ONE, ONE)
            case "exp", "add", (first, second):
                a, b = of(first), of(second)
                return Value(_times(a.top, b.top), _times(a.bottom, b.bottom))
            case "exp", "mul", (first, second) if first.is_number(-1):
                return Value(*of(second)[::-1])
            case "tanh", "mul", (first, second) if first.is_number(-1):
                return _times_number(of(second), -1)
            case _, "maximum", (first, second) if not {"maximum", "select"} & {first.kind, second.kind}:
                return _where_larger(self._value(first), self._value(second), of(first), of(second))
        return Value(self._unknown(term, argument), ONE)

    def _unknown(self, term: Term, argument: Value) -> Polynomial:
        """A number for the function's value, in the function's range; equal arguments have equal ones."""
        value = self._declared(f"f{term.serial}", repr(term)[:60])
        others = self._functions.setdefault(term.data, [])
        for other, name in others[:MOST_OTHERS]:
            left, right = _crossed(argument, other)
            self._facts.append(f"(=> (= {left.said} {right.said}) (= {value.said} {name}))")
        others.append((argument, value.said))
        if term.data in _RANGE:
            self._facts.append(_RANGE[term.data].format(f=value.said))
        return value

    def _has_value(self, term: Term) -> str:
        """Only the branch that is taken needs a value; a divisor is not 0 and an argument in the function's domain."""
        parts = [self._defined(each) for each in term.arguments]
        values = [self._known[each.serial] for each in term.arguments]
        if term.kind == "select":
            return _and(parts[0], _by_sign(values[0], [Polynomial(part, 1) for part in parts[1:]]).said)
        if term.kind == "div":
            return _and(*parts, f"(distinct {values[1].top.said} 0.0)")
        if term.kind == "apply" and term.data in _DOMAIN:
            return _and(*parts, f"({_DOMAIN[term.data]} {_times(*values[0]).said} 0.0)")
        return _and(*parts)

    def _defined(self, term: Term) -> str:
        self._value(term)
        return f"d{term.serial}" if term.partial else "true"

    def _signed(self, term: Term, signs: frozenset[int]) -> str:
        value = _times(*self._value(term)).said
        return applied("or", [f"({'<=>'[sign + 1]} {value} 0.0)" for sign in sorted(signs)], "false")


def _plus(a: Polynomial, b: Polynomial) -> Polynomial:
    return _limited(Polynomial(f"(+ {a.said} {b.said})", a.count + b.count))


def _times(a: Polynomial, b: Polynomial) -> Polynomial:
    if ONE in (a, b):
        return b if a == ONE else a
    return _limited(Polynomial(f"(* {a.said} {b.said})", a.count * b.count))


def _times_number(a: Value, number: int) -> Value:
    return Value(_times(Polynomial(rational(number, 1), 1), a.top), a.bottom)


def _limited(made: Polynomial) -> Polynomial:
    if made.count > MOST_MONOMIALS:
        raise Unsupported(f"a polynomial that may have more than {MOST_MONOMIALS} monomials")
    return made


def _crossed(a: Value, b: Value) -> tuple[Polynomial, Polynomial]:
    """The numerators over one denominator."""
    return (a.top, b.top) if a.bottom == b.bottom else (_times(a.top, b.bottom), _times(b.top, a.bottom))


def _by_sign(sign: Value, branches: Sequence[Polynomial]) -> Polynomial:
    above, at, below = branches
    if above == at == below:
        return above
    value = _times(*sign).said
    rest = below.said if at == below else f"(ite (= {value} 0.0) {at.said} {below.said})"
    test = ">=" if above == at else ">"
    return _limited(Polynomial(
        f"(ite ({test} {value} 0.0) {above.said} {below.said if above == at else rest})", sum(b.count for b in branches)
    ))


def _where_larger(a: Value, b: Value, then: Value, other: Value) -> Value:
    """One of two, by which of a and b is larger; at a tie, where both are the same, the first."""
    difference = Value(_plus(*_crossed(a, _times_number(b, -1))), _times(a.bottom, b.bottom))
    tops, bottoms = ((one, one, two) for one, two in zip(then, other, strict=True))
    return Value(_by_sign(difference, tops), _by_sign(difference, bottoms))


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

_DOMAIN: Mapping[str, str] = MappingProxyType({"log": ">", "sqrt": ">="})
"""How a function's argument compares with 0 where it has a value."""

_RANGE: Mapping[str, str] = MappingProxyType(
    {"exp": "(> {f} 0.0)", "tanh": "(and (< (- 1.0) {f}) (< {f} 1.0))"}  # Fact.EXP_POSITIVE, Fact.TANH_BOUNDED
)
