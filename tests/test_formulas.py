"""Formulas as mathematics: every op's, read at letters, has the values that the spec computes, and is MathML alone."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from typing import Any
from xml.etree import ElementTree

import pytest
import sympy
from backproof.equivalence.declared import declared
from backproof.equivalence.formulas import Reading, meanings, reading
from backproof.equivalence.kernel.shapes import AnyInteger, Naturals
from backproof.equivalence.planning import every_op
from backproof.equivalence.rules.instances import RuleInstance, instances
from backproof.equivalence.rules.patterns import matching
from backproof.reports.page.mathematics import ELEMENTS
from backproof.spec.convention import TORCHLEAN
from backproof.spec.definition import ShapeMismatch, definition_of
from backproof.spec.derive import instantiate, symbol
from backproof.spec.selection import Largest
from backproof.spec.written import input_names

MOST_UNWRITTEN = 5
"""Ops whose formulas take decisions that letters leave open; the page has their definitions' own words."""

DIGITS = 30


def letters_of(found: Reading, rule: RuleInstance) -> dict[str, Any]:
    """What the letters of a reading are at an instance."""
    values: dict[str, Any] = {}
    for shape, sides in zip(found.pattern.shapes, rule.shapes, strict=True):
        values |= {found.letters[name]: side for name, side in zip(shape, sides, strict=True) if isinstance(name, str)}
    for name, general in found.pattern.attributes:
        given = rule.attributes[name]
        values |= {name: given, general.count: len(given)} if isinstance(general, Naturals) else {}
        pairs = zip(general, given, strict=True) if isinstance(general, tuple) else [(general, given)]
        values |= {any_.name: integer for any_, integer in pairs if isinstance(any_, AnyInteger)}
    return values


def value(term: Any, at: Mapping[str, Any]) -> Any:
    """A written term at values of its letters; inputs are functions of an index."""
    match term:
        case sympy.Symbol(name=name) if name in at:
            return at[name]() if callable(at[name]) else at[name]
        case sympy.Symbol(name=name):
            return sympy.Rational(Fraction(float(name)))
        case sympy.Indexed():
            held = at[term.base.label.name]
            index = [int(value(place, at)) for place in term.indices]
            return held(*index) if callable(held) else held[index[0]]
        case sympy.Sum() | sympy.Product():
            ranges = [[(limit[0].name, place) for place in range(int(value(limit[1], at)), int(value(limit[2], at)) + 1)] for limit in term.limits]
            parts = [value(term.function, {**at, **dict(chosen)}) for chosen in itertools.product(*ranges)]
            return sympy.Add(*parts) if isinstance(term, sympy.Sum) else sympy.Mul(*parts)
        case sympy.Piecewise():
            return next(value(piece, at) for piece, condition in term.args if value(condition, at))
        case sympy.Basic() if type(term).__name__ == "LargestOver":
            ranges = [[(limit[0].name, place) for place in range(int(value(limit[1], at)), int(value(limit[2], at)))] for limit in term.args[1:]]
            found = [value(term.args[0], {**at, **dict(chosen)}) for chosen in itertools.product(*ranges)]
            return sympy.Max(*found) if found else sympy.Integer(0)
        case sympy.Basic() if type(term).__name__ == "Held":
            return value(term.args[0], at)
        case sympy.Basic() if term.args:
            return term.func(*(value(part, at) for part in term.args))
    return term


def entry_at(entries: Mapping[Any, Any], place: int, *index: int) -> Any:
    """An entry of an input; one that no output reads is 3."""
    return entries.get(symbol("x", place, index), sympy.Integer(3))


def covered(op: str, found: Reading) -> list[RuleInstance]:
    """A few instances that a reading speaks of."""
    definition, sides = definition_of(op), sorted({side for shape in found.pattern.shapes for side in shape if isinstance(side, str)})
    tried = [*instances(op)]
    for turn in range(3):
        size = {side: 2 + (turn + place) % 3 for place, side in enumerate(sides)}
        shapes = tuple(tuple(size.get(str(side), side) for side in shape) for shape in found.pattern.shapes)
        tried += [RuleInstance(op, shapes, attributes) for attributes in definition.attributes(*shapes)]
    plain = (found.pattern.shapes, found.pattern.attributes)
    chosen = [each for each in tried if matching(op, each.shapes, each.attributes) == found.pattern or plain == (each.shapes, tuple(each.attributes.items()))]
    return [each for each in chosen if fits(each) and not each.is_large][:3]


def plainly(entry: Any) -> Any:
    """An entry with the largest of numbers in place of what its derivative would need."""
    return entry.replace(Largest, lambda _weight, *entries: sympy.Max(*entries))


def fits(rule: RuleInstance) -> bool:
    try:
        return 0 not in rule.shape
    except ShapeMismatch:
        return False


@pytest.mark.parametrize("op", every_op())
def test_a_written_formula_has_the_values_that_the_spec_computes(op: str) -> None:
    found = reading(op)
    if found is None:  # another test counts these
        return
    drawn = random.Random(op)
    compared = 0
    for rule in covered(op, found):
        instance = instantiate(definition_of(op), rule.shapes, rule.attributes, TORCHLEAN)
        entries = {each: sympy.Rational(drawn.randint(1, 40), 8) for entry in instance.forward.values() for each in entry.free_symbols}
        names = input_names(definition_of(op), len(rule.shapes))
        held = {name: partial(entry_at, entries, place) for place, name in enumerate(names)}
        left, right = found.equation.args
        for index, entry in [*instance.forward.items()][:3]:
            at = {**letters_of(found, rule), **held, **{letter.name: place for letter, place in zip(getattr(left, "indices", ()), index, strict=True)}}
            difference = sympy.sympify(value(right, at)) - plainly(sympy.sympify(entry).xreplace(entries))
            assert abs(difference.evalf(2 * DIGITS)) < sympy.Float(10) ** -DIGITS, (rule.key, index)
            compared += 1
    assert compared


def test_every_meaning_names_the_kinks_that_are_declared_and_its_mathematics_is_of_known_elements() -> None:
    kinks: dict[str, dict[str, str]] = {}
    for each in declared():
        kinks.setdefault(each.op, {})[each.kink] = str(each.weights["torchlean"])
    found = {each.op: each for each in meanings([*every_op(), "no such op"], "torchlean")}
    assert [*every_op()] == [*found]
    assert kinks == {op: dict(each.declared) for op, each in found.items() if each.declared}
    assert {"rand_uniform"} <= {op for op, each in found.items() if not each.mathml}
    assert sum(not each.mathml for each in found.values()) <= MOST_UNWRITTEN
    assert all(each.formula for each in found.values())
    for each in found.values():
        tree = ElementTree.fromstring(f"<math>{each.mathml}</math>")
        assert {element.tag for element in tree.iter()} <= {*ELEMENTS, "math"}
        assert not any(element.attrib for element in tree.iter())
