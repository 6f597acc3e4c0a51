"""Ops that exchange axes."""

from __future__ import annotations

import itertools
from typing import Any

from ..definition import ShapeMismatch, SymbolicShape, define


def _permuted(x: SymbolicShape, axes: tuple[int, ...]) -> SymbolicShape:
    if sorted(axes) != [*range(len(x))]:
        raise ShapeMismatch(f"permutation of {x} by {axes}: each of its axes is needed once")
    return tuple(x[axis] for axis in axes)


def _orders(x: SymbolicShape) -> list[dict[str, tuple[int, ...]]]:
    """Every order of up to three axes, and of more every seventh, which has all axes at all places."""
    orders = [*itertools.permutations(range(len(x)))]
    return [{"axes": axes} for axes in (orders if len(x) < 4 else orders[::7])]


@define("permute", "(*s)", shape=_permuted, attributes=_orders, ir_kinds=("permute",))
def permute(x: Any, *i: Any, axes: tuple[int, ...]) -> Any:
    """y[i] = x[j] with j at axes[k] the k-th index of i"""
    return x[tuple(i[axes.index(axis)] for axis in range(len(axes)))]


def _first_to_last(x: SymbolicShape) -> SymbolicShape:
    return (x[1], x[2], x[0])


@define("transpose3d_first_to_last", "(a,b,c)", shape=_first_to_last, source="session")
def transpose3d_first_to_last(x: Any, j: Any, k: Any, i: Any) -> Any:
    """y[j,k,i] = x[i,j,k]"""
    return x[i, j, k]


def _last_to_first(x: SymbolicShape) -> SymbolicShape:
    return (x[2], x[0], x[1])


@define("transpose3d_last_to_first", "(a,b,c)", shape=_last_to_first, source="session")
def transpose3d_last_to_first(x: Any, k: Any, i: Any, j: Any) -> Any:
    """y[k,i,j] = x[i,j,k]"""
    return x[i, j, k]


def _last_two(x: SymbolicShape) -> SymbolicShape:
    return (x[0], x[2], x[1])


@define("transpose3d_last_two", "(a,b,c)", shape=_last_two, source="session", ir_kinds=("transpose3d_last_two",))
def transpose3d_last_two(x: Any, i: Any, k: Any, j: Any) -> Any:
    """y[i,k,j] = x[i,j,k]"""
    return x[i, j, k]


def _swapped(x: SymbolicShape, depth: int) -> SymbolicShape:
    if depth < 0:
        raise ShapeMismatch(f"exchange of axes of {x} at depth {depth}: a depth is 0 or more")
    return (*x[:depth], *x[depth : depth + 2][::-1], *x[depth + 2 :])


def _depths(x: SymbolicShape) -> list[dict[str, int]]:
    return [{"depth": depth} for depth in range(len(x) + 2)]


@define(
    "swap_adjacent_at_depth", "(*s)", shape=_swapped, attributes=_depths, source="session",
    ir_kinds=("swap_first_two",),
)  # fmt: skip
def swap_adjacent_at_depth(x: Any, *i: Any, depth: int) -> Any:
    """y[i,k,j,l] = x[i,j,k,l], with j at axis `depth`; y = x if there is no axis `depth` + 1"""
    return x[_swapped(i, depth)]
