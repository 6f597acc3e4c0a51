"""Who checks the gradients of a perceptron: backproof, and three that compare with differences at the point at hand.

Each peer is called as its documentation shows: torch.autograd.gradcheck in float64, slow as by default and fast;
jax.test_util.check_grads of order 1 and, as in the autodiff cookbook, 2; autograd.test_util.check_grads by default (order 2,
forward and reverse) and of order 1 in reverse alone. Each says whether the gradients are right.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

from gradcheck_mlp import Perceptron, case_of

Check = Callable[[Perceptron], bool]


@contextmanager
def backproof(ledger: Path | None) -> Iterator[Check]:
    """Families E and R for all inputs: the engine on this graph, and the rule of each of its nodes."""
    from contextlib import nullcontext

    import backproof.equivalence.deciders  # noqa: F401 - ready to decide, as a peer's library is loaded before it is called
    from backproof.equivalence.engine.theorem import engine_verdict
    from backproof.equivalence.kernel.verdict import Proved
    from backproof.equivalence.ledger.ledger import open_ledger
    from backproof.equivalence.origin import Origin
    from backproof.equivalence.rule_work import RuleWork
    from backproof.equivalence.rules.instances import rules_of
    from backproof.equivalence.run import decided
    from backproof.runtime.tape import Tape

    with nullcontext() if ledger is None else open_ledger(ledger, print) as kept:

        def check(perceptron: Perceptron) -> bool:
            case = case_of(perceptron)
            rules = {rule.key: rule for rule in rules_of(case)}
            work = [RuleWork(rule) for rule in rules.values()]
            answers = decided(work, os.cpu_count() or 1, None, "torchlean", lambda *_: None, kept, Origin.HERE)
            verdicts = [engine_verdict(case.graph, Tape), *(answer.verdict for answer in answers)]
            return len(verdicts) > len(work) and all(isinstance(verdict, Proved) for verdict in verdicts)

        yield check


def torch_gradcheck(*, fast: bool) -> Check:
    """torch.autograd.gradcheck."""
    import torch

    def check(perceptron: Perceptron) -> bool:
        x, target = torch.tensor(perceptron.x), torch.tensor(perceptron.target)
        parameters = [torch.tensor(each, requires_grad=True) for each in perceptron.parameters]
        loss = _loss(x, target, torch.tanh, torch.mean)
        return torch.autograd.gradcheck(lambda *given: loss(given), parameters, fast_mode=fast, raise_exception=False)

    return check


def jax_check_grads(*, order: int) -> Check:
    """jax.test_util.check_grads, which raises where gradients are wrong."""
    import jax
    from jax.test_util import check_grads

    jax.config.update("jax_enable_x64", True)  # noqa: FBT003 - as jax has it

    def check(perceptron: Perceptron) -> bool:
        x, target, *parameters = map(jax.numpy.asarray, (perceptron.x, perceptron.target, *perceptron.parameters))
        loss = _loss(x, target, jax.numpy.tanh, jax.numpy.mean)
        return _passes(lambda: check_grads(lambda *given: loss(given), parameters, order=order))

    return check


def autograd_check_grads(**options: Any) -> Check:
    """autograd.test_util.check_grads, which raises where gradients are wrong."""
    import autograd.numpy as anp
    from autograd.test_util import check_grads

    def check(perceptron: Perceptron) -> bool:
        loss = _loss(perceptron.x, perceptron.target, anp.tanh, anp.mean)
        return _passes(lambda: check_grads(lambda *given: loss(given), **options)(*perceptron.parameters))

    return check


def _passes(check: Callable[[], object]) -> bool:
    """Whether a check that raises where it finds gradients wrong does not."""
    try:
        check()
    except AssertionError:
        return False
    return True


def _loss(x: Any, target: Any, tanh: Callable[..., Any], mean: Callable[..., Any]) -> Callable[..., Any]:
    """The perceptron as a function of its parameters, in a peer's own operations."""

    def loss(parameters: Any) -> Any:
        h = x
        for place in range(0, len(parameters), 2):
            h = h @ parameters[place] + parameters[place + 1]
            if place + 2 < len(parameters):
                h = tanh(h)
        return mean((h - target) ** 2)

    return loss


PEERS: Mapping[str, tuple[str, Callable[[], Check]]] = MappingProxyType(
    {
        "gradcheck, slow": ("torch", lambda: torch_gradcheck(fast=False)),
        "gradcheck, fast": ("torch", lambda: torch_gradcheck(fast=True)),
        "jax check_grads, order 1": ("jax", lambda: jax_check_grads(order=1)),
        "jax check_grads, order 2": ("jax", lambda: jax_check_grads(order=2)),
        "autograd check_grads": ("autograd", autograd_check_grads),
        "autograd check_grads, order 1, reverse": ("autograd", lambda: autograd_check_grads(modes=["rev"], order=1)),
    }
)
"""Each peer by name, with the package that it needs."""


def is_installed(name: str) -> bool:
    """Whether a peer can be asked."""
    return find_spec(PEERS[name][0]) is not None
