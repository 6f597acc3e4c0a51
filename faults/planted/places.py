"""Where a change is made: in a VJP's first cotangent, in a JVP's tangent, or in a forward's value.

A change takes the right entries, the inputs and the attributes, and returns wrong entries.
"""

from __future__ import annotations

from typing import Any


def in_the_vjp(right: Any, change: Any) -> Any:
    """The VJP whose first cotangent is changed."""

    def vjp(y_bar: Any, y: Any, *inputs: Any, **attributes: Any) -> Any:
        first, *others = right(y_bar, y, *inputs, **attributes)
        return (change(first, *inputs, **attributes), *others)

    return vjp


def in_the_jvp(right: Any, change: Any) -> Any:
    """The JVP whose tangent is changed."""

    def jvp(*operands: Any, **attributes: Any) -> Any:
        count = len(operands) // 2  # as many tangents as inputs, with y between them
        return change(right(*operands, **attributes), *operands[count + 1 :], **attributes)

    return jvp


def in_the_forward(right: Any, change: Any) -> Any:
    """The forward whose value is changed."""

    def forward(*inputs: Any, **attributes: Any) -> Any:
        return change(right(*inputs, **attributes), *inputs, **attributes)

    return forward
