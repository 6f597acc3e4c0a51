"""What people type, as what the checker takes; what it cannot take is refused in one line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

import typer

from .ir.graph import BackproofError, Shape


class Solver(StrEnum):
    """Who may be asked for a second opinion."""

    CVC5 = "cvc5"


class Convention(StrEnum):
    """By which declared derivatives kinks are judged."""

    TORCHLEAN = "torchlean"
    PYTORCH = "pytorch"
    PYTORCH_2_15 = "pytorch-2.15"


class BadInput(typer.TyperException):
    """Something asked for that cannot be checked; said before any work is done."""


@contextmanager
def input_refused() -> Iterator[None]:
    """While input is read, our errors are the user's to mend; later they would be ours."""
    try:
        yield
    except BackproofError as error:
        raise BadInput(str(error)) from error


def parse_names(text: str) -> tuple[str, ...]:
    """Names with commas between them.

    >>> parse_names("relu, add")
    ('relu', 'add')
    """
    names = tuple(name.strip() for name in text.split(","))
    if not all(names):
        raise BadInput(f"--ops {text!r}: a name is empty, names with commas between them were needed")
    return names


def parse_shape(text: str) -> Shape:
    """One shape: its sides with commas or crosses between them, () for a number.

    >>> parse_shape("2,3"), parse_shape("2x3"), parse_shape("(4,)"), parse_shape("()")
    ((2, 3), (2, 3), (4,), ())
    """
    sides = [side.strip() for side in text.strip("() ").replace("x", ",").rstrip(",").split(",")]
    if sides == [""]:
        return ()
    if not all(side.isdecimal() and len(side) < 10 for side in sides):
        raise BadInput(f"--shape {text!r}: natural numbers with commas between them were needed, as in 2,3")
    return tuple(map(int, sides))


def parse_attributes(texts: Sequence[str]) -> dict[str, Any]:
    """Attributes by name, each a number, a list of whole numbers or a text in quotes.

    >>> parse_attributes(["axis=1", "shape=[2, 3]", 'subscripts="ij->ji"'])
    {'axis': 1, 'shape': (2, 3), 'subscripts': 'ij->ji'}
    """
    found: dict[str, Any] = {}
    for text in texts:
        name, _, value = text.partition("=")
        found[name.strip()] = _attribute(text, value)
    return found


def _attribute(text: str, value: str) -> Any:
    try:
        plain = json.loads(value)
    except ValueError:
        plain = None
    if isinstance(plain, list) and all(type(entry) is int for entry in plain):
        return tuple(plain)
    if type(plain) in (int, float, str):
        return plain
    needed = "a name, = and a number, a list of whole numbers or a text in quotes were needed"
    raise BadInput(f"--attribute {text!r}: {needed}, as in axis=1 or 'subscripts=\"ij->ji\"'")
