"""The same computations in autograd and PyTorch, forward and backward, in float64 on one thread."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from tape_workloads import Chain, Perceptron, Run


def peers_of(workload: Chain | Perceptron) -> dict[str, Run | None]:
    """A run for each peer that is installed, None for the others."""
    peers = {"autograd": _autograd, "torch": _torch}
    return {name: make(workload) if find_spec(name) else None for name, make in peers.items()}


def _autograd(workload: Chain | Perceptron) -> Run:
    import autograd.numpy as anp
    from autograd import make_vjp

    def softmax(scores: Any) -> Any:
        weights = anp.exp(scores - anp.max(scores, axis=1, keepdims=True))
        return weights / anp.sum(weights, axis=1, keepdims=True)

    compute = _computation(workload, anp.tanh, lambda x: anp.maximum(x, 0), softmax, anp.mean)
    leaves = workload.leaves()

    def run() -> Any:
        pull_back, _ = make_vjp(compute, tuple(range(len(leaves))))(*leaves)
        return pull_back(workload.seed)

    return run


def _torch(workload: Chain | Perceptron) -> Run:
    import torch

    torch.set_num_threads(1)
    compute = _computation(workload, torch.tanh, torch.relu, lambda x: torch.softmax(x, dim=1), torch.mean)
    leaves = [torch.tensor(leaf, requires_grad=True) for leaf in workload.leaves()]
    seed = torch.tensor(workload.seed)

    def run() -> Any:
        return torch.autograd.grad(compute(*leaves), leaves, seed)

    return run


def _computation(
    workload: Chain | Perceptron,
    tanh: Callable[..., Any],
    relu: Callable[..., Any],
    softmax: Callable[..., Any],
    mean: Callable[..., Any],
) -> Callable[..., Any]:
    """The workload as a function of its leaves, in a peer's own operations."""

    def chain(h: Any, w: Any, b: Any) -> Any:
        for _ in range(Chain.rounds):
            h = tanh(h * w + b)
        return h * w

    def perceptron(x: Any, target: Any, w1: Any, w2: Any, w3: Any, b1: Any, b2: Any, b3: Any) -> Any:
        difference = softmax(relu(relu(x @ w1 + b1) @ w2 + b2) @ w3 + b3) - target
        return mean(difference * difference)

    return chain if isinstance(workload, Chain) else perceptron
