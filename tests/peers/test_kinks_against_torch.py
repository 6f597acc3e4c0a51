"""What the convention named pytorch declares at each kink, against PyTorch itself at that point."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from backproof.equivalence.graphs.dual import dual_context
from backproof.equivalence.kernel.numbers.exact import Exact
from backproof.runtime.session import Session
from backproof.spec import definitions as _registered  # noqa: F401 - importing them fills the registry
from backproof.spec.convention import PYTORCH, Convention

TIED_WINDOW = np.array([[[3.0, 1.0], [3.0, 2.0]]])
F = torch.nn.functional

KINKS: dict[str, tuple[Callable[..., Any], Callable[..., Any], tuple[Any, ...]]] = {
    "abs": (lambda s, x: s.abs(x), torch.abs, (np.zeros(1),)),
    "clamp at hi": (lambda s, x: s.clamp(x, lo=-1.0, hi=2.0), lambda x: torch.clamp(x, -1.0, 2.0), (np.array([2.0]),)),
    "clamp at lo": (lambda s, x: s.clamp(x, lo=-1.0, hi=2.0), lambda x: torch.clamp(x, -1.0, 2.0), (np.array([-1.0]),)),
    "elu": (lambda s, x: s.elu(x, alpha=0.5), lambda x: F.elu(x, 0.5), (np.zeros(1),)),
    "huber": (
        lambda s, a, b: s.huber(a, b, delta=0.5),
        lambda a, b: F.huber_loss(a, b, delta=0.5),
        (np.array([2.0, -1.0]), np.array([1.5, -0.5])),
    ),
    "leaky_relu": (lambda s, x: s.leaky_relu(x, slope=0.25), lambda x: F.leaky_relu(x, 0.25), (np.zeros(1),)),
    "max": (lambda s, a, b: s.max(a, b), torch.maximum, (np.ones(1), np.ones(1))),
    "max pool": (
        lambda s, x: s.max_pool2d(x, kH=2, kW=2, stride=1), lambda x: F.max_pool2d(x, 2, 1), (TIED_WINDOW,),
    ),
    "min": (lambda s, a, b: s.min(a, b), torch.minimum, (np.ones(1), np.ones(1))),
    "reduce max": (
        lambda s, x: s.reduce_max(x, axis=0), lambda x: torch.amax(x, 0), (np.array([2.0, 3.0, 3.0, 3.0]),),
    ),
    "relu": (lambda s, x: s.relu(x), torch.relu, (np.zeros(1),)),
    "sqrt": (lambda s, x: s.sqrt(x), torch.sqrt, (np.zeros(1),)),
}  # fmt: skip
"""By kink: ours, PyTorch's, and the point."""

DIFFERENT: dict[str, tuple[tuple[Fraction | float, ...], str]] = {
    "clamp at hi": ((0,), "the convention states PyTorch 2.13, which passes the gradient; since 2.14 it is 0"),
    "clamp at lo": ((0,), "the convention states PyTorch 2.13, which passes the gradient; since 2.14 it is 0"),
    "reduce max": ((0, *[1 / 3] * 3), "amax shares a tie evenly; a weight of the first and the last cannot say it"),
    "sqrt": ((float("inf"),), "the derivative is infinite; a weight of two branches cannot say it"),
}
"""By kink: what the pinned PyTorch computes where that is not what the convention declares, and why."""


def declared(name: str, convention: Convention) -> tuple[Fraction, ...]:
    """Our derivative of the sum of the outputs by every entry of every input, in exact numbers."""
    ours, _theirs, inputs = KINKS[name]
    session = Session()
    out = ours(session, *(session.input(x) for x in inputs))
    case = session.case(out, np.ones(out.shape))
    directions = [[Exact.of(0)] * x.size for x in inputs]
    found = []
    for direction in directions:
        for place in range(len(direction)):
            direction[place] = Exact.of(1)
            moved = dual_context(case, directions, convention)[out.id]
            total = sum((each.tangent for each in moved), Exact.of(0)).value
            found.append(Fraction(int(total.p), int(total.q)))
            direction[place] = Exact.of(0)
    return tuple(found)


def computed(name: str) -> tuple[float, ...]:
    """PyTorch's derivative of the sum of its outputs."""
    _ours, theirs, inputs = KINKS[name]
    leaves = [torch.tensor(x, requires_grad=True) for x in inputs]
    gradients = torch.autograd.grad(theirs(*leaves).sum(), leaves)
    return tuple(entry for gradient in gradients for entry in gradient.ravel().tolist())


def test_every_kink_of_the_convention_has_its_point() -> None:
    assert PYTORCH.weights.keys() == KINKS.keys()
    assert DIFFERENT.keys() <= KINKS.keys()


@pytest.mark.parametrize("name", sorted(KINKS.keys() - DIFFERENT.keys()))
def test_pytorch_computes_what_its_convention_declares(name: str) -> None:
    assert declared(name, PYTORCH) == computed(name)


@pytest.mark.parametrize("name", DIFFERENT)
def test_where_pytorch_computes_another_derivative_it_is_the_known_one(name: str) -> None:
    expected, why = DIFFERENT[name]
    assert expected == computed(name)
    assert declared(name, PYTORCH) != computed(name), f"no longer so: {why}"
