"""Changes that are wrong at almost every input."""

from __future__ import annotations

from typing import Any


def sign_flipped(entries: Any, *_inputs: Any, **_attributes: Any) -> Any:
    """The sign is the other one."""
    return -entries


def counted_twice(entries: Any, *_inputs: Any, **_attributes: Any) -> Any:
    """A factor 2 too much: what comes is added to itself."""
    return entries + entries


def half_of_it(entries: Any, *_inputs: Any, **_attributes: Any) -> Any:
    """The factor 2 of a square is forgotten."""
    return entries / 2


def shifted(entries: Any, *_inputs: Any, **_attributes: Any) -> Any:
    """A constant is added."""
    return entries + 1


def wrongly_transposed(entries: Any, *_inputs: Any, **_attributes: Any) -> Any:
    """Rows and columns are exchanged, and the shape is made to fit."""
    return entries.T.reshape(entries.shape)


def mean_for_sum(entries: Any, *inputs: Any, **_attributes: Any) -> Any:
    """What is summed is averaged."""
    return entries / max(inputs[0].size, 1)


def too_large_by_1e_4(entries: Any, *_inputs: Any, **_attributes: Any) -> Any:
    """Off by a relative 1e-4."""
    return entries * (1 + 1e-4)


def too_large_by_1e_8(entries: Any, *_inputs: Any, **_attributes: Any) -> Any:
    """Off by a relative 1e-8."""
    return entries * (1 + 1e-8)


def too_large_by_1e_12(entries: Any, *_inputs: Any, **_attributes: Any) -> Any:
    """Off by a relative 1e-12."""
    return entries * (1 + 1e-12)


def too_large_by_1e_15(entries: Any, *_inputs: Any, **_attributes: Any) -> Any:
    """Off by a relative 1e-15: five roundings of float64."""
    return entries * (1 + 1e-15)
