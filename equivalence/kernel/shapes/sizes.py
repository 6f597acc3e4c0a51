"""Small sizes at which a claim is tried: a few fixed ones, and where these may not tell, drawn ones that differ in kind."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from .case import Case, Fork
from .claim import AllShapes, AnyInteger
from .formula import polys
from .polynomial import Variable, integer
from .setting import Excluded, Setting

Sizes = Mapping[Variable, int]
Kind = tuple[Variable, Variable, int, int]
"""An integer, a size, how the one compares with the other, and an axis of the output with several entries."""

_CYCLES = ((2, 3, 1), (1, 2, 3), (2, 2, 2))
_SIDES = (1, 1, 2, 2, 3, 3, 4, 5, 7)
_TRIES, _CANDIDATES, _CHOSEN = 2000, 200, 8
"""Choices of sizes that are drawn, that are enough to choose from, and that are chosen."""

_SMALL = 3
"""The largest number at which a fault is looked for on its own."""

_ENTRIES, _FEW = 200, 3
"""Entries of inputs and output at a choice of sizes, if the inputs are few."""


def small_settings(claim: AllShapes) -> Iterator[tuple[Setting, Sizes]]:
    """Settings at small sizes that the definition accepts.

    Sizes are drawn where it refuses a fixed choice, and for claims about any integer, as a stride is: of the drawn ones
    those are taken that differ the most in which integer exceeds which other size.
    """
    cycles = ([*itertools.islice(itertools.cycle(cycle), len(claim.least))] for cycle in _CYCLES)
    fixed = [*filter(None, (_setting(claim, numbers) for numbers in cycles))]
    integers = {item.name for value in claim.attributes.values() for item in _items(value)}
    enough = _CANDIDATES if integers else _CHOSEN
    chosen = _differing(_drawn(claim, enough), integers) if integers or len(fixed) < len(_CYCLES) else []
    for setting, sizes in (*fixed, *(chosen if len(claim.shapes) <= _FEW else chosen[:6])):
        yield setting.with_domain(), sizes


def _items(value: object) -> list[AnyInteger]:
    return [item for item in (value if isinstance(value, tuple) else (value,)) if isinstance(item, AnyInteger)]


def _setting(claim: AllShapes, numbers: Sequence[int]) -> tuple[Setting, Sizes] | None:
    """The setting at sizes so far above the least ones; None if the definition refuses them, or if there is too much."""
    lowest = zip(claim.least.items(), numbers, strict=True)
    sizes: Sizes = {name: number - 1 + least for (name, least), number in lowest}
    images = tuple((name, integer(size)) for name, size in sizes.items())
    setting = _bounded(Setting(claim, Case(images, frozenset(), claim.weights, at_numbers=True)))
    try:
        shapes = [setting.output, *map(polys, setting.shapes)]
    except Excluded:
        return None
    if any(each.size.value({}) < 1 for each in setting.case.below):
        return None
    entries = sum(math.prod(side.value({}) for side in sides) for sides in shapes)
    # Of many inputs sums are nested deeply: smaller sizes are then as much work.
    fits = entries <= _ENTRIES if len(claim.shapes) <= _FEW else max(numbers) <= 4 and math.prod(numbers) <= 16
    return (setting, sizes) if fits else None


def _bounded(setting: Setting) -> Setting:
    """The setting with lists of naturals that are as small as the definition asks."""
    while True:
        try:
            _ = setting.output
        except Fork as fork:
            setting = replace(setting, case=setting.case.split(fork.guard)[0])
        except Excluded:
            return setting
        else:
            return setting


def _sizes(names: Iterable[str], generator: random.Random) -> tuple[int, ...]:
    """A size for each name; of names for one axis, as s_1 and t_1, often or always the same: definitions may ask for that."""
    shared: dict[str, int] = {}
    found = []
    alike = generator.choice((0.3, 0.3, 1))
    for name in names:
        own = generator.choice(_SIDES if generator.random() < 0.7 else _SIDES[:4])
        first = shared.setdefault(name.rpartition("_")[2], own)
        found.append(first if generator.random() < alike else own)
    return tuple(found)


def _drawn(claim: AllShapes, enough: int) -> list[tuple[Setting, Sizes]]:
    """So many drawn settings whose output is not empty, or as many as are found."""
    generator, names = random.Random(claim.statement), [*claim.least]
    draws = dict.fromkeys(_sizes(names, generator) for _ in range(_TRIES)) | {(1,) * len(names): None}
    settings = filter(None, (_setting(claim, numbers) for numbers in draws))
    told = (each for each in settings if all(side.value({}) for side in each[0].output))
    return [*itertools.islice(told, enough)]


def _differing(candidates: Sequence[tuple[Setting, Sizes]], integers: set[str]) -> list[tuple[Setting, Sizes]]:
    """Candidates that show, one after the other, the most of an integer that none before them shows."""
    left = [(each, _shown(*each, integers)) for each in candidates]
    shown: set[Kind] = set()
    chosen: list[tuple[Setting, Sizes]] = []
    while left and len(chosen) < _CHOSEN:
        best = max(left, key=lambda each: len(each[1] - shown))
        left.remove(best)
        shown |= best[1]
        chosen.append(best[0])
    return chosen


def _shown(setting: Setting, sizes: Sizes, integers: set[str]) -> set[Kind]:
    """Which integer exceeds which other size, being 0 or 1 or not, and which small number it is; for each long axis."""
    long = [axis for axis, side in enumerate(setting.output) if side.value({}) > 1]
    pairs = [(a, b) for a in integers for b in sizes if a != b]
    numbers = {(a, a, sizes[a]) for a in integers if sizes[a] <= _SMALL}
    compared = {(a, b, ((sizes[a] > sizes[b]) - (sizes[a] < sizes[b])) * (2 if sizes[a] > 1 else 3)) for a, b in pairs}
    return {(*each, axis) for each in numbers | compared for axis in long}
