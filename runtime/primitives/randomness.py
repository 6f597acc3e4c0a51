"""Kernels whose entries are hashes of their places.

Dropout is made of them: a mask that keeps an entry with some probability, and the reciprocal of that as a factor.

>>> from backproof.runtime.session import Session
>>> session = Session()
>>> x, keep = session.input([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), session.const(0.5)
>>> mask = session.bernoulli_mask(keep, shape=(6,), seed=1, counter=2)
>>> session.get_value(session.scale(session.mul(x, mask), c=1 / 0.5)).tolist()
[0.0, 4.0, 0.0, 8.0, 10.0, 0.0]
"""

from __future__ import annotations

import math

import numpy as np

from ..primitive import Array, primitive
from ..shapes import randomness as shapes


@primitive("rand_uniform", shape=shapes.drawn)
def rand_uniform(shape: tuple[int, ...], seed: int, counter: int) -> Array:
    return _uniform(shape, seed, counter)


@rand_uniform.vjp
def _rand_uniform_vjp(y_bar: Array, y: Array, shape: tuple[int, ...], seed: int, counter: int) -> tuple[()]:
    return ()


@rand_uniform.jvp
def _rand_uniform_jvp(y: Array, shape: tuple[int, ...], seed: int, counter: int) -> Array:
    return np.zeros_like(y)


@primitive("bernoulli_mask", shape=shapes.masked)
def bernoulli_mask(keep: Array, shape: tuple[int, ...], seed: int, counter: int) -> Array:
    ones, zeros = np.ones_like(keep, shape=shape), np.zeros_like(keep, shape=shape)
    return np.where(keep > _uniform(shape, seed, counter), ones, zeros)


@bernoulli_mask.vjp
def _bernoulli_mask_vjp(
    y_bar: Array, y: Array, keep: Array, shape: tuple[int, ...], seed: int, counter: int
) -> tuple[Array]:
    return (np.zeros_like(keep),)


@bernoulli_mask.jvp
def _bernoulli_mask_jvp(
    keep_dot: Array, y: Array, keep: Array, shape: tuple[int, ...], seed: int, counter: int
) -> Array:
    return np.zeros_like(y)


def _uniform(shape: tuple[int, ...], seed: int, counter: int) -> Array:
    """Multiples of 2⁻³² in [0, 1), which binary64 holds exactly."""
    # One-dimensional throughout: numpy warns of a scalar that overflows, and arrays are meant to wrap around.
    key = _mixed(np.array([(seed + counter) % 2**64], dtype=np.uint64))
    hashes = _mixed(key + np.arange(math.prod(shape), dtype=np.uint64))
    return ((hashes & np.uint64(0xFFFFFFFF)) / 2**32).reshape(shape)


def _mixed(z: Array) -> Array:
    """A draw of SplitMix64 from each state."""
    z = z + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
