"""What a failed assertion says: short enough to be read where it fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from ...ir.graph import Shape
from ...spec.operand import indices
from ..kernel.verdict import Unknown
from .floats import Outside
from .owed import Difference
from .rule import Rule, named

_MOST_ENTRIES = 24
"""Entries of an array that are written out."""


def different(rule: Rule, found: Difference) -> str:
    """A wrong cotangent: the point, the entry, both values."""
    head = f"the VJP is wrong at {_at(rule)}: {found.wrong} of {found.entries} entries differ at this point"
    entry = f"cotangent of input {found.place}, entry {list(found.index)}:"
    return _sides(rule, found, head, entry, f"{found.derived}  derived from forward", f"{found.came}  given by the VJP")


def outside(rule: Rule, found: Outside) -> str:
    """Right over the reals, and too far off in float64."""
    head = f"the VJP is right over the reals at {_at(rule)}, but outside its computed bound in float64"
    real, came = f"{found.real}  the real number, and its bound", f"{found.came}  given by the VJP in float64"
    return _sides(rule, found, head, f"cotangent of input {found.place}:", real, came)


def _sides(rule: Rule, found: Difference | Outside, head: str, entry: str, owed: str, came: str) -> str:
    return "\n".join((head, *_inputs(rule, found.point), entry, f"- {owed}", f"+ {came}"))


def broken(rule: Rule, detail: str) -> str:
    """Wrong whatever the numbers are."""
    return f"the VJP is wrong at {_at(rule)}: {detail}"


def not_decided(rule: Rule, answer: Unknown) -> str:
    """Neither proved nor refuted, which is no pass."""
    return f"the VJP is not decided at {_at(rule)} ({answer.reason}): {answer.detail}"


def _at(rule: Rule) -> str:
    return "shapes " + ", ".join(str(list(shape)) for shape in rule.shapes)


def _inputs(rule: Rule, point: Mapping[str, Fraction]) -> Iterator[str]:
    for place, shape in enumerate(rule.shapes):
        yield f"  input {place} = {_array(f'x {place}', shape, point)}"
    seeds = [name for name in point if name.startswith("y_bar")]
    yield f"  ȳ = {', '.join(_number(point[name]) for name in seeds[:_MOST_ENTRIES])}{_more(len(seeds))}"


def _array(role: str, shape: Shape, point: Mapping[str, Fraction]) -> str:
    entries = [_number(point[named(role, index)]) for index in indices(shape)]
    return f"[{', '.join(entries[:_MOST_ENTRIES])}{_more(len(entries))}] of shape {list(shape)}" if shape else entries[0]


def _number(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else str(float(value)) if _is_binary(value) else str(value)


def _is_binary(value: Fraction) -> bool:
    return Fraction(float(value)) == value


def _more(count: int) -> str:
    return ", ..." if count > _MOST_ENTRIES else ""
