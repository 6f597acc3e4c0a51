"""PyTorch's functions that work entry by entry, in ours, with PyTorch's own parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from backproof.runtime.handles import Value
from backproof.runtime.session import Session
from onnx_pointwise import same
from opinfo_cases import Excluded, Recording


def tensor(s: Session, argument: Any, like: Value) -> Value:
    """A tensor as it is; a number as a constant of a shape."""
    if isinstance(argument, Value):
        return argument
    if isinstance(argument, torch.Tensor):
        return s.const(argument.numpy().astype(float))
    if isinstance(argument, int | float):
        return s.const(np.full(like.shape, float(argument)))
    raise Excluded(f"an argument of type {type(argument).__name__}")


def together(s: Session, *arguments: Any) -> list[Value]:
    """Tensors and numbers broadcast to one shape, by our own broadcast_to."""
    first = next(each for each in arguments if isinstance(each, Value))
    values = [tensor(s, each, first) for each in arguments]
    shape = np.broadcast_shapes(*(value.shape for value in values))
    return [value if value.shape == shape else s.broadcast_to(value, shape=shape) for value in values]


def unary(op: str) -> Recording:
    def record(s: Session, x: Value, *_arguments: Any, **options: Any) -> Value:
        options.pop("inplace", None)
        if options:
            raise Excluded(f"options {sorted(options)}")
        return getattr(s, op)(x)

    return record


def binary(op: str) -> Recording:
    def record(s: Session, a: Any, b: Any, *, alpha: float = 1, rounding_mode: str | None = None) -> Value:
        if rounding_mode is not None:
            raise Excluded("division that rounds")
        a, b = together(s, a, b)
        return getattr(s, op)(a, b if alpha == 1 else s.scale(b, c=float(alpha)))

    return record


def clamp(s: Session, x: Value, min: Any = None, max: Any = None) -> Value:
    if isinstance(min, int | float) and isinstance(max, int | float):
        return s.clamp(x, lo=float(min), hi=float(max))
    value = x
    if min is not None:
        value = s.max(*together(s, value, min))
    if max is not None:
        value = s.min(*together(s, value, max))
    return value


def softplus(s: Session, x: Value, beta: float = 1, threshold: float = 20) -> Value:
    if beta == 1 and threshold == 20:
        return s.softplus(x)
    raise Excluded("softplus that is linear beyond a threshold: ours is not")


def elu(s: Session, x: Value, alpha: float = 1.0, inplace: bool = False) -> Value:  # noqa: FBT001, FBT002
    return s.elu(x, alpha=float(alpha))


def leaky_relu(s: Session, x: Value, negative_slope: float = 0.01, inplace: bool = False) -> Value:  # noqa: FBT001, FBT002
    return s.leaky_relu(x, slope=float(negative_slope))


def gelu(s: Session, x: Value, *, approximate: str = "none") -> Value:
    return s.gelu(x) if approximate == "tanh" else s.gelu_erf(x)


def power(s: Session, x: Any, exponent: Any) -> Value:
    if not isinstance(exponent, int | float) or not isinstance(x, Value):
        raise Excluded("a power whose exponent is a tensor: ours is constant")
    return s.pow(x, exponent=float(exponent))


def where(s: Session, x: Value, condition: Any, other: Any) -> Value:
    mask, a, b = together(s, condition, x, other)
    return s.where(mask, a, b)


def masked_fill(s: Session, x: Value, mask: Any, value: Any) -> Value:
    mask, x, value = together(s, mask, x, value)
    return s.where(mask, value, x)


def dropout(s: Session, x: Value, p: float = 0.5, training: bool = True, inplace: bool = False) -> Value:  # noqa: FBT001, FBT002
    if training and p not in (0, 1):
        raise Excluded("a random mask")
    if training and p == 1:
        raise Excluded("dropout of everything: ours keeps with a positive probability")
    return s.dropout(x, s.const(np.ones(x.shape)), keep=1.0)


def huber(s: Session, x: Value, target: Value, reduction: str = "mean", delta: float = 1.0, weight: Any = None) -> Value:
    return loss(s, s.huber, x, target, reduction, weight, delta=float(delta))


def mse(s: Session, x: Value, target: Value, reduction: str = "mean", weight: Any = None) -> Value:
    return loss(s, s.mse_loss, x, target, reduction, weight)


def loss(s: Session, op: Any, x: Value, target: Value, reduction: str, weight: Any, **options: float) -> Value:
    """Our losses are means, so a sum is n times one; without reduction, each entry's loss alone."""
    if weight is not None:
        raise Excluded("a loss with weights: none of ours has them")
    x, target = together(s, x, target)
    size = int(np.prod(x.shape))
    if size == 0:
        raise Excluded("the mean of nothing")
    if reduction == "mean":
        return op(x, target, **options)
    if reduction == "sum":
        return s.scale(op(x, target, **options), c=float(size))
    flat, aim = s.flatten(x), s.flatten(target)
    each = [
        op(*(s.slice(value, axis=0, start=place, length=1) for value in (flat, aim)), **options) for place in range(size)
    ]
    return s.reshape(s.stack(*each, axis=0) if size > 1 else each[0], shape=x.shape)


POINTWISE: dict[str, Recording] = {
    "abs": unary("abs"),
    "add": binary("add"),
    "clamp": clamp,
    "clone": lambda s, x, **_options: same(s, x),
    "cos": unary("cos"),
    "div": binary("div"),
    "erf": unary("erf"),
    "exp": unary("exp"),
    "log": unary("log"),
    "masked_fill": masked_fill,
    "maximum": binary("max"),
    "minimum": binary("min"),
    "mul": binary("mul"),
    "neg": unary("neg"),
    "nn.functional.dropout": dropout,
    "nn.functional.elu": elu,
    "nn.functional.gelu": gelu,
    "nn.functional.huber_loss": huber,
    "nn.functional.leaky_relu": leaky_relu,
    "nn.functional.logsigmoid": lambda s, x: s.neg(s.softplus(s.neg(x))),
    "nn.functional.mse_loss": mse,
    "nn.functional.relu": unary("relu"),
    "nn.functional.silu": unary("silu"),
    "nn.functional.softplus": softplus,
    "pow": power,
    "reciprocal": unary("inv"),
    "sigmoid": unary("sigmoid"),
    "sin": unary("sin"),
    "sqrt": unary("sqrt"),
    "square": unary("square"),
    "sub": binary("sub"),
    "tanh": unary("tanh"),
    "where": where,
}
