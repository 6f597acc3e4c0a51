"""Two computations, each on a native tape and by calling the same kernels by hand.

Both runs return the cotangents of all values: those of the leaves first, then those of the nodes in order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from backproof.runtime import primitives as _registered  # noqa: F401 - importing them fills the registry
from backproof.runtime.primitive import PRIMITIVES
from backproof.runtime.tape import Tape
from numpy.typing import NDArray

Array = NDArray[np.float64]
Run = Callable[[], Sequence[Any]]

ADD, BROADCAST, MATMUL, MSE, MUL, RELU, SOFTMAX, TANH = (
    PRIMITIVES[op] for op in ("add", "broadcast_to", "matmul", "mse_loss", "mul", "relu", "softmax", "tanh")
)


class Chain:
    """1000 nodes of shape (64,): h·w, + b, tanh, over and over, with one w and one b."""

    name = "chain of 1000 mul/add/tanh nodes of shape (64,)"
    rounds = 333

    def __init__(self, random: np.random.Generator) -> None:
        self.x, self.w, self.b = random.normal(size=(3, 64))
        self.seed = np.ones(64)

    def leaves(self) -> Sequence[Array]:
        return self.x, self.w, self.b

    def on_tape(self) -> Sequence[Any]:
        tape = Tape()
        h, w, b = tape.leaf(self.x), tape.leaf(self.w), tape.leaf(self.b)
        for _ in range(self.rounds):
            h = tape.record(MUL, (h, w), {})
            h = tape.record(ADD, (h, b), {})
            h = tape.record(TANH, (h,), {})
        h = tape.record(MUL, (h, w), {})
        return tape.backward_dense(h, self.seed)

    def by_hand(self) -> Sequence[Any]:
        h, w, b = self.x, self.w, self.b
        steps = []
        for _ in range(self.rounds):
            product = MUL.forward_kernel(h, w)
            total = ADD.forward_kernel(product, b)
            y = TANH.forward_kernel(total)
            steps.append((h, product, total, y))
            h = y
        last = MUL.forward_kernel(h, w)
        cotangents = [self.seed]
        h_bar, w_bar = MUL.vjp_kernel(self.seed, last, h, w)
        b_bar = None
        for h, product, total, y in reversed(steps):
            (total_bar,) = TANH.vjp_kernel(h_bar, y, total)
            product_bar, step_bar = ADD.vjp_kernel(total_bar, total, product, b)
            b_bar = step_bar if b_bar is None else b_bar + step_bar
            cotangents += (h_bar, total_bar, product_bar)
            h_bar, step_bar = MUL.vjp_kernel(product_bar, product, h, w)
            w_bar = w_bar + step_bar
        return [h_bar, w_bar, b_bar, *reversed(cotangents)]


class Perceptron:
    """784-256-128-10 on a batch of 32: relu, relu, softmax, mean squared error."""

    name = "MLP 784-256-128-10, batch 32"

    def __init__(self, random: np.random.Generator) -> None:
        sides = (784, 256, 128, 10)
        self.x = random.normal(size=(32, 784))
        self.target = np.eye(10)[random.integers(10, size=32)]
        self.weights = [random.normal(size=pair) / np.sqrt(pair[0]) for pair in pairwise(sides)]
        self.biases = [random.normal(size=side) for side in sides[1:]]
        self.seed = np.ones(())

    def leaves(self) -> Sequence[Array]:
        return self.x, self.target, *self.weights, *self.biases

    def on_tape(self) -> Sequence[Any]:
        tape = Tape()
        h, target = tape.leaf(self.x), tape.leaf(self.target)
        weights = [tape.leaf(weight) for weight in self.weights]
        biases = [tape.leaf(bias) for bias in self.biases]
        for weight, bias, activation in zip(weights, biases, (RELU, RELU, SOFTMAX), strict=True):
            product = tape.record(MATMUL, (h, weight), {})
            spread = tape.record(BROADCAST, (bias,), {"shape": tape.nodes[product].shape})
            total = tape.record(ADD, (product, spread), {})
            h = tape.record(activation, (total,), {})
        return tape.backward_dense(tape.record(MSE, (h, target), {}), self.seed)

    def by_hand(self) -> Sequence[Any]:
        h = self.x
        layers = []
        for weight, bias, activation in zip(self.weights, self.biases, (RELU, RELU, SOFTMAX), strict=True):
            product = MATMUL.forward_kernel(h, weight)
            spread = BROADCAST.forward_kernel(bias, shape=product.shape)
            total = ADD.forward_kernel(product, spread)
            y = activation.forward_kernel(total)
            layers.append((activation, h, weight, bias, product, spread, total, y))
            h = y
        loss = MSE.forward_kernel(h, self.target)
        h_bar, target_bar = MSE.vjp_kernel(self.seed, loss, h, self.target)
        cotangents, weight_bars, bias_bars = [self.seed], [], []
        for activation, h, weight, bias, product, spread, total, y in reversed(layers):
            (total_bar,) = activation.vjp_kernel(h_bar, y, total)
            product_bar, spread_bar = ADD.vjp_kernel(total_bar, total, product, spread)
            (bias_bar,) = BROADCAST.vjp_kernel(spread_bar, spread, bias, shape=product.shape)
            cotangents += (h_bar, total_bar, spread_bar, product_bar)
            h_bar, weight_bar = MATMUL.vjp_kernel(product_bar, product, h, weight)
            weight_bars.append(weight_bar)
            bias_bars.append(bias_bar)
        return [h_bar, target_bar, *reversed(weight_bars), *reversed(bias_bars), *reversed(cotangents)]
