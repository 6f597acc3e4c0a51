"""ONNX normalisations, in ours."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from backproof.runtime.handles import Value
from backproof.runtime.session import Session
from onnx_cases import Inexpressible, Inputs, Recording

Attributes = Mapping[str, Any]


def full(s: Session, like: Value, number: float) -> Value:
    """A constant of a value's shape."""
    return s.const(np.full(like.shape, number))


def rows(s: Session, x: Value, axis: int) -> Value:
    """The axes before one made one, and those from it on."""
    return s.reshape(x, shape=(math.prod(x.shape[:axis]), math.prod(x.shape[axis:])))


def layer_norm(s: Session, a: Attributes, x: Inputs) -> tuple[Value, ...]:
    axis, eps, shape = a.get("axis", -1) % len(x[0].shape), a.get("epsilon", 1e-5), x[0].shape
    value = rows(s, x[0], axis)
    y = s.reshape(s.layer_norm(value, s.flatten(x[1]), s.flatten(x[2]), eps=eps), shape=shape)
    variance = s.var(value, axis=1)
    deviation = s.sqrt(s.add(variance, full(s, variance, eps)))
    kept = (*shape[:axis], *(1,) * (len(shape) - axis))
    return y, s.reshape(s.reduce_mean(value, axis=1), shape=kept), s.reshape(s.inv(deviation), shape=kept)


def layernorm(s: Session, a: Attributes, x: Inputs) -> Value:
    y = s.layernorm(x[0], axis=a.get("axis", -1) % len(x[0].shape), eps=a.get("epsilon", 1e-5))
    return s.add(s.mul(y, s.broadcast_to(x[1], shape=y.shape)), s.broadcast_to(x[2], shape=y.shape))


def rms_norm(s: Session, a: Attributes, x: Inputs) -> Value:
    value = rows(s, x[0], a.get("axis", -1) % len(x[0].shape))
    return s.reshape(s.rms_norm(value, s.flatten(x[1]), eps=a.get("epsilon", 1e-5)), shape=x[0].shape)


def by_channel(s: Session, x: Value) -> Value:
    """(n, c, d…) as one image (c, n, d…) of c channels."""
    moved = s.permute(x, axes=(1, 0, *range(2, len(x.shape))))
    return s.reshape(moved, shape=(x.shape[1], x.shape[0], math.prod(x.shape[2:])))


def batch_norm(s: Session, a: Attributes, x: Inputs) -> Value | tuple[Value, ...]:
    """By stored statistics; in training by those of the batch, which then move the stored ones."""
    eps = a.get("epsilon", 1e-5)
    if not a.get("training_mode", 0):
        return s.batch_norm2d_nchw_eval(*x.tensors, eps=eps)
    n, c, *sides = x[0].shape
    image = by_channel(s, x[0])
    y = s.reshape(s.batchnorm_channel_first(image, x[1], x[2], eps=eps), shape=(c, n, *sides))
    entries = s.reshape(image, shape=(c, math.prod((n, *sides))))
    momentum, found = a.get("momentum", 0.9), (s.reduce_mean(entries, axis=1), s.var(entries, axis=1))
    moved = [
        s.add(s.scale(stored, c=momentum), s.mul(now, s.sub(full(s, now, 1.0), full(s, now, momentum))))
        for stored, now in zip((x[3], x[4]), found, strict=True)
    ]
    return (s.permute(y, axes=(1, 0, *range(2, len(x[0].shape)))), *moved)


def instance_norm(s: Session, a: Attributes, x: Inputs) -> Value:
    eps, shape = a.get("epsilon", 1e-5), x[0].shape
    images = [s.select(x[0], axis=0, index=place) for place in range(shape[0])]
    each = [s.batchnorm_channel_first(image, x[1], x[2], eps=eps) for image in images]
    return s.reshape(s.stack(*each, axis=0) if len(each) > 1 else each[0], shape=shape)


def group_norm(s: Session, a: Attributes, x: Inputs) -> Value:
    n, c, *sides = x[0].shape
    grouped = s.reshape(x[0], shape=(n, a["num_groups"], math.prod((c, *sides)) // a["num_groups"]))
    y = s.reshape(s.layernorm(grouped, axis=2, eps=a.get("epsilon", 1e-5)), shape=x[0].shape)
    scale, offset = (
        s.broadcast_to(s.reshape(each, shape=(c, *(1,) * len(sides))), shape=y.shape) for each in (x[1], x[2])
    )
    return s.add(s.mul(y, scale), offset)


def mean_variance(s: Session, a: Attributes, x: Inputs) -> Value:
    """By the deviation itself, to which 1e-9 is added."""
    if a.get("axes", (0, 2, 3)) != (0, 2, 3):
        raise Inexpressible
    n, c, *sides = x[0].shape
    entries = s.reshape(by_channel(s, x[0]), shape=(c, math.prod((n, *sides))))
    mean, variance = s.reduce_mean(entries, axis=1), s.var(entries, axis=1)
    deviation = s.add(s.sqrt(variance), full(s, variance, 1e-9))
    mean, deviation = (
        s.broadcast_to(s.reshape(each, shape=(c, 1)), shape=entries.shape) for each in (mean, deviation)
    )
    y = s.reshape(s.div(s.sub(entries, mean), deviation), shape=(c, n, *sides))
    return s.permute(y, axes=(1, 0, *range(2, len(x[0].shape))))


NORMS: dict[str, tuple[Recording, ...]] = {
    "BatchNormalization": (batch_norm,),
    "GroupNormalization": (group_norm,),
    "InstanceNormalization": (instance_norm,),
    "LayerNormalization": (layer_norm, layernorm),
    "MeanVarianceNormalization": (mean_variance,),
    "RMSNormalization": (rms_norm,),
}
