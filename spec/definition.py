"""What an op means: its forward formula with shapes, domain and kinks, and the registry of all of them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ..ir.graph import BackproofError, Shape
from .formula import Condition

SymbolicShape = tuple[Any, ...]
"""A shape whose sides may be symbolic sizes."""


class SpecError(BackproofError):
    """A use of an op that its definition does not allow."""


class ShapeMismatch(SpecError):
    """Operand shapes that the definition does not accept."""


@dataclass(frozen=True)
class Definition:
    """An op's meaning: one entry of the output as a function of its index, and where that is meant to hold.

    Shapes: `signature` names the sides of every input, as in "(m,k),(k,n)"; `*s` stands for any number of sides. Of an op
    that `repeats`, the last input may come again any number of times, and every input's names are its own.
    `integers` are the attributes, integers or tuples of them, that the rule for all shapes holds for every value of, each
    with its least value; `masks` are those that are a Boolean matrix of these sides, and it holds for every one. `bounded`
    says why there is no such rule and the op is proved at its instances alone; mostly "".
    `beside` lists, for a shape of the first input, what the others may have beside it: samples, where the signature does
    not say how they belong together. `examples` are shapes of all inputs at which the op is checked beside small ones that
    the signature makes, for an op of which these tell too little.
    `readings` say how numbers are read that no rational is; every proof of the op names them.
    """

    op: str
    formula: Callable[..., Any]
    signature: tuple[tuple[str, ...], ...]
    repeats: bool
    shape: Callable[..., SymbolicShape]
    attributes: Callable[..., Iterable[Mapping[str, Any]]]
    domain: Callable[..., Sequence[Condition]]
    domain_text: str
    kinks: str
    source: str
    ir_kinds: tuple[str, ...]
    integers: tuple[tuple[str, int], ...]
    masks: tuple[tuple[str, tuple[str, str]], ...]
    bounded: str
    beside: Callable[[Shape], Iterable[tuple[Shape, ...]]] | None
    examples: tuple[tuple[Shape, ...], ...]
    readings: tuple[str, ...]

    @property
    def arity(self) -> int:
        """How many tensors the op takes, at least."""
        return len(self.signature)

    def inputs(self, count: int) -> tuple[tuple[str, ...], ...]:
        """The names of the sides of this many inputs.

        Raises: ShapeMismatch if the op does not take so many.
        """
        if count < self.arity or (count > self.arity and not self.repeats):
            least = " or more" if self.repeats else ""
            raise ShapeMismatch(f"{self.op} takes {self.arity}{least} tensors, {count} came")
        if not self.repeats:
            return self.signature
        groups = (*self.signature, *[self.signature[-1]] * (count - self.arity))
        return tuple(tuple(f"{name}_{place}" for name in group) for place, group in enumerate(groups))

    def infer_shape(self, shapes: Sequence[SymbolicShape], attributes: Mapping[str, Any]) -> SymbolicShape:
        """The output's shape.

        Raises: ShapeMismatch if the shapes do not fit the signature or the op's own rule.
        """
        bind(self, shapes)
        return self.shape(*shapes, **attributes)


DEFINITIONS: dict[str, Definition] = {}


def definition_of(op: str) -> Definition:
    """The definition of an op by name.

    Raises: SpecError if there is none.
    """
    if op not in DEFINITIONS:
        near = difflib.get_close_matches(op, sorted(DEFINITIONS)) or sorted(DEFINITIONS)[:3]
        raise SpecError(f"op {op!r} has no definition; there are {len(DEFINITIONS)}, such as {', '.join(near)}")
    return DEFINITIONS[op]


def no_attributes(*_shapes: SymbolicShape) -> list[dict[str, Any]]:
    """The one way to call an op that takes no attributes."""
    return [{}]


def everywhere(*_operands: Any, **_attributes: Any) -> tuple[Condition, ...]:
    """The domain of an op that is defined for all real inputs."""
    return ()


def first_shape(*shapes: SymbolicShape, **_attributes: Any) -> SymbolicShape:
    """The output shape of an op that keeps its first input's shape."""
    return shapes[0]


def define(
    op: str,
    signature: str,
    *,
    shape: Callable[..., SymbolicShape] = first_shape,
    attributes: Callable[..., Iterable[Mapping[str, Any]]] = no_attributes,
    domain: Callable[..., Sequence[Condition]] = everywhere,
    domain_text: str = "ℝ",
    kinks: str = "none",
    source: str = "extra",
    ir_kinds: tuple[str, ...] = (),
    integers: Mapping[str, int] = MappingProxyType({}),
    masks: Mapping[str, tuple[str, str]] = MappingProxyType({}),
    bounded: str = "",
    beside: Callable[[Shape], Iterable[tuple[Shape, ...]]] | None = None,
    examples: Iterable[tuple[Shape, ...]] = (),
    readings: tuple[str, ...] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a forward formula `formula(*inputs, *index, **attributes)` as the meaning of `op`.

    `attributes(*shapes)` lists the attribute values at which the op is checked; `domain(*inputs, *index, **attributes)`
    gives the conditions under which the entry at that index is defined.
    """

    def register(formula: Callable[..., Any]) -> Callable[..., Any]:
        DEFINITIONS[op] = Definition(
            op, formula, parse_signature(signature), signature.endswith("..."), shape, attributes, domain, domain_text, kinks, source, ir_kinds,
            tuple(integers.items()), tuple(masks.items()), bounded, beside, tuple(examples), readings,
        )  # fmt: skip
        return formula

    return register


def parse_signature(signature: str) -> tuple[tuple[str, ...], ...]:
    """The named sides of each input: "(m,k),(*s)" gives (("m", "k"), ("*s",)); "..." at the end says that it repeats."""
    text = signature.replace(" ", "").removesuffix("...")
    if not text:
        return ()
    inner = text.removeprefix("(").removesuffix(")")
    return tuple(tuple(side for side in group.split(",") if side) for group in inner.split("),("))


def bind(definition: Definition, shapes: Sequence[SymbolicShape]) -> dict[str, Any]:
    """Match shapes against the signature: side name to size, and wildcard name to a tuple of sizes.

    Raises: ShapeMismatch, naming the op and the input that does not fit.
    """
    sides: dict[str, Any] = {}
    for position, (pattern, shape) in enumerate(zip(definition.inputs(len(shapes)), shapes, strict=True)):
        for name, size in _match(pattern, shape, definition.op, position):
            if sides.setdefault(name, size) != size:
                raise ShapeMismatch(
                    f"{definition.op} of {_listed(shapes)}: side {name} is {sides[name]} and {size}, "
                    f"but they must be equal"
                )
    return sides


def _match(pattern: tuple[str, ...], shape: SymbolicShape, op: str, position: int) -> list[tuple[str, Any]]:
    stars = [place for place, name in enumerate(pattern) if name.startswith("*")]
    missing = len(shape) - len(pattern)
    if (not stars and missing != 0) or (stars and missing < -1):
        raise ShapeMismatch(f"{op} needs ({','.join(pattern)}) as input {position}, shape {shape} came")
    if not stars:
        return list(zip(pattern, shape, strict=True))
    star = stars[0]
    width = missing + 1
    named = pattern[:star] + pattern[star + 1 :]
    rest = shape[:star] + shape[star + width :]
    return [(pattern[star], shape[star : star + width]), *zip(named, rest, strict=True)]


def _listed(shapes: Sequence[SymbolicShape] | Sequence[Shape]) -> str:
    return " and ".join(str(shape) for shape in shapes)
