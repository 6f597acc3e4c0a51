"""The formulas against the onnx package's own node test cases: forward, in the format of the case."""

from __future__ import annotations

import numpy as np
import pytest
from onnx_cases import node_cases
from onnx_table import EXCLUDED, MAPPED, RECORDINGS, recorded
from witness import forward


@pytest.mark.parametrize("name", MAPPED)
def test_the_outputs_of_a_case_are_what_the_formulas_mean(name: str) -> None:
    case = node_cases()[name]
    ways = recorded(name)
    assert ways, "no way of ours says this case: map it, or exclude it with a reason"
    for session, values in ways:
        still = np.zeros(values[0].shape)
        meant = forward(session.case(values[0], still), [value.id for value in values], case.format)
        for value_meant, came in zip(meant, case.outputs, strict=False):
            assert () == value_meant.objections(np.asarray(came))
            assert value_meant.is_sharp()


def test_every_case_of_a_mapped_op_is_mapped_or_excluded_with_a_reason() -> None:
    of_mapped_ops = {name for name, case in node_cases().items() if case.op_type in RECORDINGS}
    assert of_mapped_ops == {*MAPPED, *EXCLUDED}
    assert not set(MAPPED) & EXCLUDED.keys()
    assert all(EXCLUDED.values())
    assert RECORDINGS.keys() == {node_cases()[name].op_type for name in MAPPED}
