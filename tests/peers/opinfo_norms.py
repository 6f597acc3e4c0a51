"""PyTorch's normalisations and variances, in ours, with PyTorch's own parameters."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from backproof.runtime.handles import Value
from backproof.runtime.session import Session
from onnx_norms import by_channel, rows
from opinfo_cases import Excluded, Recording
from opinfo_reductions import axes_of, last, reduction, without


def filled(s: Session, given: Any, shape: tuple[int, ...], number: float) -> Value:
    """What came, or a constant where nothing did."""
    return s.const(np.full(shape, number)) if given is None else given


def layer_norm(s: Session, x: Value, normalized_shape: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Value:
    axis, sides = len(x.shape) - len(normalized_shape), (math.prod(normalized_shape),)
    if math.prod(x.shape) == 0:
        raise Excluded("a normalisation of nothing")
    if weight is None and bias is None:
        return s.layernorm(x, axis=axis, eps=eps)
    gamma = s.flatten(filled(s, weight, sides, 1.0))
    return s.reshape(s.layer_norm(rows(s, x, axis), gamma, s.flatten(filled(s, bias, sides, 0.0)), eps=eps), shape=x.shape)


def rms_norm(s: Session, x: Value, normalized_shape: Any, weight: Any = None, eps: float | None = None) -> Value:
    axis, sides = len(x.shape) - len(normalized_shape), (math.prod(normalized_shape),)
    if math.prod(x.shape) == 0:
        raise Excluded("a normalisation of nothing")
    gamma = s.flatten(filled(s, weight, sides, 1.0))
    value = s.rms_norm(rows(s, x, axis), gamma, eps=float(np.finfo(np.float64).eps) if eps is None else eps)
    return s.reshape(value, shape=x.shape)


def batch_norm(
    s: Session, x: Value, mean: Any, variance: Any, weight: Any = None, bias: Any = None,
    training: bool = False, momentum: float = 0.1, eps: float = 1e-5,  # noqa: FBT001, FBT002
) -> Value:  # fmt: skip
    if math.prod(x.shape) == 0:
        raise Excluded("a normalisation of nothing")
    c = (x.shape[1],)
    gamma, beta = filled(s, weight, c, 1.0), filled(s, bias, c, 0.0)
    if training:
        n, _c, *sides = x.shape
        y = s.reshape(s.batchnorm_channel_first(by_channel(s, x), gamma, beta, eps=eps), shape=(*c, n, *sides))
        return s.permute(y, axes=(1, 0, *range(2, len(x.shape))))
    if not isinstance(mean.tensor, torch.Tensor):
        raise Excluded("no stored statistics")
    mean, variance = (s.const(each.tensor.numpy()) for each in (mean, variance))
    planes = s.reshape(x, shape=(*x.shape[:2], math.prod(x.shape[2:]), 1))
    return s.reshape(s.batch_norm2d_nchw_eval(planes, gamma, beta, mean, variance, eps=eps), shape=x.shape)


def var(
    s: Session, x: Value, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: Any = None  # noqa: FBT001, FBT002
) -> Value:
    axes = axes_of(dim, len(x.shape))
    value = last(s, x, axes)
    lost = (1 if unbiased is None or unbiased else 0) if correction is None else correction
    if lost != int(lost) or value.shape[-1] <= lost:
        raise Excluded("a variance with as many entries as its correction, or one that is no integer")
    y = s.var(value, axis=len(value.shape) - 1, correction=int(lost))
    return s.reshape(y, shape=without(x.shape, axes, keepdim=keepdim))


def norm(
    s: Session, x: Value, ord: Any = 2, dim: Any = None, keepdim: bool = False, dtype: Any = None,  # noqa: FBT001, FBT002
) -> Value:  # fmt: skip
    if ord not in (2, "fro"):
        raise Excluded("a norm of another order than 2")
    return reduction("norm")(s, x, dim, keepdim, dtype)


NORMS: dict[str, Recording] = {
    "linalg.vector_norm": norm,
    "nn.functional.batch_norm": batch_norm,
    "nn.functional.layer_norm": layer_norm,
    "nn.functional.rms_norm": rms_norm,
    "norm": norm,
    "var": var,
}
