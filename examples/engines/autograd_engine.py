"""HIPS/autograd as it is installed, behind an adapter: a black box on floats, tested at points.

    pip install autograd
    backproof check --rules examples/engines/autograd_engine.py --convention pytorch-2.15

Its clip has derivative 0 at both bounds, as that convention says. Its `maximum(x, 0.0)` is no relu of any convention: give it that name,
and it is refuted with reason kink.
"""

from collections.abc import Callable, Sequence
from typing import Any

import autograd.numpy as np
from autograd import make_vjp
from autograd.builtins import tuple as traced_tuple
from autograd.scipy.special import logsumexp
from backproof import Graph, checked_engine

OPS: dict[str, Callable[..., Any]] = {
    "abs": np.abs,
    "add": np.add,
    "clamp": lambda x, lo, hi: np.clip(x, lo, hi),
    "cos": np.cos,
    "cumsum": lambda x, axis: np.cumsum(x, axis=axis),
    "div": np.divide,
    "exp": np.exp,
    "log": np.log,
    "logsumexp": lambda x, axis: logsumexp(x, axis=axis),
    "matmul": np.matmul,
    "max": np.maximum,
    "min": np.minimum,
    "mul": np.multiply,
    "sin": np.sin,
    "sub": np.subtract,
    "sum": np.sum,
    "tanh": np.tanh,
}


@checked_engine
class Autograd:
    """A graph as a function of its leaves that returns every value, differentiated by `make_vjp`."""

    ops = tuple(OPS)
    exact = False

    def forward(self, graph: Graph, leaves: Sequence[Any]) -> list[Any]:
        def values(given: Any) -> Any:
            found = [given[place] for place in range(len(leaves))]
            for node in graph.nodes:
                found.append(OPS[node.op](*(found[parent] for parent in node.parents), **node.attributes))
            return traced_tuple(tuple(found))

        self.vjp, result = make_vjp(values)(tuple(leaves))
        return list(result)

    def backward(self, seeds: Sequence[Any]) -> list[Any]:
        return list(self.vjp(tuple(seeds)))
