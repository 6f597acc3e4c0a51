"""Wrong kernels made of right ones in ways that are more than a change of what comes out."""

from __future__ import annotations

from typing import Any

import numpy as np


def derivative_missing(right: Any) -> Any:
    """A VJP that hands the cotangent on, without the factor f'(x)."""

    def vjp(y_bar: Any, y: Any, *inputs: Any, **attributes: Any) -> Any:
        _first, *others = right(y_bar, y, *inputs, **attributes)
        return (y_bar, *others)

    return vjp


def term_missing(right: Any) -> Any:
    """A JVP without the term of its last tangent."""

    def jvp(*operands: Any, **attributes: Any) -> Any:
        last = len(operands) // 2 - 1
        dropped = np.zeros_like(operands[last])
        return right(*operands[:last], dropped, *operands[last + 1 :], **attributes)

    return jvp


def cotangent_forgotten(right: Any) -> Any:
    """A VJP whose last cotangent is 0."""

    def vjp(y_bar: Any, y: Any, *inputs: Any, **attributes: Any) -> Any:
        cotangents = right(y_bar, y, *inputs, **attributes)
        return (*cotangents[:-1], np.zeros_like(cotangents[-1]))

    return vjp


def operands_swapped(right: Any) -> Any:
    """A VJP that takes its inputs in the other order."""

    def vjp(y_bar: Any, y: Any, *inputs: Any, **attributes: Any) -> Any:
        return right(y_bar, y, *inputs[::-1], **attributes)

    return vjp


def cotangents_swapped(right: Any) -> Any:
    """A VJP that returns its cotangents in the other order."""

    def vjp(y_bar: Any, y: Any, *inputs: Any, **attributes: Any) -> Any:
        return tuple(right(y_bar, y, *inputs, **attributes))[::-1]

    return vjp


def unbroadcast_missing(right: Any) -> Any:
    """A VJP that does not sum over the copies of its smallest input."""

    def vjp(y_bar: Any, y: Any, *inputs: Any, **attributes: Any) -> Any:
        cotangents = list(right(y_bar, y, *inputs, **attributes))
        ranks = [x.ndim for x in inputs]
        cotangents[ranks.index(min(ranks))] = y_bar
        return tuple(cotangents)

    return vjp


def averaged_over_copies(right: Any) -> Any:
    """A VJP that averages over the copies of its smallest input, and does not sum."""

    def vjp(y_bar: Any, y: Any, *inputs: Any, **attributes: Any) -> Any:
        cotangents = list(right(y_bar, y, *inputs, **attributes))
        ranks = [x.ndim for x in inputs]
        place = ranks.index(min(ranks))
        copies = y.size // max(inputs[place].size, 1)
        cotangents[place] = cotangents[place] / max(copies, 1)
        return tuple(cotangents)

    return vjp


def over_the_first_axis(right: Any) -> Any:
    """A VJP that works along the first axis, whichever was asked for."""

    def vjp(y_bar: Any, y: Any, *inputs: Any, **attributes: Any) -> Any:
        if inputs[0].ndim > 1:
            attributes["axis"] = 0
        return right(y_bar, y, *inputs, **attributes)

    return vjp


def cotangent_not_used(right: Any) -> Any:
    """A VJP that takes the cotangent to be 1."""

    def vjp(y_bar: Any, y: Any, *inputs: Any, **attributes: Any) -> Any:
        return right(np.ones_like(y_bar), y, *inputs, **attributes)

    return vjp


def constant_for_saved(right: Any) -> Any:
    """A VJP that takes 1 for every value that the forward has seen or made."""

    def vjp(y_bar: Any, y: Any, *inputs: Any, **attributes: Any) -> Any:
        return right(y_bar, np.ones_like(y), *map(np.ones_like, inputs), **attributes)

    return vjp
