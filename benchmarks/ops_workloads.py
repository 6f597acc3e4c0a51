"""Ops at the sizes that networks have: inputs and seed drawn, the kernels called by hand, the same in PyTorch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from backproof.runtime import primitives as _registered  # noqa: F401 - importing them fills the registry
from backproof.runtime.primitive import primitive_of
from numpy.typing import NDArray

Array = NDArray[Any]

INDICES = tuple(map(int, np.random.default_rng(1).integers(10_000, size=4096)))

SIZES: tuple[tuple[str, tuple[tuple[int, ...], ...], Mapping[str, Any]], ...] = (
    ("conv2d", ((64, 64, 3, 3), (64,), (64, 56, 56)), {"stride": 1, "padding": 1}),
    ("conv2d", ((64, 3, 7, 7), (64,), (3, 224, 224)), {"stride": 2, "padding": 3}),
    ("conv_transpose2d", ((64, 32, 4, 4), (32,), (64, 28, 28)), {"stride": 2, "padding": 1}),
    ("max_pool2d", ((64, 112, 112),), {"kH": 3, "kW": 3, "stride": 2}),
    ("max_pool2d", ((64, 112, 112),), {"kH": 2, "kW": 2, "stride": 2}),
    ("avg_pool2d", ((64, 112, 112),), {"kH": 2, "kW": 2, "stride": 2}),
    ("multi_head_attention", ((256, 256),) * 5, {"heads": 8}),
    ("layer_norm", ((1024, 768), (768,), (768,)), {}),
    ("softmax", ((1024, 1000),), {}),
    ("gather_rows_nat", ((10_000, 256),), {"indices": INDICES}),
    ("matmul", ((512, 512), (512, 512)), {}),
    ("bmm", ((32, 128, 128), (32, 128, 128)), {}),
)
"""Each op with the shapes of its inputs and its attributes."""


@dataclass(frozen=True, slots=True)
class Workload:
    """One op with inputs and a seed, all of one dtype."""

    op: str
    inputs: tuple[Array, ...]
    seed: Array
    attributes: Mapping[str, Any]

    @property
    def name(self) -> str:
        shapes = " ".join("x".join(map(str, each.shape)) for each in self.inputs)
        short = [f"{k}={v}" if isinstance(v, int) else f"{len(v)} {k}" for k, v in self.attributes.items()]
        return " ".join((self.op, shapes, *short))

    def forward(self) -> Array:
        return primitive_of(self.op).forward_kernel(*self.inputs, **self.attributes)

    def forward_and_vjp(self) -> tuple[Array, ...]:
        y = self.forward()
        return y, *primitive_of(self.op).vjp_kernel(self.seed, y, *self.inputs, **self.attributes)


def workloads(dtype: str) -> list[Workload]:
    """Normal entries, those of a matrix or a kernel so scaled that results are about 1."""
    return [_drawn(np.random.default_rng(0), dtype, *size) for size in SIZES]


def _drawn(
    random: np.random.Generator, dtype: str, op: str, shapes: tuple[tuple[int, ...], ...], attributes: Mapping[str, Any]
) -> Workload:
    weights = op in ("conv2d", "conv_transpose2d", "multi_head_attention", "matmul", "bmm")
    inputs = tuple(
        (random.normal(size=shape) / (np.sqrt(np.prod(shape[1:])) if weights and len(shape) > 1 else 1)).astype(dtype)
        for shape in shapes
    )
    y = primitive_of(op).forward_kernel(*inputs, **attributes)
    return Workload(op, inputs, random.normal(size=y.shape).astype(dtype), attributes)


class Peer:
    """A workload in PyTorch: forward on leaves whose gradients are wanted, as in training, and backward from the seed."""

    def __init__(self, workload: Workload) -> None:
        self.leaves = [torch.tensor(each, requires_grad=True) for each in workload.inputs]
        self.seed = torch.tensor(workload.seed)
        self.attributes = dict(workload.attributes)
        if "indices" in self.attributes:
            self.attributes["indices"] = torch.tensor(self.attributes["indices"])
        self.compute = FORWARD[workload.op]

    def forward(self) -> Any:
        return self.compute(*self.leaves, **self.attributes)

    def forward_and_vjp(self) -> tuple[Any, ...]:
        y = self.forward()
        return y, *torch.autograd.grad(y, self.leaves, self.seed)


def _attention(x: Any, wq: Any, wk: Any, wv: Any, wo: Any, heads: int) -> Any:
    q, k, v = ((x @ w).reshape(len(x), heads, -1).transpose(0, 1)[None] for w in (wq, wk, wv))
    return F.scaled_dot_product_attention(q, k, v)[0].transpose(0, 1).reshape(len(x), -1) @ wo


FORWARD: Mapping[str, Any] = {
    "avg_pool2d": lambda x, kH, kW, stride: F.avg_pool2d(x, (kH, kW), stride),
    "bmm": torch.bmm,
    "conv2d": lambda w, b, x, stride, padding: F.conv2d(x, w, b, stride, padding),
    "conv_transpose2d": lambda w, b, x, stride, padding: F.conv_transpose2d(x, w, b, stride, padding),
    "gather_rows_nat": lambda x, indices: F.embedding(indices, x),
    "layer_norm": lambda x, gamma, beta: F.layer_norm(x, gamma.shape, gamma, beta, 1e-6),
    "matmul": torch.matmul,
    "max_pool2d": lambda x, kH, kW, stride: F.max_pool2d(x, (kH, kW), stride),
    "multi_head_attention": _attention,
    "softmax": lambda x: torch.softmax(x, -1),
}
"""Each op as PyTorch has it, with the names and the order of backproof's inputs."""
