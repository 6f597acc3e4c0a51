"""Which attributes of an op a graph keeps in its environment: the index or indices of one that is named `…_ref`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..ir.graph import Attribute, NaturalRef, NaturalsRef

_READ = ("index", "indices")


def referring(op: str, attributes: Mapping[str, Any], naturals: tuple[int, ...]) -> tuple[dict[str, Attribute], tuple[int, ...]]:
    """The attributes as a graph has them, and the environment with the naturals added that it did not hold yet."""
    kept = dict(attributes)
    for name in _READ if op.endswith("_ref") else ():
        if name in kept:
            value = kept[name]
            several = value if isinstance(value, tuple) else (value,)
            start, naturals = _placed(several, naturals)
            kept[name] = NaturalsRef(start, len(several)) if isinstance(value, tuple) else NaturalRef(start)
    return kept, naturals


def _placed(wanted: tuple[int, ...], naturals: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    """Where the environment holds these in a row, and what it holds then."""
    count = len(wanted)
    for start in range(len(naturals) - count + 1):
        if naturals[start : start + count] == wanted:
            return start, naturals
    return len(naturals), (*naturals, *wanted)
