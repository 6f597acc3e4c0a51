"""Training steps of real size as graph files: a perceptron, a residual network and a transformer.

    python examples/large_graphs.py --out out/large

Writes mlp.json (10 million parameters, 64 images of 28x28), cnn.json (ResNet-18's layers on one image of 32x32) and
transformer.json (6 layers of width 256 on 64 places), each with its .npz. `backproof check out/large/mlp.json` decides it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from backproof.ir.exchange import Case, Values, last_value_seeds, write_case
from backproof.ir.graph import Attribute, Environment, Graph, Leaf, Node, Shape
from backproof.spec import definitions as _definitions  # noqa: F401 - fills the registry that shapes are asked of
from backproof.spec.definition import definition_of


@dataclass(frozen=True)
class Value:
    """A leaf or a node of a network, and its shape."""

    place: int
    shape: Shape
    is_leaf: bool


class Network:
    """Leaves and nodes in the order in which they came; parameters are drawn as they are needed."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.leaves: list[tuple[Leaf, Values]] = []
        self.nodes: list[tuple[str, tuple[Value, ...], Shape, Mapping[str, Attribute]]] = []

    def weights(self, *shape: int, fan_in: int) -> Value:
        """A parameter with normal entries of variance 2 / fan-in."""
        return self._leaf(self.random.normal(size=shape) * np.sqrt(2 / fan_in), trained=True)

    def filled(self, value: float, *shape: int) -> Value:
        """A parameter with equal entries."""
        return self._leaf(np.full(shape, value), trained=True)

    def given(self, values: Values) -> Value:
        """An input that is not trained."""
        return self._leaf(values, trained=False)

    def _leaf(self, values: Values, *, trained: bool) -> Value:
        self.leaves.append((Leaf(values.shape, requires_grad=trained), values))
        return Value(len(self.leaves) - 1, values.shape, is_leaf=True)

    def apply(self, op: str, *operands: Value, **attributes: Attribute) -> Value:
        """A node."""
        shape = tuple(definition_of(op).infer_shape([each.shape for each in operands], attributes))
        self.nodes.append((op, operands, shape, attributes))
        return Value(len(self.nodes) - 1, shape, is_leaf=False)

    def linear(self, x: Value, inputs: int, outputs: int) -> Value:
        """x wᵀ + b on the last axis."""
        return self.apply("linear", self.weights(outputs, inputs, fan_in=inputs), self.filled(0.0, outputs), x)

    def case(self) -> Case:
        """The graph with the leaves first, seeded with 1 at its last node."""
        count = len(self.leaves)
        nodes = (
            Node(op, tuple(each.place + (0 if each.is_leaf else count) for each in operands), shape, attributes)
            for op, operands, shape, attributes in self.nodes
        )
        graph = Graph(tuple(leaf for leaf, _values in self.leaves), tuple(nodes))
        return Case(graph, tuple(values for _leaf, values in self.leaves), Environment(()), last_value_seeds(graph))

    def parameters(self) -> int:
        """How many numbers are trained."""
        return sum(values.size for leaf, values in self.leaves if leaf.requires_grad)


def mlp(net: Network) -> Value:
    """784-2800-2800-10 with relu and tanh, mean squared error of probabilities, 64 images."""
    x = net.given(net.random.normal(size=(64, 784)))
    hidden = net.apply("relu", net.linear(x, 784, 2800))
    hidden = net.apply("tanh", net.linear(hidden, 2800, 2800))
    probabilities = net.apply("softmax", net.linear(hidden, 2800, 10))
    return net.apply("mse_loss", probabilities, net.given(np.eye(10)[net.random.integers(0, 10, size=64)]))


def cnn(net: Network) -> Value:
    """The layers of ResNet-18 for 32x32 images: four stages of two residual blocks, 64 to 512 channels."""
    x = _normed(net, net.given(net.random.normal(size=(3, 32, 32))), 3, 64, 3, 1)
    x = net.apply("relu", x)
    channels = 64
    for stage, width in enumerate((64, 128, 256, 512)):
        for block in range(2):
            stride = 2 if stage > 0 and block == 0 else 1
            x = _block(net, x, channels, width, stride)
            channels = width
    pooled = net.apply("avg_pool2d", x, kH=4, kW=4, stride=1)
    scores = net.linear(net.apply("reshape", pooled, shape=(1, 512)), 512, 10)
    return net.apply("mse_loss", net.apply("softmax", scores), net.given(np.eye(10)[:1]))


def _block(net: Network, x: Value, channels: int, width: int, stride: int) -> Value:
    inner = net.apply("relu", _normed(net, x, channels, width, 3, stride))
    inner = _normed(net, inner, width, width, 3, 1)
    beside = x if channels == width and stride == 1 else _normed(net, x, channels, width, 1, stride)
    return net.apply("relu", net.apply("add", inner, beside))


def _normed(net: Network, x: Value, channels: int, width: int, side: int, stride: int) -> Value:
    weights = net.weights(width, channels, side, side, fan_in=channels * side * side)
    convolved = net.apply("conv2d", weights, net.filled(0.0, width), x, stride=stride, padding=side // 2)
    return net.apply("batchnorm_channel_first", convolved, net.filled(1.0, width), net.filled(0.0, width))


def transformer(net: Network) -> Value:
    """6 layers before whose parts a layer norm stands: 8 heads, width 256, 1024 hidden units, 64 places."""
    width, hidden = 256, 1024
    x = net.given(net.random.normal(size=(64, width)))
    for _ in range(6):
        square = [net.weights(width, width, fan_in=width) for _ in range(4)]
        x = net.apply("add", x, net.apply("multi_head_attention", _rows(net, x, width), *square, heads=8))
        inner = net.apply("relu", net.linear(_rows(net, x, width), width, hidden))
        x = net.apply("add", x, net.linear(inner, hidden, width))
    return net.apply("mse_loss", _rows(net, x, width), net.given(net.random.normal(size=(64, width))))


def _rows(net: Network, x: Value, width: int) -> Value:
    return net.apply("layer_norm", x, net.filled(1.0, width), net.filled(0.0, width))


NETWORKS: dict[str, Callable[[Network], Value]] = {"mlp": mlp, "cnn": cnn, "transformer": transformer}


def main(arguments: list[str]) -> int:
    """Write the files named, or all; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="the folder to write to")
    parser.add_argument("networks", nargs="*", metavar="NETWORK", help="mlp, cnn or transformer; all without one")
    given = parser.parse_args(arguments)
    unknown = set(given.networks) - set(NETWORKS)
    if unknown:
        parser.error(f"{min(unknown)!r} came, one of {', '.join(NETWORKS)} was needed")
    given.out.mkdir(parents=True, exist_ok=True)
    for name in given.networks or NETWORKS:
        net = Network(seed=0)
        NETWORKS[name](net)
        write_case(net.case(), given.out / f"{name}.json")
        print(f"wrote {given.out / name}.json: {net.parameters()} parameters")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
