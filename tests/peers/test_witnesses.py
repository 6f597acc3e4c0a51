"""The witnesses together: every op has one or a reason, wrong formulas are seen, and the document says what is so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from backproof.runtime import primitives as _registered  # noqa: F401 - importing them fills the registry
from backproof.runtime.primitive import PRIMITIVES
from onnx_attention import head_by_head
from onnx_cases import node_cases
from onnx_norms import by_channel, rms_norm
from onnx_table import witnessed as by_onnx
from opinfo_table import NOWHERE
from opinfo_table import witnessed as by_opinfo
from witness import forward
from witness_table import DOCUMENT, document


def sample_normalised(s: Any, x: Any) -> Any:
    """A batch normalised by n/(n−1) times its variance."""
    (n, c, h, w), m = x[0].shape, x[0].shape[0] * x[0].shape[2] * x[0].shape[3]
    y = s.batchnorm_channel_first(by_channel(s, x[0]), s.scale(x[1], c=((m - 1) / m) ** 0.5), x[2], eps=1e-5)
    return s.permute(s.reshape(y, shape=(c, n, h, w)), axes=(1, 0, 2, 3))


WRONG: dict[str, tuple[str, Callable[..., Any]]] = {
    "a mean over one entry fewer, as of a sample": (
        "test_reduce_mean_keepdims_random",
        lambda s, _a, x: s.reshape(s.scale(s.reduce_sum(x[0], axis=1), c=1 / (x[0].shape[1] - 1)), shape=(3, 1, 2)),
    ),
    "the tanh form of gelu for the other": ("test_gelu_default_2", lambda s, _a, x: s.gelu(x[0])),
    "an epsilon of 1e-6 inside a logarithm": (
        "test_log", lambda s, _a, x: s.log(s.add(x[0], s.const(np.full(x[0].shape, 1e-6)))),
    ),
    "an epsilon of 1e-6 for 1e-5 in a normalisation": (
        "test_rms_normalization_2d_axis1", lambda s, a, x: rms_norm(s, {**a, "epsilon": 1e-6}, x),
    ),
    "the variance of a sample for that of a population": (
        "test_batchnorm_example_training_mode", lambda s, _a, x: sample_normalised(s, x),
    ),
    "selu with a shortened constant": (
        "test_selu_default", lambda s, _a, x: s.scale(s.elu(x[0], alpha=1.67326), c=1.0507009873554805),
    ),
    "scores of attention over the root of all heads' features": (
        "test_attention_4d_causal_nonpad_continued_prefill",
        lambda s, a, x: head_by_head(s, a, replace(x, leaves=(s.scale(x[0], c=0.5**0.5), *x.leaves[1:]))),
    ),
    "attention to what is ahead": (
        "test_attention_causal_boolmask_nan_robustness", lambda s, _a, x: head_by_head(s, {}, replace(x, arrays=x.arrays[:3])),
    ),
    "a window of attention turned about": (
        "test_attention_bidirectional_window",
        lambda s, _a, x: head_by_head(s, {"left_window_size": 2, "right_window_size": 1}, x),
    ),
    "a softmax along another axis": ("test_softmax_axis_0", lambda s, _a, x: s.softmax(x[0], axis=1)),
}  # fmt: skip
"""Wrong formulas, each with the case that sees it."""


def test_every_op_has_a_witness_or_a_reason_to_have_none() -> None:
    assert PRIMITIVES.keys() == {*by_onnx(), *by_opinfo(), *NOWHERE}
    assert not {*by_onnx(), *by_opinfo()} & NOWHERE.keys()


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_formula_is_objected_to(wrong: str) -> None:
    name, recording = WRONG[wrong]
    case = node_cases()[name]
    session, (out,) = case.record(recording)
    (meant,) = forward(session.case(out, np.zeros(out.shape)), [out.id], case.format)
    assert meant.objections(case.outputs[0])


def test_the_document_says_what_is_so() -> None:
    assert document() == DOCUMENT.read_text(), "run tests/peers/witness_table.py with this interpreter"
