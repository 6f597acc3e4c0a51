"""PyTorch as it is installed, behind an adapter: a black box on floats, so that it is tested and nothing of it is proved.

    pip install torch
    backproof check --rules examples/engines/torch_engine.py --convention pytorch

Left out is what means something else there: the root of a negative number, and the mean of nothing, are no numbers. So is
sigmoid, whose gradient y (1 − y) loses digits where y is near 1 that our kernel keeps: it would be unknown, and no pass.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from backproof import Graph, checked_engine

OPS: dict[str, Callable[..., Any]] = {
    "abs": torch.abs,
    "add": torch.add,
    "clamp": lambda x, lo, hi: torch.clamp(x, lo, hi),
    "cos": torch.cos,
    "cumsum": lambda x, axis: torch.cumsum(x, axis),
    "div": torch.div,
    "exp": torch.exp,
    "leaky_relu": lambda x, slope: torch.nn.functional.leaky_relu(x, slope),
    "log": torch.log,
    "logsumexp": lambda x, axis: torch.logsumexp(x, axis),
    "log_softmax": lambda x, axis=-1: torch.log_softmax(x, axis),
    "matmul": torch.matmul,
    "max": torch.maximum,
    "min": torch.minimum,
    "mul": torch.mul,
    "relu": torch.relu,
    "silu": torch.nn.functional.silu,
    "sin": torch.sin,
    "softmax": lambda x, axis=-1: torch.softmax(x, axis),
    "softplus": torch.nn.functional.softplus,
    "sub": torch.sub,
    "sum": torch.sum,
    "tanh": torch.tanh,
}


@checked_engine
class Torch:
    """A graph as a composition of torch's functions, swept by `torch.autograd.grad`."""

    ops = tuple(OPS)
    exact = False

    def forward(self, graph: Graph, leaves: Sequence[Any]) -> list[Any]:
        self.leaves = [torch.tensor(leaf, requires_grad=True) for leaf in leaves]
        self.values = list(self.leaves)
        for node in graph.nodes:
            self.values.append(OPS[node.op](*(self.values[parent] for parent in node.parents), **node.attributes))
        return [value.detach().numpy() for value in self.values]

    def backward(self, seeds: Sequence[Any]) -> list[Any]:
        gradients = torch.autograd.grad(
            self.values, self.leaves, [torch.tensor(seed) for seed in seeds], retain_graph=True, allow_unused=True
        )
        return [None if gradient is None else gradient.numpy() for gradient in gradients]
