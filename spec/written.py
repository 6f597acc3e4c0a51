"""An op's formula as it is written on paper: its entries with letters for indices and sizes, in sympy.

The third reading of the formula language: nothing is computed with it, and nothing rests on it.
"""

from __future__ import annotations

import inspect
import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy

from .definition import Definition, SpecError

_LETTERS = "ijklmnpqrstuvw"

_GREATEST_DENOMINATOR = 1000


class Unwritten(SpecError):
    """A formula that takes a decision which the letters leave open."""


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters that are not taken yet, each given once; and what a formula tells while it is read."""

    free: Iterator[str]
    kinks: set[str]
    """The names of the kinks that a formula has been found to have."""

    def take(self, count: int) -> tuple[Written, ...]:
        """The next letters, as indices."""
        names = [next(self.free, "") for _ in range(count)]
        if "" in names:
            raise Unwritten("a formula of more indices than there are letters")
        return tuple(Written(sympy.Symbol(name, integer=True, nonnegative=True), self) for name in names)

    def size(self, name: str) -> Written:
        """A size or another natural number by its name."""
        return Written(sympy.Symbol(name, integer=True, positive=True), self)


def _combined(combine: Callable[[Any, Any], Any]) -> Callable[[Written, Any], Written]:
    return lambda own, other: Written(combine(own.expression, _plain(other)), own.letters)


def _turned(combine: Callable[[Any, Any], Any]) -> Callable[[Written, Any], Written]:
    return lambda own, other: Written(combine(_plain(other), own.expression), own.letters)


@dataclass(frozen=True, eq=False)
class Written:
    """An entry, an index, a size or a comparison of them, as it is written."""

    expression: Any
    letters: Letters

    __hash__ = None  # type: ignore[assignment]
    __add__, __radd__ = _combined(operator.add), _turned(operator.add)
    __sub__, __rsub__ = _combined(operator.sub), _turned(operator.sub)
    __mul__, __rmul__ = _combined(operator.mul), _turned(operator.mul)
    __truediv__, __rtruediv__ = _combined(operator.truediv), _turned(operator.truediv)
    __floordiv__, __mod__ = _combined(operator.floordiv), _combined(operator.mod)
    __pow__ = _combined(operator.pow)
    __lt__, __le__ = _combined(sympy.Lt), _combined(sympy.Le)
    __gt__, __ge__ = _combined(sympy.Gt), _combined(sympy.Ge)
    __eq__ = _combined(sympy.Eq)  # type: ignore[assignment]
    __ne__ = _combined(sympy.Ne)  # type: ignore[assignment]

    def __neg__(self) -> Written:
        return Written(-self.expression, self.letters)

    def __bool__(self) -> bool:
        if self.expression in (sympy.true, sympy.false):
            return bool(self.expression)
        raise Unwritten(f"whether {self.expression} is left open")

    def __formula__(self, word: str, *operands: Any) -> Written:
        return Written(_said(self.letters, word, operands), self.letters)


@dataclass(frozen=True, slots=True)
class WrittenOperand:
    """An input as a formula sees it: entries by index, and letters for its sizes."""

    name: str
    shape: tuple[Any, ...]
    letters: Letters

    def __getitem__(self, index: Any) -> Written:
        places = index if isinstance(index, tuple) else (index,)
        base = sympy.Symbol(self.name, real=True)
        entry = sympy.Indexed(sympy.IndexedBase(base), *map(_plain, places)) if places else base
        return Written(entry, self.letters)

    def size(self, axis: int) -> Any:
        """The size of an axis."""
        return self.shape[axis]

    @property
    def count(self) -> Any:
        """The number of entries."""
        return math.prod(self.shape, start=Written(sympy.Integer(1), self.letters))


@dataclass(frozen=True, slots=True)
class WrittenNaturals:
    """A list of naturals, as long as a letter says."""

    name: str
    count: str
    letters: Letters

    def __getitem__(self, place: Any) -> Written:
        return Written(sympy.Indexed(sympy.IndexedBase(sympy.Symbol(self.name, integer=True)), _plain(place)), self.letters)

    def __formula__(self, word: str, *operands: Any) -> Any:
        if word == "length":
            return self.letters.size(self.count)
        raise Unwritten(f"the word {word}")


def written(
    definition: Definition, shapes: Sequence[Sequence[str | int]], attributes: Callable[[Letters], Mapping[str, Any]], rank: int
) -> tuple[Any, frozenset[str]]:
    """The equation `y[index] = formula` and the names of its kinks, at shapes whose sides are names or numbers, for an output of this rank.

    `attributes` may hold letters too.
    Raises: Unwritten, or whatever the formula raises where it needs more than letters.
    """
    names = input_names(definition, len(shapes))
    sides = {side for shape in shapes for side in shape if isinstance(side, str)}
    letters = Letters((letter for letter in _LETTERS if letter not in {*names, *sides}), set())
    size = {side: letters.size(side) for side in sides}
    operands = [
        WrittenOperand(name, tuple(size[side] if isinstance(side, str) else side for side in shape), letters)
        for name, shape in zip(names, shapes, strict=True)
    ]
    index = letters.take(rank)
    entry = _plain(definition.formula(*operands, *index, **attributes(letters)))
    return sympy.Eq(WrittenOperand("y", (), letters)[index].expression, entry, evaluate=False), frozenset(letters.kinks)


def input_names(definition: Definition, count: int) -> list[str]:
    """The names of the inputs, as the formula's parameters have them."""
    parameters = [*inspect.signature(definition.formula).parameters.values()]
    named = [each.name for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]
    return named[:count] if len(named) >= count and not definition.repeats else [f"x{place}" for place in range(count)]


