"""ONNX ops that work entry by entry, in ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from backproof.runtime.handles import Value
from backproof.runtime.session import Session
from onnx_cases import Inexpressible, Inputs, Recording


def together(s: Session, *values: Value) -> list[Value]:
    """Values broadcast to one shape, by our own broadcast_to."""
    shape = np.broadcast_shapes(*(value.shape for value in values))
    return [value if value.shape == shape else s.broadcast_to(value, shape=shape) for value in values]


def unary(op: str) -> Recording:
    """An op of one tensor and no attribute."""
    return lambda s, _a, x: getattr(s, op)(x[0])


def binary(op: str) -> Recording:
    """An op of two tensors that ONNX broadcasts."""
    return lambda s, _a, x: getattr(s, op)(*together(s, x[0], x[1]))


def folded(op: str) -> Recording:
    """An op of any number of tensors, as one of two."""

    def record(s: Session, _a: Mapping[str, Any], x: Inputs) -> Value:
        result, *rest = together(s, *x.tensors)
        for other in rest:
            result = getattr(s, op)(result, other)
        return result if rest else same(s, result)

    return record


def same(s: Session, value: Value) -> Value:
    """The value itself as a node."""
    return s.scale(value, c=1.0)


def scaled(op: str, attribute: str, default: float, ours: str) -> Recording:
    """An op of one tensor and a number."""
    return lambda s, a, x: getattr(s, op)(x[0], **{ours: a.get(attribute, default)})


def mean(s: Session, a: Mapping[str, Any], x: Inputs) -> Value:
    return s.div(folded("add")(s, a, x), s.const(np.full(x[0].shape, float(len(x.tensors)))))


def clip(s: Session, _a: Mapping[str, Any], x: Inputs) -> Value:
    lo, hi = x.array(1), x.array(2)
    if lo is not None and hi is not None:
        return s.clamp(x[0], lo=float(lo), hi=float(hi))
    # One bound alone: the extremum with a constant.
    result = x[0]
    if lo is not None:
        result = s.max(result, s.const(np.full(result.shape, float(lo))))
    if hi is not None:
        result = s.min(result, s.const(np.full(result.shape, float(hi))))
    return result if lo is not None or hi is not None else same(s, result)


def celu(s: Session, a: Mapping[str, Any], x: Inputs) -> Value:
    alpha = a.get("alpha", 1.0)
    return s.scale(s.elu(s.div(x[0], s.const(np.full(x[0].shape, alpha))), alpha=1.0), c=alpha)


def selu(s: Session, a: Mapping[str, Any], x: Inputs) -> Value:
    alpha, gamma = a.get("alpha", 1.67326319217681884765625), a.get("gamma", 1.05070102214813232421875)
    return s.scale(s.elu(x[0], alpha=alpha), c=gamma)


def hard_sigmoid(s: Session, a: Mapping[str, Any], x: Inputs) -> Value:
    line = s.scale(x[0], c=a.get("alpha", 0.2))
    return s.clamp(s.add(line, s.const(np.full(line.shape, a.get("beta", 0.5)))), lo=0.0, hi=1.0)


def hard_swish(s: Session, _a: Mapping[str, Any], x: Inputs) -> Value:
    # (x + 3)/6, where x/6 + 1/2 would be another rounding of the same line.
    line = s.add(s.div(x[0], s.const(np.full(x[0].shape, 6.0))), s.const(np.full(x[0].shape, 0.5)))
    return s.mul(x[0], s.clamp(line, lo=0.0, hi=1.0))


def swish(s: Session, a: Mapping[str, Any], x: Inputs) -> Value:
    if a.get("alpha", 1.0) != 1.0:
        raise Inexpressible
    return s.silu(x[0])


def swiglu(s: Session, a: Mapping[str, Any], x: Inputs) -> Value:
    alpha = a.get("alpha", 1.0)
    gate = s.silu(x[0]) if alpha == 1.0 else s.mul(x[0], s.sigmoid(s.scale(x[0], c=alpha)))
    return s.mul(gate, x[1])


def gelu(s: Session, a: Mapping[str, Any], x: Inputs) -> Value:
    return s.gelu(x[0]) if a.get("approximate", "none") == "tanh" else s.gelu_erf(x[0])


def power(s: Session, _a: Mapping[str, Any], x: Inputs) -> Value:
    """Ours has one constant exponent, so each entry is raised to its own."""
    if np.asarray(x.outputs[0]).dtype.kind != "f":
        raise Inexpressible
    exponents = np.broadcast_to(x.array(1), np.broadcast_shapes(x[0].shape, x.array(1).shape))
    base = s.flatten(x[0] if x[0].shape == exponents.shape else s.broadcast_to(x[0], shape=exponents.shape))
    raised = [s.pow(s.select(base, axis=0, index=n), exponent=float(c)) for n, c in enumerate(exponents.ravel())]
    return s.reshape(s.stack(*raised, axis=0), shape=exponents.shape)


def mish(s: Session, _a: Mapping[str, Any], x: Inputs) -> Value:
    return s.mul(x[0], s.tanh(s.softplus(x[0])))


def where(s: Session, _a: Mapping[str, Any], x: Inputs) -> Value:
    return s.where(*together(s, s.const(x.array(0).astype(float)), x[1], x[2]))


def dropout(s: Session, a: Mapping[str, Any], x: Inputs) -> Value:
    """In inference the identity; in training with the mask that the case itself returns."""
    ratio = a.get("ratio", 0.5) if x.array(1) is None else float(x.array(1))
    training = x.array(2) is not None and bool(x.array(2))
    if not training or ratio == 0:
        return s.dropout(x[0], s.const(np.ones(x[0].shape)), keep=1.0)
    if len(x.outputs) < 2:
        raise Inexpressible
    return s.dropout(x[0], s.const(x.outputs[1].astype(float)), keep=1 - ratio)


POINTWISE: dict[str, tuple[Recording, ...]] = {
    "Abs": (unary("abs"),),
    "Add": (binary("add"),),
    "Celu": (celu,),
    "Clip": (clip,),
    "Cos": (unary("cos"),),
    "Div": (binary("div"),),
    "Dropout": (dropout,),
    "Elu": (scaled("elu", "alpha", 1.0, "alpha"),),
    "Erf": (unary("erf"),),
    "Exp": (unary("exp"),),
    "Gelu": (gelu,),
    "HardSigmoid": (hard_sigmoid,),
    "HardSwish": (hard_swish,),
    "LeakyRelu": (scaled("leaky_relu", "alpha", 0.01, "slope"),),
    "Log": (unary("log"),),
    "Max": (folded("max"),),
    "Mean": (mean,),
    "Min": (folded("min"),),
    "Mish": (mish,),
    "Mul": (binary("mul"),),
    "Neg": (unary("neg"),),
    "Pow": (power,),
    "Reciprocal": (unary("inv"),),
    "Relu": (unary("relu"),),
    "Selu": (selu,),
    "Sigmoid": (unary("sigmoid"),),
    "Sin": (unary("sin"),),
    "Softplus": (unary("softplus"),),
    "Sqrt": (unary("sqrt"),),
    "Sub": (binary("sub"),),
    "Sum": (folded("add"),),
    "SwiGLU": (swiglu,),
    "Swish": (swish,),
    "Tanh": (unary("tanh"),),
    "Where": (where,),
}
