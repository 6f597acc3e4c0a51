"""The tape's nodes and the three kinds of loop over them, each run once with an arbitrary item."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import CellType, FunctionType, MappingProxyType
from typing import Any

from ...runtime.tape import RecordedNode, Tape, TapeNode
from .paths import Path, Unextractable, check_memory, locals_at
from .terms import Boolean, Cotangent, DenseStore, Integer, ShapeTerm, adopt, numeral


@dataclass(frozen=True, eq=False)
class Value:
    """The value of a node, of which the shape is known; numpy may be asked for zeros like it."""

    path: Path
    place: str

    @property
    def shape(self) -> ShapeTerm:
        """Its shape."""
        return ShapeTerm(self.path, f"(value_shape {self.place})")

    def __array_function__(self, function: Any, _types: Any, arguments: Any, keywords: Any) -> Cotangent:
        if function.__name__ != "zeros_like" or len(arguments) != 1 or keywords:
            raise Unextractable(f"the sweep calls numpy's {function.__name__} on a value")
        return Cotangent(self.path, f"(zero (value_shape {self.place}))")


@dataclass(frozen=True, eq=False)
class NodeTerm:
    """A node at a symbolic place."""

    path: Path
    place: str

    @property
    def requires_grad(self) -> Boolean:
        """Whether it takes and emits anything."""
        return Boolean(self.path, f"(requires_grad {self.place})")

    @property
    def value(self) -> Value:
        """Its value."""
        return Value(self.path, self.place)

    @property
    def shape(self) -> ShapeTerm:
        """Its value's shape."""
        return self.value.shape

    def backward(self, y_bar: object) -> Contributions:
        """What it emits when handed a cotangent."""
        if not isinstance(y_bar, Cotangent):
            raise Unextractable(f"a node is handed {y_bar!r}")
        return Contributions(self.path, self.place, y_bar.text)


@dataclass(frozen=True, eq=False)
class Contributions:
    """The emissions of one node: any number of them, each an arbitrary id and cotangent."""

    path: Path
    place: str
    handed: str

    def __iter__(self) -> Iterator[tuple[Integer, Cotangent]]:
        path = self.path
        path.close("emits", (self.place, self.handed))
        path.open("contribution")
        before = locals_at(sys._getframe(1))
        item = (Integer(path, "target"), Cotangent(path, "contribution"))
        yield item
        check_memory(before, locals_at(sys._getframe(1)), item)
        path.close("contributed", ())
        path.open("folded")


@dataclass(frozen=True, eq=False)
class Places:
    """What `range` gives for symbolic bounds: the places a sweep visits."""

    path: Path
    first: Integer
    stop: Integer
    step: int

    def __iter__(self) -> Iterator[Integer]:
        path = self.path
        path.close("sweeps", (self.first.text, self.stop.text, numeral(self.step)))
        path.open("visit")
        before = locals_at(sys._getframe(1))
        place = Integer(path, "place")
        yield place
        check_memory(before, locals_at(sys._getframe(1)), (place,))
        path.close("visited", ())
        path.open("swept")

    def __reversed__(self) -> Iterator[Integer]:
        if self.step != 1:
            raise Unextractable("a symbolic range is reversed that does not count up by 1")
        return iter(Places(self.path, self.stop - 1, self.first - 1, -1))


@dataclass(eq=False)
class Nodes:
    """The list of a tape's nodes, `size` of them."""

    path: Path
    appended: list[TapeNode | RecordedNode] = field(default_factory=list)

    def __getitem__(self, place: Integer) -> NodeTerm:
        return NodeTerm(self.path, numeral(place))

    def append(self, node: TapeNode | RecordedNode) -> None:
        """Keep what is recorded."""
        self.appended.append(node)


@dataclass(frozen=True, eq=False)
class Together:
    """What `zip` gives for the nodes and a list of cotangents: one arbitrary node with its entry, to be read only."""

    nodes: Nodes
    store: DenseStore

    def __iter__(self) -> Iterator[tuple[NodeTerm, Cotangent | None]]:
        path = self.nodes.path
        before = self.store.state()
        yield NodeTerm(path, "place"), self.store[Integer(path, "place")]
        if self.store.state() != before:
            raise Unextractable("a loop over nodes and cotangents together changes the cotangents")


def _length(sequence: Any) -> Any:
    if isinstance(sequence, Nodes):
        return Integer(sequence.path, f"(+ size {len(sequence.appended)})" if sequence.appended else "size")
    return Integer(sequence.path, "length") if isinstance(sequence, DenseStore) else len(sequence)


def _range(*bounds: Any) -> Any:
    symbolic = next((bound for bound in bounds if isinstance(bound, Integer)), None)
    if symbolic is None:
        return range(*bounds)
    first, stop, step = (0, *bounds, 1) if len(bounds) == 1 else (*bounds, 1) if len(bounds) == 2 else bounds
    if type(step) is not int or step == 0:
        raise Unextractable(f"a symbolic range has step {step!r}")
    path = symbolic.path
    return Places(path, Integer(path, numeral(first)), Integer(path, numeral(stop)), step)


def _list(items: Any = ()) -> Any:
    return adopt(DenseStore(items.path, items.entries)) if type(items) is DenseStore else list(items)


def _zip(*sequences: Any, strict: bool = False) -> Any:
    match sequences:
        case (Nodes() as nodes, DenseStore() as store):
            return Together(nodes, store)
    return zip(*sequences, strict=strict)


def _enumerate(items: Any) -> Iterator[tuple[Integer, Any]]:
    if not isinstance(items, Together):
        raise Unextractable("only the nodes with their cotangents are counted")
    return ((Integer(items.nodes.path, "place"), item) for item in items)


WORDS = MappingProxyType(
    {
        "enumerate": _enumerate,
        "isinstance": isinstance,
        "len": _length,
        "list": _list,
        "range": _range,
        "reversed": reversed,
        "super": super,
        "zip": _zip,
    }
)
"""The only builtins that transplanted code has, read symbolically where they meet a symbolic operand."""


def transplanted(tape_class: type[Tape]) -> type[Tape]:
    """A copy of the class and its bases with the same code objects, in which builtins are `WORDS`."""
    copies: dict[type, type] = {object: object}
    for original in reversed(tape_class.__mro__[:-1]):
        cell = CellType()
        members = {name: _member(value, cell) for name, value in vars(original).items() if name not in _LAYOUT}
        bases = tuple(copies[base] for base in original.__bases__)
        copies[original] = cell.cell_contents = type(original.__name__, bases, members)
    return copies[tape_class]


_LAYOUT = frozenset({"__dict__", "__weakref__", "__classcell__"})


def _member(value: Any, own_class: CellType) -> Any:
    if not isinstance(value, FunctionType):
        return value
    words = {**value.__globals__, **WORDS, "__builtins__": dict(WORDS)}
    cells = dict(zip(value.__code__.co_freevars, value.__closure__ or (), strict=True))
    closure = tuple(own_class if free == "__class__" else cell for free, cell in cells.items())
    copy = FunctionType(value.__code__, words, value.__name__, value.__defaults__, closure)
    copy.__kwdefaults__ = value.__kwdefaults__
    return copy