def _plain(value: Any) -> Any:
    """What sympy writes. A fraction of many digits is the binary64 number that it was read from, and is written so."""
    if isinstance(value, Written):
        return value.expression
    exact = Fraction(value) if isinstance(value, (float, Fraction)) else None
    if exact is None or exact.denominator <= _GREATEST_DENOMINATOR or Fraction(float(exact)) != exact:
        return sympy.sympify(value if exact is None else exact)
    size = sympy.Symbol(repr(abs(float(exact))), positive=True)
    return size if exact > 0 else -size


class Held(sympy.Function):  # type: ignore[misc]
    """Its argument, held constant."""


class LargestOver(sympy.Expr):  # type: ignore[misc]
    """Arguments: a term, then for each index (index, start, end). The largest term, the end excluded."""


def _said(letters: Letters, word: str, operands: Sequence[Any]) -> Any:
    """How a word of the formula language is written."""
    if word in ("kink", "largest", "largest of", "root"):
        letters.kinks.add(operands[0])
    match word, operands:
        case ("total" | "product"), (term, *sizes):
            index = letters.take(len(sizes))
            limits = [(i.expression, 0, _plain(size) - 1) for i, size in zip(index, sizes, strict=True)]
            return (sympy.Sum if word == "total" else sympy.Product)(_plain(term(*index)), *limits)
        case "where", (Written(condition), holds, fails):
            return _pieces(condition, _plain(holds()), _plain(fails()))
        case "kink", (_name, discriminant, above, below):
            return sympy.Piecewise((_plain(above), _plain(discriminant) > 0), (_plain(below), True))
        case "choose", (mask, chosen, other):
            return sympy.Piecewise((_plain(chosen), sympy.Ne(_plain(mask), 0)), (_plain(other), True))
        case "largest", (_name, term, *spans):
            index = letters.take(len(spans))
            limits = [_limits(i.expression, span) for i, span in zip(index, spans, strict=True)]
            return LargestOver(_plain(term(*index)), *limits)
        case "largest of", (_name, *entries):
            return sympy.Max(*map(_plain, entries))
        case "step", (x,):
            return sympy.Piecewise((1, _plain(x) > 0), (0, True))
        case "stop", (x,):
            return Held(_plain(x))
        case "root", (_name, x):
            return sympy.sqrt(sympy.Max(_plain(x), 0))
        case ("cos" | "erf" | "exp" | "log" | "sin" | "sqrt" | "tanh"), (x,):
            return getattr(sympy, word)(_plain(x))
    raise Unwritten(f"the word {word}")


def _limits(index: Any, span: Sequence[tuple[Any, Any]]) -> sympy.Tuple:
    starts, ends = ({_plain(each[side]) for each in span} for side in (0, 1))
    return sympy.Tuple(index, sympy.Max(*starts), sympy.Min(*ends))


def _pieces(condition: Any, holds: Any, fails: Any) -> Any:
    """One of two; where both of two questions must be answered yes, they are one."""
    if isinstance(holds, sympy.Piecewise) and holds.args[-1] == (fails, sympy.true) and len(holds.args) == 2:
        inner = holds.args[0]
        return sympy.Piecewise((inner[0], sympy.And(condition, inner[1])), (fails, True))
    return sympy.Piecewise((holds, condition), (fails, True))
