"""numpy functions that make and reduce masks."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ..arrays import Array
from ..axes import axes_of
from ..booleans import Flags, any_along_rows
from ..naturals import Opaque
from ..polynomial import refuse
from ..rows import listed

_BOOL = Opaque()


def _any(x: Any, axis: Any, *, keepdims: bool) -> Array:
    if not isinstance(x, Array) or axes_of(axis, x.ndim) != [x.ndim - 1] or keepdims is not True:
        refuse("any along something that is not the last axis, or that is dropped")
    return any_along_rows(x)


def _array(values: Any, dtype: Any) -> Any:
    return values if isinstance(values, Flags) and dtype is _BOOL else listed(values, dtype)


WORDS: Mapping[str, Any] = MappingProxyType({"any": _any, "array": _array, "bool_": _BOOL})
"""Each function under numpy's name for it."""
