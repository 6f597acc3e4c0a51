"""Bound variables: which one an equation removes, how one is shifted, and in which order they are named.

Each ranges over all integers, so that v may become e, -v or v + c wherever it stands without a change of the sum.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from .polynomial import (
    Guard,
    Naming,
    Poly,
    Variable,
    integer,
    least,
    own_name,
    poly_text,
    sizes_are_enough,
    variable,
)

_ORDERS = 720
"""Namings tried for a term; beyond it equal terms may not be recognised."""

Part = tuple[frozenset[Variable], Callable[[Naming], str], str]
"""A factor or guard of a term: its free variables, how it reads, and its exponent."""

Places = Sequence[tuple[str, Poly]]
"""The indices at which a term reads tensors, each with a label for where."""


def eliminated(bound: frozenset[Variable], guards: Iterable[Guard], places: Places) -> Mapping[Variable, Poly]:
    """The value that some equation gives to a bound variable; nothing if none does.

    Of several variables one that no tensor is read at goes first, then one that is a sum of the others, as a position is;
    of several values the one whose name is first, so that Σ_r [r = i] [r = j] y[r] has one normal form.
    """
    read = frozenset[Variable]().union(*(poly.variables for _, poly in places))
    found = [
        (name in read, sum(count < 0 for _, count in image.terms), name, image)
        for guard in guards
        if guard.relation == "zero"
        for name in bound & guard.poly.variables
        if (image := guard.poly.solved(name)) is not None
    ]
    if not found:
        return {}
    first = min(each[:2] for each in found)
    *_, name, image = min((each for each in found if each[:2] == first), key=lambda each: poly_text(each[-1], own_name))
    return {name: image}


def bare(bound: frozenset[Variable], places: Places) -> Mapping[Variable, Poly]:
    """A shift of a bound variable after which the first index that is it plus a rest is that variable itself.

    An index that is a sum of several bound variables shifts none of them.
    """
    plain: dict[Variable, list[tuple[str, Poly]]] = {}
    for label, poly in places:
        single = [name for name in poly.variables & bound if poly.solved(name) is not None]
        if len(single) == 1:
            plain.setdefault(single[0], []).append((label, poly))
    for name, own in plain.items():
        first = [poly for label, poly in own if label == min(label for label, _ in own)]
        if variable(name) not in first:
            poly = min(first, key=lambda poly: poly_text(poly, own_name))
            # poly = ±v + c is to be v, so v is to be ±(v - c).
            return {name: (variable(name) - poly) * integer(dict(poly.terms)[(name,)]) + variable(name)}
    return {}


def counted(
    bound: frozenset[Variable], guards: frozenset[Guard], used: frozenset[Variable]
) -> tuple[Variable, Poly, frozenset[Guard]] | None:
    """A bound variable that no factor uses and that ranges over one interval -a <= v <= b, the length b + a + 1, and the
    other guards, with [length >= 0] unless that is so for any sizes.
    """
    for name in bound - used:
        own = [guard for guard in guards if name in guard.poly.variables]
        ends = {dict(guard.poly.terms).get((name,)): guard.poly for guard in own if guard.relation == "least"}
        if len(own) == 2 and ends.keys() == {1, -1}:
            length = ends[1] + ends[-1] + integer(1)
            if not length.variables & bound:
                return name, length, guards.difference(own) | ({least(length)} if not sizes_are_enough(length) else set())
    return None


def order(bound: frozenset[Variable], parts: Sequence[Part]) -> tuple[Variable, ...]:
    """The bound variables by where they occur; those that occur alike in the order that reads first."""

    def colour(name: Variable) -> list[str]:
        own = [(text, exponent) for free, text, exponent in parts if name in free]
        return sorted(text(lambda v: "?" if v is name else "_" if v in bound else own_name(v)) + exponent for text, exponent in own)

    coloured = sorted(((colour(name), name) for name in bound), key=lambda pair: pair[0])
    groups = [[name for _, name in group] for _, group in itertools.groupby(coloured, key=lambda pair: pair[0])]
    orders = itertools.islice(itertools.product(*map(itertools.permutations, groups)), _ORDERS)
    if math.prod(math.factorial(len(group)) for group in groups) == 1:
        return tuple(itertools.chain(*groups))

    def reading(order: tuple[tuple[Variable, ...], ...]) -> list[str]:
        names = tuple(itertools.chain(*order))
        return sorted(text(lambda v: f"#{names.index(v)}" if v in bound else own_name(v)) + e for _, text, e in parts)

    return tuple(itertools.chain(*min(orders, key=reading)))
