"""A proved rule once more in float64, at a few points, within the bound that its own operations allow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import Any

import flint
import numpy as np
from flint import arb

from ..containment import contained
from ..kernel.numbers.exact import PRECISION
from ..kernel.numbers.formats import FLOAT64
from ..kernel.numbers.tracked import Tracked
from ..kernel.scalars.array import entries_of
from ..kernel.scalars.mask import Unsupported
from ..kernel.verdict import Unknown
from .arrays import rule_array, symbolic_numpy
from .rule import Point, Rule, named, shape_of


@dataclass(frozen=True)
class Outside:
    """An entry in float64 that is certainly farther from the real one than its bound; `place` is that of its input."""

    point: Point
    place: int
    came: str
    real: str


def outside_its_bound(rule: Rule) -> Outside | Unknown | None:
    """The first entry outside its bound at the rule's points; Unknown if floats are refused where exact numbers are not."""
    for point in rule.points():
        found = contained(lambda point=point: _at(rule, point))  # type: ignore[misc]
        if found is not None:
            return found
    return None


def _at(rule: Rule, point: Point) -> Outside | None:
    def filled(role: str, shape: tuple[int, ...]) -> Any:
        return np.array([float(point[named(role, index)]) for index in np.ndindex(shape)]).reshape(shape)

    inputs = [filled(f"x {place}", shape) for place, shape in enumerate(rule.shapes)]
    with np.errstate(all="ignore"), flint.ctx.workprec(PRECISION):
        try:
            seed = partial(filled, "y_bar")
            with symbolic_numpy():
                tracked = _cotangents(rule, [_tracked(x) for x in inputs], lambda shape: _tracked(seed(shape)))
        except Unsupported:
            return None  # outside the domain, or no bound there: it says nothing
        came = _cotangents(rule, inputs, seed)
        for place, (x_bar, real) in enumerate(zip(came, tracked, strict=True)):
            for entry, exact in zip(np.asarray(x_bar, dtype=np.float64).flat, entries_of(real), strict=True):
                ball = Tracked.of(exact, FLOAT64)
                if math.isfinite(ball.error()) and not abs(arb(float(entry)) - ball.ball).abs_lower() <= ball.error():
                    shown = f"{ball.ball.str(20, radius=False)} +/- {ball.error():.3g}"
                    return Outside(point, place, repr(float(entry)), shown)
    return None


def _cotangents(rule: Rule, inputs: list[Any], seed: Any) -> list[Any]:
    y = rule.forward(*inputs)
    return rule.cotangents(rule.vjp(seed(shape_of(y)), y, *inputs))


def _tracked(values: Any) -> Any:
    return rule_array(values.shape, (Tracked.of(float(entry), FLOAT64) for entry in values.flat))
