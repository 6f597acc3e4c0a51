"""Ops whose entries are hashes of their places: the same on every run, and constants to a derivative."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from ..definition import ShapeMismatch, SymbolicShape, define
from ..formula import step

_ROOM = 1 << 64
_HASHED = "its entries are hashes of their places, which no term says"


def _mix(state: int) -> int:
    """One draw of SplitMix64 from a state.

    Source: the contract, section 1.7.
    """
    state = (state + 0x9E3779B97F4A7C15) % _ROOM
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        state = (state ^ state >> shift) * factor % _ROOM
    return state ^ state >> 31


def _uniform(i: tuple[int, ...], shape: tuple[int, ...], seed: int, counter: int) -> Fraction:
    """u[i] / 2³², with u[i] = mix(mix(seed + counter) + the row-major position of i) mod 2³²."""
    position = 0
    for index, side in zip(i, shape, strict=True):
        position = position * side + index
    return Fraction(_mix(_mix((seed + counter) % _ROOM) + position) % (1 << 32), 1 << 32)


def _own_shape(*_keep: SymbolicShape, shape: SymbolicShape, seed: int, counter: int) -> SymbolicShape:
    if seed < 0 or counter < 0:
        raise ShapeMismatch(f"seed {seed} and counter {counter} must be natural numbers")
    return shape


def _draws(*_keep: SymbolicShape, more: tuple[SymbolicShape, ...] = ()) -> list[dict[str, Any]]:
    shapes = ((2, 3), (), (3,), (1, 5), (5, 1), (2, 0, 3), (2, 1, 3), (0,), (3, 1, 2, 2), *more)
    return [
        {"shape": shape, "seed": (0, 1, 7, 2**53)[place % 4], "counter": place % 3}
        for place, shape in enumerate(shapes)
        if math.prod(shape) < 32 or shape in more
    ]


def _longer_draws() -> list[dict[str, Any]]:
    return _draws(more=((37,), (7, 9), (4, 3, 5), (100,)))


@define("rand_uniform", "", shape=_own_shape, attributes=_longer_draws, bounded=_HASHED, ir_kinds=("rand_uniform",))
def rand_uniform(*i: Any, shape: SymbolicShape, seed: int, counter: int) -> Any:
    """y[i] = u[i] / 2³², u[i] = mix(mix(seed + counter) + p) mod 2³², with p the row-major position of i"""
    return _uniform(i, shape, seed, counter)


@define(
    "bernoulli_mask", "()", shape=_own_shape, attributes=_draws, bounded=_HASHED, kinks="keep = u[i] / 2³²",
    ir_kinds=("bernoulli_mask",),
)  # fmt: skip
def bernoulli_mask(keep: Any, *i: Any, shape: SymbolicShape, seed: int, counter: int) -> Any:
    """y[i] = 1 where keep > u[i] / 2³², elsewhere 0, held constant; u as in rand_uniform"""
    return step(keep[()] - _uniform(i, shape, seed, counter))
