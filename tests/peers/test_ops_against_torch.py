"""Single ops differentiated by PyTorch in float64, at points where the conventions for kinks agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from backproof.runtime.session import Session

A = np.array([[0.7, -1.3, 2.1], [0.4, 5.5, -0.2]])
B = np.array([[1.9, 0.3, -0.6], [-2.2, 5.5, 0.8]])
Y_BAR = np.array([[1.1, -0.7, 0.3], [2.3, 0.9, -1.7]])

OPS: dict[str, tuple[Callable[..., Any], Callable[..., Any], tuple[Any, ...]]] = {
    "mul": (lambda s, a, b: s.mul(a, b), torch.mul, (A, B)),
    "div": (lambda s, a, b: s.div(a, b), torch.div, (A, B)),
    "max, one tie": (lambda s, a, b: s.max(a, b), torch.maximum, (A, B)),
    "relu": (lambda s, x: s.relu(x), torch.relu, (A,)),
    "abs": (lambda s, x: s.abs(x), torch.abs, (A,)),
    "clamp": (lambda s, x: s.clamp(x, -1.0, 2.0), lambda x: torch.clamp(x, -1.0, 2.0), (A,)),
    "exp": (lambda s, x: s.exp(x), torch.exp, (A,)),
    "log": (lambda s, x: s.log(x), torch.log, (np.abs(A),)),
    # Small entries: PyTorch's 1 - y² and y(1 - y) cancel where y is near 1 and leave the bound, ours do not.
    "tanh": (lambda s, x: s.tanh(x), torch.tanh, (A / 8,)),
    "sigmoid": (lambda s, x: s.sigmoid(x), torch.sigmoid, (A / 8,)),
    "softmax": (lambda s, x: s.softmax(x), lambda x: torch.softmax(x, dim=1), (A,)),
    "linear": (
        lambda s, w, b, x: s.linear(w, b, x),
        lambda w, b, x: torch.nn.functional.linear(x, w, b),
        (B.T @ A, A[0], B),
    ),
    "matmul": (lambda s, a, b: s.matmul(a, b), torch.matmul, (A, B.T @ A)),
    "mse_loss": (lambda s, a, b: s.mse_loss(a, b), torch.nn.functional.mse_loss, (A, B)),
}


@pytest.mark.parametrize("name", OPS)
def test_the_cotangents_of_an_op_agree_with_those_of_pytorch(
    name: str, assert_within_the_computed_bound: Callable[..., None]
) -> None:
    ours, theirs, inputs = OPS[name]
    session = Session()
    out = ours(session, *(session.input(x) for x in inputs))
    seed = Y_BAR if out.shape else np.array(1.5)
    leaves = [torch.tensor(x, requires_grad=True) for x in inputs]
    gradients = torch.autograd.grad(theirs(*leaves), leaves, torch.tensor(seed))
    peer = {place: gradient.numpy() for place, gradient in enumerate(gradients)}
    assert_within_the_computed_bound(session.case(out, seed), peer)
