"""Kernels that sum products in Einstein's notation."""

from __future__ import annotations

import numpy as np

from ..primitive import Array, primitive
from ..shapes import einsum as shapes


@primitive("einsum", shape=shapes.einsum)
def einsum(*inputs: Array, subscripts: str) -> Array:
    return _contracted(subscripts, inputs)


@einsum.vjp
def _einsum_vjp(y_bar: Array, y: Array, *inputs: Array, subscripts: str) -> tuple[Array, ...]:
    left, output = subscripts.split("->")
    operands = left.split(",")
    cotangents = []
    for place, x in enumerate(inputs):
        others, words = (y_bar, *inputs[:place], *inputs[place + 1 :]), [output, *operands[:place], *operands[place + 1 :]]
        cotangents.append(_cotangent(x, operands[place], others, words))
    return tuple(cotangents)


@einsum.jvp
def _einsum_jvp(*tangents_y_inputs: Array, subscripts: str) -> Array:
    count = len(tangents_y_inputs) // 2
    dots, inputs = tangents_y_inputs[:count], tangents_y_inputs[count + 1 :]
    return sum(_contracted(subscripts, (*inputs[:k], dots[k], *inputs[k + 1 :])) for k in range(count))


def _contracted(subscripts: str, arrays: tuple[Array, ...]) -> Array:
    """Two arrays as a matrix product, if they can be one; of more, no product of some is ever held in memory."""
    return np.einsum(subscripts, *arrays, optimize=len(arrays) == 2)


def _cotangent(x: Array, own: str, others: tuple[Array, ...], words: list[str]) -> Array:
    """The product of the others at the letters of x, repeated along those that x alone has; zero off its diagonals."""
    letters = [letter for place, letter in enumerate(own) if letter not in own[:place]]
    shared = [letter for letter in letters if any(letter in word for word in words)]
    product = _contracted(",".join(words) + "->" + "".join(shared), others)
    wide = np.expand_dims(product, tuple(place for place, letter in enumerate(letters) if letter not in shared))
    if len(letters) == len(own):
        return np.broadcast_to(wide, x.shape)
    x_bar = np.zeros_like(x)
    diagonal = np.einsum(own + "->" + "".join(letters), x_bar)  # a view, because nothing is summed
    diagonal += wide
    return x_bar
