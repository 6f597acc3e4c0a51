"""Patterns of sizes: which of them an op has, which covers an instance, and what each is called."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...ir.graph import Dense, Shape
from ...spec.definition import Definition, bind, definition_of
from ..kernel.shapes import AnyInteger, AnyMask, Naturals

Side = str | int
"""A side of a pattern: a name stands for every size from 1 on."""

RANKS = range(5)
"""What the `*s` of a signature is tried as."""

MOST_UNKNOWN = 6
"""Unknown integers in the attributes of one rule: with more, its cases multiply beyond what is explored.

So a window along three axes with kernel, stride and padding of its own on each is proved at its instances alone.
"""

_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19)


@dataclass(frozen=True)
class Pattern:
    """Shapes with names for sizes, and attributes, in which the tuple `shape` has names too."""

    shapes: tuple[tuple[Side, ...], ...]
    attributes: tuple[tuple[str, Any], ...]


def patterns(op: str) -> list[Pattern]:
    """The patterns of the attributes that the definition samples, at every rank, each once."""
    definition = definition_of(op)
    found: dict[Pattern, None] = {}
    for shapes in samples(definition):
        for attributes in definition.attributes(*shapes):
            pattern = matching(op, shapes, attributes)
            small = len(attributes.get("shape", ())) <= max(RANKS)
            if pattern is not None and small and _unknown_integers(pattern) <= MOST_UNKNOWN:
                found[pattern] = None
    return [] if definition.bounded else list(found)


def _unknown_integers(pattern: Pattern) -> int:
    """How many of the integers in attributes stand for every one."""
    items = itertools.chain(*(value if isinstance(value, tuple) else (value,) for _, value in pattern.attributes))
    return sum(isinstance(item, AnyInteger) for item in items)


def matching(op: str, shapes: Sequence[Shape], attributes: Mapping[str, Any]) -> Pattern | None:
    """The pattern that covers an instance; none if a side is 0, or if an attribute has no form for all sizes."""
    definition = definition_of(op)
    if not shapes or any(side < 1 for shape in shapes for side in shape):
        return None
    general = {name: _general(definition, name, value) for name, value in attributes.items()}
    if not all(_has_form(value) for name, value in general.items() if name not in ("shape", "axes", *dict(definition.integers))):
        return None
    named = _named(definition, shapes)
    if "shape" not in attributes or "shape" in dict(definition.integers):
        return Pattern(named, tuple(sorted(general.items())))
    return _broadcast(shapes[0], named[0], attributes) if len(shapes) == 1 else None


def pattern_key(op: str, pattern: Pattern) -> str:
    """A name that tells patterns apart: op, shapes, attributes."""
    shapes = ",".join("(" + ",".join(map(str, shape)) + ")" for shape in pattern.shapes)
    attributes = ";".join(
        f"{name}=({','.join(map(str, value))})" if isinstance(value, tuple) else f"{name}={value}"
        for name, value in pattern.attributes
    )
    return f"{op}[{shapes}]" + (f"{{{attributes}}}" if attributes else "")


def _general(definition: Definition, name: str, value: Any) -> Any:
    """What a value stands for: an integer or a mask that the definition names for every one, a list of naturals for
    every one that is not empty, axes and any other value for themselves.
    """
    if isinstance(value, Dense) and name in dict(definition.masks):
        return AnyMask(*dict(definition.masks)[name])
    if name == "axes":
        return value
    lowest = dict(definition.integers).get(name)
    listed = isinstance(value, tuple) and value and all(type(each) is int and each >= 0 for each in value)
    if lowest is not None and type(value) is int:
        return AnyInteger(name, lowest)
    if lowest is not None and isinstance(value, tuple):
        return tuple(AnyInteger(f"{name}_{k}", lowest) for k in range(len(value)))
    return Naturals("k") if listed else value


def _has_form(value: Any) -> bool:
    if isinstance(value, tuple):
        return bool(value) and all(isinstance(each, AnyInteger) for each in value)
    return value is None or isinstance(value, int | float | str | Naturals | AnyMask | AnyInteger)


def samples(definition: Definition) -> list[tuple[Shape, ...]]:
    """The signature at every rank of its wildcards, with a prime for each size, and with 1 where that may matter."""
    if definition.beside is not None:
        firsts = [_PRIMES[:rank] for rank in RANKS]
        return [*((first, *others) for first in firsts for others in definition.beside(first)), *definition.examples]
    named = dict.fromkeys(name for group in definition.signature for name in group)
    names, stars = (sorted(name for name in named if name.startswith("*") is starred) for starred in (False, True))
    found = []
    for ranks in itertools.product(RANKS, repeat=len(stars)):
        if sum(ranks) > max(RANKS):
            continue
        widest = max(ranks, default=0)
        for ones in itertools.product((False, True), repeat=widest):
            rest = tuple(1 if one else prime for one, prime in zip(ones, _PRIMES, strict=False))
            sizes = dict(zip(names, _PRIMES[widest:], strict=False))
            wild = {star: rest[widest - rank :] for star, rank in zip(stars, ranks, strict=True)}
            found.append(tuple(_filled(group, sizes, wild) for group in definition.signature))
    return found


def _filled(group: Sequence[str], sizes: Mapping[str, int], wild: Mapping[str, Shape]) -> Shape:
    return tuple(itertools.chain(*(wild[name] if name in wild else (sizes[name],) for name in group)))


def _named(definition: Definition, shapes: Sequence[Shape]) -> tuple[tuple[Side, ...], ...]:
    """The shapes with the signature's names for their sides; the k-th side of a wildcard s is s_k."""
    sides = bind(definition, shapes)
    names = {name: (name,) if isinstance(size, int) else _numbered(name, len(size)) for name, size in sides.items()}
    return tuple(tuple(itertools.chain(*(names[name] for name in group))) for group in definition.inputs(len(shapes)))


def _numbered(wildcard: str, count: int) -> tuple[str, ...]:
    return tuple(f"{wildcard.removeprefix('*')}_{k}" for k in range(count))


def _broadcast(x: Shape, named: tuple[Side, ...], attributes: Mapping[str, Any]) -> Pattern | None:
    """A target shape whose sides are the input's, or new ones where the input has 1 or nothing."""
    shape, axes = attributes["shape"], attributes.get("axes")
    places = tuple(range(len(shape) - len(x), len(shape))) if axes is None else axes
    if any(side < 1 for side in shape) or len(places) != len(x) or not set(places) <= set(range(len(shape))):
        return None
    if any(side not in (1, shape[place]) for side, place in zip(x, places, strict=True)):
        return None
    target: list[Side] = [f"t_{k}" for k in range(len(shape))]
    source = list(named)
    for k, place in enumerate(places):
        if x[k] == shape[place]:
            target[place] = named[k]
        else:
            source[k] = 1
    others = {name: value for name, value in attributes.items() if name != "shape"} | {"shape": tuple(target)}
    return Pattern((tuple(source),), tuple(sorted(others.items())))
