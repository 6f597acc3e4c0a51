"""Truth values of symbolic comparisons: conditions on the signs of terms, chosen between by `where`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar


class Unsupported(Exception):
    """A kernel asked for something that has no meaning on exact scalars; never a pass, never a refutation."""


class Mask:
    """A truth value that may depend on the inputs.

    `where(a, b)` is a where it holds, else b; only the branch taken needs a meaning. `bool(mask)` is a decision that
    the kernel takes on a value: it asks the explorer, which will come back for the other answer.
    """

    __slots__ = ()

    def where(self, holds: Any, fails: Any) -> Any:
        """One of two scalars."""
        raise Unsupported(f"{type(self).__name__} has no choice")

    def __and__(self, other: Mask) -> Mask:
        return Both(self, truth(other))

    def __or__(self, other: Mask) -> Mask:
        return Not(Both(Not(self), Not(truth(other))))

    def __invert__(self) -> Mask:
        return Not(self)

    def __mul__(self, other: Any) -> Any:
        # Not a choice between other and 0: 0 times what has no value has none.
        return Both(self, other) if isinstance(other, Mask) else self.where(1, 0) * other

    __rmul__ = __mul__

    def __add__(self, other: Any) -> Any:
        return self._indicator(other) + other

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self._indicator(other) - other

    def __rsub__(self, other: Any) -> Any:
        return other - self._indicator(other)

    def __truediv__(self, other: Any) -> Any:
        return self.where(1, 0) / other

    def _indicator(self, other: Any) -> Any:
        if isinstance(other, Mask):
            raise Unsupported("sums of truth values: numpy's are logical, not numeric")
        return self.where(1, 0)


class Truth(Mask):
    """A decided truth value."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = bool(value)

    def where(self, holds: Any, fails: Any) -> Any:
        """The scalar chosen."""
        return holds if self.value else fails

    def __bool__(self) -> bool:
        return self.value


class Sign(Mask):
    """Holds where the sign of a term is one of `signs`, a subset of {−1, 0, 1}."""

    __slots__ = ("ask", "signs", "term")

    def __init__(self, term: Any, signs: frozenset[int], ask: Callable[[Any, frozenset[int]], bool]) -> None:
        self.term = term
        self.signs = signs
        self.ask = ask

    def where(self, holds: Any, fails: Any) -> Any:
        """A selection by the sign of the term."""
        chosen = [holds if sign in self.signs else fails for sign in (1, 0, -1)]
        return self.term.select(*chosen)

    def __bool__(self) -> bool:
        return self.ask(self.term, self.signs)


class Both(Mask):
    """Holds where two masks hold."""

    __slots__ = ("first", "second")

    def __init__(self, first: Mask, second: Mask) -> None:
        self.first = first
        self.second = second

    def where(self, holds: Any, fails: Any) -> Any:
        """Nested choice."""
        return self.first.where(self.second.where(holds, fails), fails)

    def __bool__(self) -> bool:
        return bool(self.first) and bool(self.second)


class Not(Mask):
    """Holds where a mask fails."""

    __slots__ = ("mask",)

    def __init__(self, mask: Mask) -> None:
        self.mask = mask

    def where(self, holds: Any, fails: Any) -> Any:
        """The other choice."""
        return self.mask.where(fails, holds)

    def __bool__(self) -> bool:
        return not bool(self.mask)


Scalar = TypeVar("Scalar")


def ordered(scalar: type[Scalar]) -> type[Scalar]:
    """Class decorator: >, >=, <, <=, == and != by the class's own `compare`.

    == must not be left to Python: it would answer False for a symbolic value, and one of two branches would never run.
    """
    operators = {"gt": (1,), "ge": (0, 1), "lt": (-1,), "le": (-1, 0), "eq": (0,), "ne": (-1, 1)}
    for name, signs in operators.items():
        accepted = frozenset(signs)
        setattr(scalar, f"__{name}__", lambda self, other, accepted=accepted: self.compare(other, accepted))
    scalar.__hash__ = object.__hash__  # type: ignore[method-assign]
    return scalar


def truth(value: Any) -> Mask:
    """A mask from a mask or a Python or numpy bool.

    Raises: Unsupported for anything else.
    """
    if isinstance(value, Mask):
        return value
    if type(value).__name__ in ("bool", "bool_"):
        return Truth(value)
    raise Unsupported(f"{type(value).__name__} is not a truth value")


def every(masks: Iterable[Any]) -> Mask:
    """Holds where all of them do."""
    whole: Mask = Truth(True)  # noqa: FBT003 - a truth value is what it holds
    for mask in masks:
        whole = whole & truth(mask)
    return whole
