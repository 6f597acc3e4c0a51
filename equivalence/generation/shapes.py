"""Which shapes and attributes a generated graph uses: few enough that instances repeat, odd enough to show mistakes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...ir.graph import Shape, element_count
from ...spec.definition import Definition, SpecError

SIDES = (2, 3, 1, 5, 0)
"""Sides for a signature that no shape of the pool fits."""

POOL: tuple[Shape, ...] = (
    *((2, 3), (3, 2), (3,), ()) * 5,
    *((2,), (1,), (5,), (2, 1), (1, 3), (5, 2), (2, 1, 3)),
    *((0,), (2, 0), (0, 3), (2, 3, 0), (1, 2, 1, 3)),
)
"""Shapes by how often they are drawn. None is square, so that no transposition goes unseen."""

MOST_ENTRIES = 30
MOST_AXES = 4

Options = Callable[[Definition, Sequence[Shape]], list[Mapping[str, Any]]]

Sides = Mapping[str, Any]
"""What a signature's names stand for: a side, or for a starred name several."""


def fit(pattern: Sequence[str], shape: Shape, sides: Sides) -> Sides | None:
    """The names bound so far and those that this input binds; None if its shape does not fit its pattern."""
    stars = [place for place, name in enumerate(pattern) if name.startswith("*")]
    width = len(shape) - len(pattern) + 1
    if width < 0 or (not stars and width != 1):
        return None
    parts: list[Any] = list(shape)
    for star in stars:
        parts[star : star + width] = [shape[star : star + width]]
    found = dict(sides)
    for name, part in zip(pattern, parts, strict=True):
        if found.setdefault(name, part) != part:
            return None
    return found


def follows(definition: Definition, earlier: Sequence[Shape], shape: Shape, count: int) -> bool:
    """Whether the definition, if it lists which shapes stand beside which, lists this one after the earlier ones of `count`."""
    if definition.beside is None:
        return True
    first, *others = (*earlier, shape)
    return any([*rest[: len(others)]] == others for rest in definition.beside(first) if len(rest) == count - 1)


def next_shapes(definition: Definition, earlier: Sequence[Shape], sides: Sides, count: int) -> list[Shape]:
    """The shapes that a new input may have after the earlier ones of `count`."""
    if definition.beside is None or not earlier:
        return [
            shape
            for shape in shapes_for(definition.signature[0] if definition.repeats else definition.signature[len(earlier)], sides)
            if follows(definition, earlier, shape, count)
        ]
    first, *others = earlier
    longer = (rest for rest in definition.beside(first) if len(rest) == count - 1)
    return [rest[len(others)] for rest in longer if [*rest[: len(others)]] == others]


def shapes_for(pattern: Sequence[str], sides: Sides) -> list[Shape]:
    """The shapes that a new input of this pattern may have: of the pool, or if none fits, made side by side."""
    pooled = [shape for shape in POOL if fit(pattern, shape, sides) is not None]
    if pooled:
        return pooled
    choices = [[_axes(sides[name])] if name in sides else _free(name) for name in pattern]
    return [tuple(itertools.chain.from_iterable(parts)) for parts in itertools.product(*choices)]


def small_options(definition: Definition, shapes: Sequence[Shape]) -> list[Mapping[str, Any]]:
    """The attributes with which the op takes these shapes and its output stays small."""
    return [option for option in _offered(definition, shapes) if _is_small(_output(definition, shapes, option))]


def pool_options(definition: Definition, shapes: Sequence[Shape]) -> list[Mapping[str, Any]]:
    """The attributes with which the op takes these shapes and its output is of the pool."""
    return [option for option in _offered(definition, shapes) if _output(definition, shapes, option) in POOL]


def _offered(definition: Definition, shapes: Sequence[Shape]) -> list[Mapping[str, Any]]:
    declared = list(definition.attributes(*shapes))
    names = set(itertools.chain.from_iterable(declared))
    # A declared list shows only examples of an attribute that is free: the shape that the op makes, and its axis map.
    targets = [{**declared[0], "shape": target} for target in POOL] if "shape" in names else []
    turned = tuple(reversed(range(len(shapes[0])))) if shapes else ()
    mapped = [target | {"axes": turned} for target in targets] if "axes" in names else []
    offered = [*declared, *targets, *mapped]
    return [option for place, option in enumerate(offered) if option not in offered[:place]]


def _output(definition: Definition, shapes: Sequence[Shape], option: Mapping[str, Any]) -> Shape | None:
    try:
        return tuple(definition.infer_shape(shapes, option))
    except SpecError:
        return None


def is_small(shapes: Sequence[Shape]) -> bool:
    """Whether values of these shapes are small enough for a generated graph."""
    return all(map(_is_small, shapes))


def _is_small(shape: Shape | None) -> bool:
    return shape is not None and len(shape) <= MOST_AXES and element_count(shape) <= MOST_ENTRIES


def _axes(part: Any) -> Shape:
    return part if isinstance(part, tuple) else (part,)


def _free(name: str) -> list[Shape]:
    return [(), (3,), (2, 3)] if name.startswith("*") else [(side,) for side in SIDES]
