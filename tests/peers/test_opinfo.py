"""The formulas against PyTorch on its own sample inputs: value, VJP and JVP in float64."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from backproof.equivalence.kernel.numbers.formats import FLOAT64
from backproof.runtime.session import Session
from backproof.spec.convention import TORCHLEAN
from opinfo_cases import Sample, case_of, theirs
from opinfo_table import ORDERS, RECORDINGS, mapped
from witness import cotangents, forward, meanings


@pytest.mark.parametrize("operator", RECORDINGS)
def test_values_and_derivatives_of_the_samples_are_what_the_formulas_mean(operator: str) -> None:
    judged, excluded = mapped(operator)
    assert judged or excluded
    for sample, session, out in judged:
        case, tangents = case_of(session, out)
        value, pulled, pushed = theirs(sample, case.seeds[out.id], tangents)
        meant = meanings(case, (out.id,), tangents, FLOAT64, TORCHLEAN)
        primal = meant[out.id, "primal"]
        bounds = in_their_order(operator, "primal", sample, [])
        primal = primal if bounds is None else primal.widened(bounds)
        assert () == primal.objections(value), sample.name
        if pushed is not None:
            tangent = meant[out.id, "tangent"]
            bounds = in_their_order(operator, "tangent", sample, tangents[: len(pulled)])
            tangent = tangent if bounds is None else tangent.widened(bounds)
            assert () == tangent.objections(pushed), sample.name
        for leaf, (places, entries) in cotangents(case, TORCHLEAN).items():
            if leaf < len(pulled):
                bounds = in_their_order(operator, "cotangent", sample, [case.seeds[out.id]])
                wider = entries if bounds is None else entries.widened([bounds[place] for place in places])
                assert case.graph.shape(leaf) == pulled[leaf].shape
                assert () == wider.objections(pulled[leaf].ravel()[list(places)]), sample.name


def in_their_order(operator: str, quantity: str, sample: Sample, directions: Sequence[Any]) -> Any:
    """The bounds of PyTorch's own order of operations, where it has one that ours does not cover."""
    if (operator, quantity) not in ORDERS:
        return None
    order, _why = ORDERS[operator, quantity]
    session = Session()
    leaves = [session.input(tensor.numpy()) for tensor in sample.tensors]
    moving = [session.input(direction) for direction in directions]
    asked = inspect.signature(order).parameters
    given = {"approximate": sample.options.get("approximate", "none")}
    if "axis" in asked:
        given["axis"] = sample.arguments[1] % max(1, len(leaves[0].shape))
    options = {name: value for name, value in given.items() if name in asked}
    out = order(session, *leaves, *moving, **options)
    return forward(session.case(out, np.zeros(out.shape)), [out.id], FLOAT64)[0].bounds


def test_samples_are_judged_in_their_hundreds() -> None:
    assert sum(len(mapped(operator)[0]) for operator in RECORDINGS) > 200
