"""Terms: what a kernel computed, recorded as a graph of shared nodes over named real variables."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from ..numbers.radical import PER_ROOT_PI, Radical
from .mask import Mask, Sign, Truth, Unsupported, ordered

FUNCTIONS = ("exp", "log", "tanh", "sqrt", "sin", "cos", "erf", PER_ROOT_PI)


@ordered
class Term:
    """One node. Kinds: number, variable, add, mul, div, power, apply, select, maximum.

    A select has arguments (discriminant, above, at, below) and is the one that the discriminant's sign says; the
    others need have no meaning there. Terms of one pool are equal only if they are the same object.
    """

    __slots__ = ("arguments", "data", "kind", "partial", "pool", "serial")

    def __init__(self, pool: Pool, kind: str, arguments: tuple[Term, ...], data: Any, serial: int) -> None:
        self.pool = pool
        self.kind = kind
        self.arguments = arguments
        self.data = data
        self.serial = serial
        # A partial term may be undefined somewhere, so that not even 0 times it is 0 without saying so.
        self.partial: bool = (
            kind == "div" or (kind == "apply" and data in ("log", "sqrt")) or any(a.partial for a in arguments)
        )

    def __add__(self, other: Any) -> Any:
        return self.pool.binary("add", self, other)

    def __radd__(self, other: Any) -> Any:
        return self.pool.binary("add", other, self)

    def __mul__(self, other: Any) -> Any:
        return self.pool.binary("mul", self, other)

    def __rmul__(self, other: Any) -> Any:
        return self.pool.binary("mul", other, self)

    def __neg__(self) -> Any:
        return self.pool.binary("mul", -1, self)

    def __sub__(self, other: Any) -> Any:
        return self + self.pool.binary("mul", -1, other)

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __truediv__(self, other: Any) -> Any:
        return self.pool.binary("div", self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self.pool.binary("div", other, self)

    def __pow__(self, exponent: Any) -> Any:
        if isinstance(exponent, Term):
            raise Unsupported("a power whose exponent is not constant")
        ratio = exact(exponent)
        if ratio.denominator == 2:
            return self.apply("sqrt") ** (2 * ratio)
        if ratio.denominator != 1:
            return (self.apply("log") * ratio).apply("exp")
        count = int(ratio)
        result = self.pool.number(Fraction(1))
        for _ in range(abs(count)):
            result = result * self
        return result if count >= 0 else 1 / result

    def apply(self, function: str) -> Term:
        """A function of this term; expm1, log1p and erfc by what they are in terms of the others."""
        if function == "expm1":
            return self.apply("exp") - 1  # type: ignore[no-any-return]
        if function == "log1p":
            return (self + 1).apply("log")  # type: ignore[no-any-return]
        if function == "erfc":
            return 1 - self.apply("erf")  # type: ignore[no-any-return]
        if function not in FUNCTIONS:
            raise Unsupported(f"function {function}")
        return self.pool.node("apply", (self,), function)

    def select(self, above: Any, at: Any, below: Any) -> Term:
        """One of three terms, by the sign of this one."""
        branches = tuple(self._under(i, self.pool.lift(branch)) for i, branch in enumerate((above, at, below)))
        if branches[0] is branches[1] is branches[2]:
            return branches[0]
        if self.kind == "number":
            return branches[1 - _sign(self.data)]
        return self.pool.node("select", (self, *branches), None)

    def _under(self, place: int, branch: Term) -> Term:
        """The branch where this term's sign is known: a selection by the same term is decided there."""
        return branch.arguments[1 + place] if branch.kind == "select" and branch.arguments[0] is self else branch

    def maximum(self, other: Any) -> Term:
        """The larger of two terms."""
        return self.pool.node("maximum", (self, self.pool.lift(other)), None)

    def compare(self, other: Any, signs: frozenset[int]) -> Mask:
        """Whether the sign of self − other is one of `signs`."""
        difference = self if self.pool.lift(other).is_number(0) else self - other
        if difference.kind == "number":
            return Truth(_sign(difference.data) in signs)
        return Sign(difference, signs, self.pool.ask)

    def is_number(self, value: int) -> bool:
        """Whether this term is that constant."""
        return self.kind == "number" and bool(self.data == value)

    def _no_float(self) -> Any:
        raise Unsupported("a kernel asked for the machine number of a symbolic value")

    __float__ = __int__ = __index__ = __bool__ = _no_float

    def __repr__(self) -> str:
        if self.kind in ("number", "variable"):
            return str(self.data)
        return f"{self.data or self.kind}({', '.join(map(repr, self.arguments))})"


class Pool:
    """Terms that share nodes. `ask` decides a kernel's branch on a value (see the explorer)."""

    def __init__(self, ask: Callable[[Term, frozenset[int]], bool]) -> None:
        self.ask = ask
        self._nodes: dict[tuple[Any, ...], Term] = {}

    def node(self, kind: str, arguments: tuple[Term, ...], data: Any) -> Term:
        """The one node of this kind, arguments and data."""
        key = (kind, data, *map(id, arguments))
        known = self._nodes.get(key)
        if known is None:
            known = self._nodes[key] = Term(self, kind, arguments, data, len(self._nodes))
        return known

    def number(self, value: Fraction) -> Term:
        """A rational constant."""
        return self.node("number", (), value)

    def variable(self, name: str) -> Term:
        """A real variable."""
        return self.node("variable", (), name)

    def lift(self, value: Any) -> Term:
        """A term from a term, a mask or a number, which is read exactly.

        Raises: Unsupported for anything else, NaN and infinity included, and for a term of another pool.
        """
        if isinstance(value, Term):
            if value.pool is not self:
                raise Unsupported("a kernel kept a value from an earlier run")
            return value
        if isinstance(value, Radical):
            root: Term = value.in_terms_of(self.number)
            return root
        if isinstance(value, Mask):
            chosen: Term = self.lift(value.where(self.number(Fraction(1)), self.number(Fraction(0))))
            return chosen
        return self.number(exact(value))

    def binary(self, kind: str, first: Any, second: Any) -> Term:
        """first + second, first · second or first / second, with constants folded."""
        a, b = self.lift(first), self.lift(second)
        if a.kind == b.kind == "number" and not (kind == "div" and b.data == 0):
            return self.number(_fold(kind, a.data, b.data))
        if (kind == "add" and a.is_number(0)) or (kind == "mul" and a.is_number(1)):
            return b
        if (kind == "add" and b.is_number(0)) or (kind != "add" and b.is_number(1)):
            return a
        if kind == "mul" and ((a.is_number(0) and not b.partial) or (b.is_number(0) and not a.partial)):
            return self.number(Fraction(0))
        return self.node(kind, (a, b), None)


def exact(value: Any) -> Fraction:
    """The rational that a Python or numpy number is, binary64 read exactly.

    Raises: Unsupported for NaN, infinities and anything that is no number.
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, (bool, np.bool_, int, np.integer)):
        return Fraction(int(value))
    if isinstance(value, (float, np.floating)):
        if not math.isfinite(value):
            raise Unsupported(f"the constant {value!r} is not a real number")
        return Fraction(float(value))
    raise Unsupported(f"{type(value).__name__} is not a number")


def _fold(kind: str, a: Fraction, b: Fraction) -> Fraction:
    match kind:
        case "add":
            return a + b
        case "mul":
            return a * b
        case _:
            return a / b


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)
