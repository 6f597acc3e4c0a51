"""A domain is no narrower than it must be: outside it, a value of the formula or of its derivatives does not exist."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import flint
import pytest
from backproof.equivalence.graphs.replay import ExactAlgebra
from backproof.equivalence.kernel.numbers.exact import Exact, Undecidable
from backproof.equivalence.rules.instances import instances
from backproof.spec import definitions as _definitions  # noqa: F401 - fills the registry
from backproof.spec.convention import TORCHLEAN
from backproof.spec.definition import DEFINITIONS
from backproof.spec.derive import Instance, instantiate, symbol
from backproof.spec.evaluate import Evaluation
from backproof.spec.operand import indices

WITH_A_DOMAIN = sorted(op for op, definition in DEFINITIONS.items() if definition.domain_text != "ℝ")
VALUES = tuple(Fraction(n, 2) for n in (-3, -2, -1, 0, 0, 1, 2))
TURNS = 40


def _small(op: str) -> Iterator[Instance]:
    for rule in itertools.islice(instances(op), 40):
        made = instantiate(DEFINITIONS[op], rule.shapes, rule.attributes, TORCHLEAN)
        if 0 < sum(len(indices(shape)) for shape in rule.shapes) <= 8 and indices(made.shape):
            yield made


@pytest.mark.parametrize("op", WITH_A_DOMAIN)
def test_outside_a_domain_the_formula_has_no_value(op: str) -> None:
    outside = 0
    for instance in _small(op):
        stream = random.Random(f"{op} {instance.shapes}")
        for _ in range(TURNS):
            known = _drawn(instance, stream)
            with flint.ctx.workprec(128):
                values = Evaluation(known, ExactAlgebra())
                try:
                    inside = all(_holds(values.value(each.entry), each.kind) for each in instance.domain)
                except Undecidable:
                    continue
                if not inside:
                    assert _without_value(instance, values), (instance.shapes, known)
                    outside += 1
    assert outside


def _drawn(instance: Instance, stream: random.Random) -> dict[Any, Exact]:
    places = [(place, index) for place, shape in enumerate(instance.shapes) for index in indices(shape)]
    known = {symbol("x", *place): Exact.of(stream.choice(VALUES)) for place in places}
    known |= {symbol("x_dot", *place): Exact.of(1) for place in places}
    return known | {symbol("y_bar", 0, index): Exact.of(1) for index in indices(instance.shape)}


def _holds(value: Exact, kind: str) -> bool:
    return value.sign() > 0 if kind == "positive" else value.sign() != 0


def _without_value(instance: Instance, values: Evaluation) -> bool:
    """Whether an entry of the output, or of a derivative, has no value, or one whose branch cannot be told."""
    entries = [*instance.forward.values(), *(entry for each in instance.vjp for entry in each.values())]
    try:
        return any(values.value(entry).value is None for entry in entries)
    except Undecidable:
        return True


def test_an_op_that_is_defined_everywhere_has_no_conditions() -> None:
    everywhere = sorted(set(DEFINITIONS) - set(WITH_A_DOMAIN))
    made = [next(_small(op), None) for op in everywhere]
    assert len([each for each in made if each is not None]) > 50
    assert [each.definition.op for each in made if each is not None and each.domain] == []
