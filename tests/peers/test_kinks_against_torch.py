"""What the conventions declare at kinks against PyTorch's own derivatives there."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
import torch
from backproof.equivalence.declared import declared
from backproof.equivalence.graphs.replay import ExactAlgebra
from backproof.equivalence.kernel.numbers.exact import Exact
from backproof.spec.convention import PYTORCH, PYTORCH_2_15, Share
from backproof.spec.definition import definition_of
from backproof.spec.derive import instantiate, symbol
from backproof.spec.evaluate import Evaluation
from backproof.spec.operand import indices
from torch.nn import functional

TIED = np.array([[1.0, 1.0, 0.0, 1.0], [0.0, 0.0, 0.0, 0.0], [2.0, 1.0, 2.0, -1.0]])
CELLS = np.array([[[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [-1.0, 0.0, 0.0]]])
ZERO = np.array([0.0, -1.0, 2.0])
BOUNDS = np.array([-1.0, 1.0, 0.0, -2.0])

Torch = Callable[..., Any]

INSTALLED = PYTORCH if [*map(int, torch.__version__.split(".")[:2])] < [2, 14] else PYTORCH_2_15
"""What is declared of the PyTorch that is installed: its clamp changed in 2.14."""

AT_KINKS: list[tuple[str, dict[str, Any], Torch, tuple[Any, ...]]] = [
    ("abs", {}, torch.abs, (ZERO,)),
    ("clamp", {"lo": -1.0, "hi": 1.0}, lambda x: x.clamp(-1.0, 1.0), (BOUNDS,)),
    ("clamp", {"lo": 1.0, "hi": 1.0}, lambda x: x.clamp(1.0, 1.0), (BOUNDS,)),
    ("clamp", {"lo": 1.0, "hi": -1.0}, lambda x: x.clamp(1.0, -1.0), (BOUNDS,)),
    ("elu", {"alpha": 0.5}, lambda x: functional.elu(x, 0.5), (ZERO,)),
    ("huber", {"delta": 1.0}, functional.huber_loss, (BOUNDS, 0 * BOUNDS)),
    ("leaky_relu", {"slope": 0.25}, lambda x: functional.leaky_relu(x, 0.25), (ZERO,)),
    ("max", {}, torch.maximum, (ZERO, ZERO * [1, 1, 0])),
    ("min", {}, torch.minimum, (ZERO, ZERO * [1, 1, 0])),
    ("max_pool2d", {"kH": 2, "kW": 2, "stride": 1}, lambda x: functional.max_pool2d(x, 2, 1), (CELLS,)),
    ("max_pool2d_pad", {"kH": 2, "kW": 2, "stride": 2, "padding": 1}, lambda x: functional.max_pool2d(x, 2, 2, 1), (CELLS,)),
    ("max_pool", {"kernel": (2, 2), "stride": (1, 1), "padding": (0, 0)}, lambda x: functional.max_pool2d(x, 2, 1), (CELLS,)),
    ("norm", {"axis": 1}, lambda x: torch.linalg.vector_norm(x, dim=1), (TIED,)),
    ("norm", {"axis": 0}, lambda x: x.norm(dim=0), (TIED * [1, 0, 1, 1],)),
    ("reduce_max", {"axis": 1}, lambda x: x.amax(1), (TIED,)),
    ("relu", {}, torch.relu, (ZERO,)),
    ("sqrt", {}, torch.sqrt, (np.array([0.0, 4.0]),)),
]
"""Op, attributes, the same in PyTorch, and inputs on kinks and beside them; none where PyTorch's op is another one."""

WITHOUT_TWIN = {"batch_norm2d_nchw_eval"}
"""PyTorch takes the root of a stored variance and ε as they are, and has no kink where the variance is 0."""

IDS = [f"{op} {place}" for place, (op, *_rest) in enumerate(AT_KINKS)]


def declared_cotangents(op: str, attributes: dict[str, Any], inputs: tuple[Any, ...], seed: Any) -> tuple[bool, list[Any]]:
    """Whether the convention declares a derivative there, and the cotangents that it declares."""
    instance = instantiate(definition_of(op), [x.shape for x in inputs], attributes, INSTALLED)
    known = {symbol("x", k, i): Exact.of(float(x[i])) for k, x in enumerate(inputs) for i in indices(x.shape)}
    known |= {symbol("y_bar", 0, i): Exact.of(float(seed[i])) for i in indices(instance.shape)}
    evaluation = Evaluation(known, ExactAlgebra())
    if any(evaluation.value(each).sign() == 0 for each in instance.without_derivative):
        return False, []
    values = [[evaluation.value(entries[i]) for i in indices(x.shape)] for x, entries in zip(inputs, instance.vjp, strict=True)]
    return True, [[float(Fraction(str(value))) for value in row] for row in values]


@pytest.mark.parametrize(("op", "attributes", "theirs", "inputs"), AT_KINKS, ids=IDS)
def test_the_derivative_declared_at_a_kink_is_pytorchs(op: str, attributes: Any, theirs: Torch, inputs: Any) -> None:
    leaves = [torch.tensor(x, requires_grad=True) for x in inputs]
    y = theirs(*leaves)
    seed = torch.arange(1, y.numel() + 1, dtype=torch.float64).reshape(y.shape)
    gradients = torch.autograd.grad(y, leaves, seed)
    exists, cotangents = declared_cotangents(op, attributes, inputs, seed.numpy())
    assert exists == all(bool(each.isfinite().all()) for each in gradients)
    for x_bar, gradient in zip(cotangents, gradients, strict=exists):
        assert np.allclose(x_bar, gradient.numpy().ravel(), rtol=1e-14, atol=0)


def test_every_kink_is_compared_or_its_op_has_no_twin_in_pytorch() -> None:
    assert {each.op for each in declared()} <= {op for op, *_rest in AT_KINKS} | WITHOUT_TWIN


def test_pytorch_2_13_differs_where_a_pull_request_changed_it() -> None:
    differing = {kink for kink, weight in PYTORCH.weights.items() if weight != PYTORCH_2_15.weights[kink]}
    assert {"clamp at hi", "clamp at lo"} == differing
    assert Share.EVENLY is PYTORCH.weights["reduce max"]
