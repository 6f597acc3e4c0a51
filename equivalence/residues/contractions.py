"""Sums of products of residues that are no matrix product: numpy's dot, tensordot and einsum."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..kernel.scalars.mask import Unsupported
from .field import MOST_PRODUCTS, MOST_TERMS, Floats, matrix_product, reduced, summed_products


def contract(text: str, arrays: Sequence[Floats], p: int) -> Floats:
    """What einsum of this text gives, or "dot".

    Raises: Unsupported for a sum of more products than float64 holds.
    """
    if text == "dot":
        a, b = arrays
        return reduced(a * b, p) if not a.ndim or not b.ndim else matrix_product(a, b, p) if b.ndim <= 2 else _dot(a, b, p)
    if len(arrays) == 1 and _sums_nothing(text):
        view: Floats = np.einsum(text, arrays[0])  # kernels write through it
        return view
    if len(arrays) == 1:
        if arrays[0].size > MOST_TERMS:
            raise Unsupported(f"an einsum over {arrays[0].size} residues")
        return reduced(np.einsum(text, arrays[0]), p)
    return _in_pairs(text, list(arrays), p)


def tensordot(a: Floats, b: Floats, axes: tuple[Sequence[int], Sequence[int]], p: int) -> Floats:
    """numpy's tensordot along pairs of axes; its own code would take residues for floats."""
    ours, theirs = ([axis % x.ndim for axis in chosen] for x, chosen in zip((a, b), axes, strict=True))
    free_a, free_b = ([axis for axis in range(x.ndim) if axis not in took] for x, took in ((a, ours), (b, theirs)))
    length = math.prod(a.shape[axis] for axis in ours)
    rows = np.transpose(a, (*free_a, *ours)).reshape((math.prod(a.shape[axis] for axis in free_a), length))
    columns = np.transpose(b, (*theirs, *free_b)).reshape((length, math.prod(b.shape[axis] for axis in free_b)))
    shape = (*(a.shape[axis] for axis in free_a), *(b.shape[axis] for axis in free_b))
    return matrix_product(rows, columns, p).reshape(shape)


def _sums_nothing(text: str) -> bool:
    inputs, output = text.replace(" ", "").split("->")
    return set(inputs) == set(output)


def _dot(a: Floats, b: Floats, p: int) -> Floats:
    return summed_products(np.dot, a, b, _counted(a.shape[-1]), p)


def _in_pairs(text: str, arrays: list[Floats], p: int) -> Floats:
    """Two operands at a time, each sum of products as short as its labels allow."""
    inputs, output = text.replace(" ", "").split("->")
    labels = inputs.split(",")
    while len(arrays) > 2:
        kept = set(output).union(*labels[2:])
        joint = "".join(sorted(set(labels[0] + labels[1]) & kept))
        arrays[:2] = [_pair(labels[0], labels[1], joint, arrays[0], arrays[1], p)]
        labels[:2] = [joint]
    return _pair(labels[0], labels[1], output, arrays[0], arrays[1], p)


def _pair(one: str, other: str, output: str, a: Floats, b: Floats, p: int) -> Floats:
    sides = dict(zip(one + other, (*a.shape, *b.shape), strict=True))
    terms = _counted(math.prod(side for label, side in sides.items() if label not in output))
    return summed_products(lambda x, y: np.einsum(f"{one},{other}->{output}", x, y, optimize=True), a, b, terms, p)


def _counted(terms: int) -> int:
    if terms > MOST_PRODUCTS:
        raise Unsupported(f"a sum of {terms} products of residues")
    return terms
