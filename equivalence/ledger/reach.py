"""What a function's meaning depends on, hashed exactly: its code, and whatever it reaches by globals, closures and defaults.

Two values with one digest behave alike. What cannot be hashed so, such as an object of an unknown type, raises.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from functools import cached_property, lru_cache, partial
from hashlib import sha256
from typing import Any

import numpy as np

from ...ir.graph import BackproofError
from ...runtime.primitive import Primitive
from .code import globals_of, is_of_the_compiler, parts_of
from .libraries import called_there, is_of_a_library, may_be_reached

ROOT = __name__.partition(".")[0]

_ATOMS = frozenset((type(None), bool, int, float, complex, str, bytes, type(Ellipsis), type(NotImplemented), range))

_CONTAINERS = (dict, list, set, frozenset, tuple, str, bytes, int, float, np.ndarray, BaseException)
"""What holds something beside attributes."""

_UNCHANGING = (tuple, frozenset, types.CodeType, Fraction)

KEPT_BY_LIBRARIES = frozenset({"__msgspec_cache__", "__slotnames__"})
"""What msgspec and pickle store in a class when they first meet it."""

_UNREAD = KEPT_BY_LIBRARIES | {"__dict__", "__doc__", "__module__", "__weakref__", "__annotations__", "__dataclass_fields__",
                               "__dataclass_params__", "__firstlineno__", "__static_attributes__"}  # fmt: skip
"""What a class holds beside its members. The defaults of a dataclass are those of its `__init__`."""

_PLACEHOLDERS = (types.MemberDescriptorType, types.GetSetDescriptorType)

_LONG = 1 << 16
"""Words above this many bytes are hashed at once; shorter ones together, which is faster."""


class NotKeyed(BackproofError):
    """Something that cannot be hashed exactly; work that depends on it is decided afresh and never recorded."""


def digest_of(value: Any) -> str:
    """The SHA-256 of a value and of everything that it reaches. Raises: NotKeyed."""
    return _Walk().digest(value)


def is_machinery(value: Any) -> bool:
    """Whether a function or class is one of spec/, ir/ or equivalence/ under its own name: these are hashed as a whole."""
    module = str(getattr(value, "__module__", ""))
    part = module.removeprefix(f"{ROOT}.").partition(".")[0]
    return module.startswith(f"{ROOT}.") and part in ("spec", "ir", "equivalence") and called_there(value) != ""


class _Walk:
    """One walk: what is met again is named by when it was met first, so that cycles end."""

    def __init__(self, *, keeps: bool = False) -> None:
        self._keeps = keeps
        self._hash = sha256()
        self._said: list[bytes] = []
        self._met: dict[int, tuple[int, Any]] = {}

    def digest(self, value: Any) -> str:
        self._visit(value)
        self._taken()
        return self._hash.hexdigest()

    def _say(self, *words: str | bytes) -> None:
        for word in words:
            said = word.encode("utf-8", "surrogatepass") if isinstance(word, str) else word
            self._said += (b"%d:" % len(said), said)
            if len(said) > _LONG and not self._keeps:
                self._taken()

    def said(self, what: str, values: Iterable[Any]) -> bytes:
        """All that is hashed of some values, of a walk that keeps it."""
        self._all(what, values)
        return b"".join(self._said)

    def _taken(self) -> None:
        self._hash.update(b"".join(self._said))
        self._said.clear()

    def _visit(self, value: Any) -> None:
        kind = type(value)
        if kind in _ATOMS:
            self._say(kind.__name__, repr(value))
            return
        if kind is tuple and _ATOMS.issuperset(map(type, value)):  # what code is made of: no two have one text
            self._say("atoms", repr(value))
            return
        # Not of what never changes: whether two equal tuples are one differs with how their module was loaded.
        if kind not in _UNCHANGING:
            if id(value) in self._met:
                self._say("again", str(self._met[id(value)][0]))
                return
            self._met[id(value)] = (len(self._met), value)
        visit = _VISITS.get(kind)
        if visit is not None:
            self._say(kind.__name__)
            visit(self, value)
        elif isinstance(value, type):
            self._class(value)
        elif isinstance(value, Enum):
            self._all("enum", (type(value), value.name, value.value))
        elif isinstance(value, np.generic) and not value.dtype.hasobject:
            self._say("numpy", kind.__name__, repr(value.dtype), value.tobytes())
        elif isinstance(value, np.dtype) and not value.hasobject:
            self._say("dtype", repr(value))
        elif is_dataclass(value):
            self._dataclass(value)
        else:
            self._library(value)

    def _all(self, what: str, values: Iterable[Any]) -> None:
        listed = list(values)
        self._say(what, str(len(listed)))
        for each in listed:
            self._visit(each)

    def _code(self, value: types.CodeType) -> None:
        self._said.append(_said_of_code(value))

    def _sequence(self, value: Any) -> None:
        self._all("items", value)

    def _set(self, value: Any) -> None:
        self._all("members", sorted(digest_of(each) for each in value))

    def _mapping(self, value: Mapping[Any, Any]) -> None:
        self._all("entries", (part for item in value.items() for part in item))

    def _slots(self, value: Any) -> None:
        self._all("slots", (part for name in sorted(type(value).__slots__) for part in (name, getattr(value, name))))

    def _function(self, value: Any) -> None:
        if is_machinery(value):
            self._named_machinery(value)
            return
        cells = [_content(cell) for cell in value.__closure__ or ()]
        annotations = {name: said for name, said in value.__annotations__.items() if isinstance(said, str)}
        self._all("function", (value.__code__, value.__defaults__, value.__kwdefaults__, annotations, vars(value)))
        self._all("closure", cells)
        try:
            for name, found in globals_of(value):
                self._say("global", name)
                self._visit(found)
        except LookupError as error:
            raise NotKeyed(f"{value.__qualname__} {error}") from error

    def _named_machinery(self, value: Any) -> None:
        # What these look up is another op's, and not hashed with them.
        looks_up = value.__name__ == "definition_of" or value.__module__.startswith(f"{ROOT}.equivalence")
        if looks_up and isinstance(value, types.FunctionType):
            raise NotKeyed(f"{value.__qualname__} was reached")
        self._say("machinery", value.__module__, value.__qualname__)

    def _class(self, value: type) -> None:
        if is_machinery(value):
            self._named_machinery(value)
        elif is_of_a_library(value):
            self._library(value)
        else:
            members = {name: each for name, each in sorted(vars(value).items()) if name not in _UNREAD}
            self._say("class", value.__qualname__)
            self._all("bases", (type(value), *value.__bases__))
            for name, each in members.items():
                self._say("member", name)
                if not isinstance(each, _PLACEHOLDERS):
                    self._visit(each)

    def _dataclass(self, value: Any) -> None:
        names = [field.name for field in fields(value)]
        if isinstance(value, _CONTAINERS) or not held_by(value) <= set(names):
            raise NotKeyed(f"a {type(value).__name__} with attributes of its own")
        self._visit(type(value))
        self._all("fields", (part for name in names for part in (name, getattr(value, name))))

    def _array(self, value: Any) -> None:
        if value.dtype.hasobject:
            raise NotKeyed("an array of objects")
        layout = (value.shape, value.strides, value.flags.writeable)
        self._all("array", (repr(value.dtype), layout, value.tobytes()))

    def _library(self, value: Any) -> None:
        if not may_be_reached(value):
            raise NotKeyed(f"{type(value).__name__} {getattr(value, '__qualname__', '')} was reached")
        self._say("library", called_there(value))


@lru_cache(maxsize=4096)
def _said_of_code(code: types.CodeType) -> bytes:
    """What is hashed of code, which never changes: the same on every walk. Raises: NotKeyed if it holds what may change."""
    if not all(map(is_of_the_compiler, code.co_consts)):
        raise NotKeyed(f"{code.co_qualname} has a constant that no compiler makes")
    return _Walk(keeps=True).said("parts", parts_of(code))


def held_by(value: Any) -> set[str]:
    """The names under which an instance may hold something."""
    slots = [getattr(kind, "__slots__", ()) for kind in type(value).__mro__]
    named = {name for each in slots for name in ([each] if isinstance(each, str) else each)}
    return (named | set(getattr(value, "__dict__", {}))) - {"__dict__", "__weakref__"}


def _content(cell: Any) -> Any:
    try:
        return ("cell", cell.cell_contents)
    except ValueError:
        return ("empty",)


def _parts(parts: Callable[[Any], Iterable[Any]]) -> Callable[[_Walk, Any], None]:
    return lambda walk, value: walk._all("parts", parts(value))


_VISITS: Mapping[type, Callable[[_Walk, Any], None]] = types.MappingProxyType(
    {
        tuple: _Walk._sequence,
        list: _Walk._sequence,
        set: _Walk._set,
        frozenset: _Walk._set,
        dict: _Walk._mapping,
        types.MappingProxyType: _Walk._mapping,
        types.FunctionType: _Walk._function,
        types.CodeType: _Walk._code,
        types.MethodType: _parts(lambda method: (method.__func__, method.__self__)),
        partial: _parts(lambda made: (made.func, made.args, made.keywords, vars(made))),
        staticmethod: _parts(lambda method: (method.__func__,)),
        classmethod: _parts(lambda method: (method.__func__,)),
        property: _parts(lambda made: (made.fget, made.fset, made.fdel)),
        cached_property: _parts(lambda made: (made.func, made.attrname)),
        Fraction: _parts(lambda number: (number.numerator, number.denominator)),
        slice: _parts(lambda made: (made.start, made.stop, made.step)),
        re.Pattern: _parts(lambda pattern: (pattern.pattern, pattern.flags)),
        np.ndarray: _Walk._array,
        Primitive: _Walk._slots,
    }
)
