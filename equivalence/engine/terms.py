"""Objects that stand for SMT-LIB terms and behave as the tape's code expects of ids, lengths, arrays and shapes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, TypeVar

from .paths import Path, State, Unextractable


@dataclass(frozen=True)
class Boolean:
    """A condition; asking for its truth takes a branch."""

    path: Path
    text: str

    def __bool__(self) -> bool:
        return self.path.decide(self.text)


@dataclass(frozen=True, eq=False)
class Integer:
    """An id or a length. It has no hash: a tape that keeps ids in a set is not read symbolically."""

    path: Path
    text: str

    def __add__(self, other: Integer | int) -> Integer:
        return Integer(self.path, f"(+ {self.text} {numeral(other)})")

    def __sub__(self, other: Integer | int) -> Integer:
        return Integer(self.path, f"(- {self.text} {numeral(other)})")

    def __rmul__(self, other: object) -> SparseStore:
        if other != [None]:
            raise Unextractable(f"a length multiplies {other!r}, only [None] was expected")
        return adopt(SparseStore(self.path, "unset", "absent"))

    def __lt__(self, other: Integer | int) -> Boolean:
        return self._compare("<", other)

    def __le__(self, other: Integer | int) -> Boolean:
        return self._compare("<=", other)

    def __gt__(self, other: Integer | int) -> Boolean:
        return self._compare(">", other)

    def __ge__(self, other: Integer | int) -> Boolean:
        return self._compare(">=", other)

    def __eq__(self, other: object) -> Boolean:  # type: ignore[override]
        return self._compare("=", other)

    def __ne__(self, other: object) -> Boolean:  # type: ignore[override]
        return self._compare("distinct", other)

    __hash__ = None  # type: ignore[assignment]

    def _compare(self, relation: str, other: object) -> Boolean:
        return Boolean(self.path, f"({relation} {self.text} {numeral(other)})")


@dataclass(frozen=True, eq=False)
class ShapeTerm:
    """A shape, of which only equality is known."""

    path: Path
    text: str

    def __eq__(self, other: object) -> Boolean:  # type: ignore[override]
        return Boolean(self.path, f"(= {self.text} {_shape(other)})")

    def __ne__(self, other: object) -> Boolean:  # type: ignore[override]
        return Boolean(self.path, f"(distinct {self.text} {_shape(other)})")

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, eq=False)
class Cotangent:
    """An element of the uninterpreted sort of cotangents: it can be added, and has a shape."""

    path: Path
    text: str

    @property
    def shape(self) -> ShapeTerm:
        """Its shape."""
        return ShapeTerm(self.path, f"(shape {self.text})")

    def __add__(self, other: object) -> Cotangent:
        if not isinstance(other, Cotangent):
            raise Unextractable(f"a cotangent is added to {other!r}")
        return Cotangent(self.path, f"(plus {self.text} {other.text})")

    def __iadd__(self, other: object) -> Self:
        # Falling back on `+` would hide what an addition in place does to whoever holds the same array.
        raise Unextractable("a cotangent is changed in place")


class DenseStore:
    """A list with a cotangent for every value."""

    def __init__(self, path: Path, entries: str) -> None:
        self.path = path
        self.entries = entries

    def __getitem__(self, place: Integer) -> Cotangent | None:
        return Cotangent(self.path, f"(select {self.entries} {place.text})")

    def __setitem__(self, place: Integer, value: object) -> None:
        _check_own(self)
        if not isinstance(value, Cotangent):
            raise Unextractable(f"{value!r} is stored as a cotangent")
        self.entries = f"(store {self.entries} {place.text} {value.text})"

    def state(self) -> State:
        """Its entries."""
        return (self.entries,)

    def forget(self, stretch: str) -> None:
        """Make the entries arbitrary."""
        self.entries = f"{stretch}.entries"


class SparseStore(DenseStore):
    """A list with a cotangent or None for every value; reading takes a branch."""

    def __init__(self, path: Path, entries: str, present: str) -> None:
        super().__init__(path, entries)
        self.present = present

    def __getitem__(self, place: Integer) -> Cotangent | None:
        return super().__getitem__(place) if self.path.decide(f"(select {self.present} {place.text})") else None

    def __setitem__(self, place: Integer, value: object) -> None:
        super().__setitem__(place, value)
        self.present = f"(store {self.present} {place.text} true)"

    def state(self) -> State:
        """Its entries, and where they are not None."""
        return (self.entries, self.present)

    def forget(self, stretch: str) -> None:
        """Make the entries and their presence arbitrary."""
        super().forget(stretch)
        self.present = f"{stretch}.present"


StoreType = TypeVar("StoreType", bound=DenseStore)


def adopt(store: StoreType) -> StoreType:
    """Make this the one list of cotangents that the sweep works on.

    Raises: Unextractable if there is one already.
    """
    if store.path.accumulator is not None:
        raise Unextractable("the sweep makes a second list of cotangents")
    store.path.accumulator = store
    return store


def _check_own(store: DenseStore) -> None:
    if store.path.accumulator is not store:
        raise Unextractable("the sweep writes to a list that is not its own")


def numeral(value: object) -> str:
    if isinstance(value, Integer):
        return value.text
    if type(value) is not int:
        raise Unextractable(f"an id or a length meets {value!r}")
    return str(value) if value >= 0 else f"(- {-value})"


def _shape(value: object) -> str:
    if not isinstance(value, ShapeTerm):
        raise Unextractable(f"a symbolic shape is compared with {value!r}")
    return value.text
