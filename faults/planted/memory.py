"""Wrong kernels that keep or share memory: they write over what they were given, or over what they gave."""

from __future__ import annotations

from typing import Any

import numpy as np


def cotangent_overwritten(right: Any) -> Any:
    """A VJP that puts its result where its cotangent was."""

    def vjp(y_bar: Any, y: Any, *inputs: Any, **attributes: Any) -> Any:
        first, *others = right(y_bar, y, *inputs, **attributes)
        y_bar[...] = first
        return (y_bar, *others)

    return vjp


def input_overwritten(right: Any) -> Any:
    """A forward that puts its result where its input was."""

    def forward(x: Any, *others: Any, **attributes: Any) -> Any:
        x[...] = right(x, *others, **attributes)
        return x

    return forward


def one_buffer_for_two(right: Any) -> Any:
    """A VJP that makes two cotangents in one array, the second after the first."""

    def vjp(y_bar: Any, y: Any, *inputs: Any, **attributes: Any) -> Any:
        first, second, *others = right(y_bar, y, *inputs, **attributes)
        buffer = np.zeros_like(first)
        buffer[...] = first
        a_bar = buffer
        buffer[...] = second
        return (a_bar, buffer, *others)

    return vjp


def value_in_a_kept_buffer(right: Any) -> Any:
    """A forward whose value stands in an array that the next call for the same shape writes to."""
    buffers: dict[Any, Any] = {}

    def forward(*inputs: Any, **attributes: Any) -> Any:
        y = right(*inputs, **attributes)
        key = (y.shape, np.asarray(y).dtype)
        buffer = buffers.setdefault(key, np.zeros_like(y))
        buffer[...] = y
        return buffer

    return forward


def cotangent_in_a_kept_buffer(right: Any) -> Any:
    """A VJP whose first cotangent stands in an array that the next call for the same shape writes to."""
    buffers: dict[Any, Any] = {}

    def vjp(y_bar: Any, y: Any, *inputs: Any, **attributes: Any) -> Any:
        first, *others = right(y_bar, y, *inputs, **attributes)
        key = (first.shape, np.asarray(first).dtype)
        buffer = buffers.setdefault(key, np.zeros_like(first))
        buffer[...] = first
        return (buffer, *others)

    return vjp


def only_on_the_second_run(right: Any) -> Any:
    """A kernel that gives twice as much the second time it is run on the same shapes."""
    runs: dict[Any, int] = {}

    def kernel(*operands: Any, **attributes: Any) -> Any:
        result = right(*operands, **attributes)
        key = tuple(operand.shape for operand in operands)
        runs[key] = runs.get(key, 0) + 1
        if runs[key] != 2:
            return result
        return tuple(2 * each for each in result) if isinstance(result, tuple) else 2 * result

    return kernel


def from_the_second_run_on(right: Any) -> Any:
    """A kernel that gives twice as much from the second time on that it is run."""
    runs: list[int] = []

    def kernel(*operands: Any, **attributes: Any) -> Any:
        result = right(*operands, **attributes)
        runs.append(1)
        if len(runs) < 2:
            return result
        return tuple(2 * each for each in result) if isinstance(result, tuple) else 2 * result

    return kernel


def first_run_kept(right: Any) -> Any:
    """A kernel that remembers what it gave for these shapes, and gives it again."""
    kept: dict[Any, Any] = {}

    def kernel(*operands: Any, **attributes: Any) -> Any:
        key = (*(operand.shape for operand in operands), str(attributes))
        if key not in kept:
            kept[key] = right(*operands, **attributes)
        return kept[key]

    return kernel
