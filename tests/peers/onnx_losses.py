"""ONNX losses on class indices, in ours."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from backproof.runtime.handles import Value
from backproof.runtime.session import Session
from onnx_cases import Inexpressible, Inputs, Recording

Attributes = Mapping[str, Any]


def rows_of(s: Session, value: Value) -> Value:
    """(n, c, d…) as a matrix of one row of c scores for each of the n·d… predictions."""
    rank = len(value.shape)
    moved = s.permute(value, axes=(0, *range(2, rank), 1))
    return s.reshape(moved, shape=(math.prod(value.shape) // value.shape[1], value.shape[1]))


def loss_of(s: Session, a: Attributes, x: Inputs, log_probabilities: Value) -> Value:
    """−w·log p of the class of each prediction, 0 where it is ignored; then none, the sum, or the weighted mean."""
    classes, weights = x.array(1), x.array(2)
    ignored = classes == a.get("ignore_index", None)
    named = np.where(ignored, 0, classes)
    rows, c = log_probabilities.shape
    flat = np.arange(rows) * c + named.ravel()
    picked = s.gather_vec_nat(s.flatten(log_probabilities), tuple(int(place) for place in flat))
    each = np.where(ignored, 0.0, 1.0 if weights is None else weights[named].astype(float))
    losses = s.neg(s.mul(picked, s.const(each.ravel())))
    match a.get("reduction", "mean"):
        case "none":
            return s.reshape(losses, shape=classes.shape)
        case "sum":
            return s.sum(losses)
    # The weights' own sum is rounded too, so it is one of ours.
    return s.div(s.sum(losses), s.sum(s.const(each.ravel())))


def negative_log_likelihood(s: Session, a: Attributes, x: Inputs) -> Value:
    return loss_of(s, a, x, rows_of(s, x[0]))


def softmax_cross_entropy(s: Session, a: Attributes, x: Inputs) -> tuple[Value, ...]:
    probabilities = s.log_softmax(x[0], axis=1)
    return loss_of(s, a, x, rows_of(s, probabilities)), probabilities


def cross_entropy(s: Session, a: Attributes, x: Inputs) -> Value:
    """Without weights and ignored classes: the mean as it is, the sum as n times it, none of them row by row."""
    classes = x.array(1)
    if x.array(2) is not None or np.any(classes == a.get("ignore_index", None)):
        raise Inexpressible
    rows, indices = rows_of(s, x[0]), tuple(int(place) for place in classes.ravel())
    match a.get("reduction", "mean"):
        case "mean":
            return s.cross_entropy(rows, indices)
        case "sum":
            return s.scale(s.cross_entropy(rows, indices), c=float(len(indices)))
    if len(indices) > 100:
        raise Inexpressible
    single = [s.slice(rows, axis=0, start=row, length=1) for row in range(len(indices))]
    losses = [s.cross_entropy(row, (index,)) for row, index in zip(single, indices, strict=True)]
    return s.reshape(s.stack(*losses, axis=0), shape=classes.shape)


LOSSES: dict[str, tuple[Recording, ...]] = {
    "NegativeLogLikelihoodLoss": (negative_log_likelihood,),
    "SoftmaxCrossEntropyLoss": (softmax_cross_entropy, cross_entropy),
}
