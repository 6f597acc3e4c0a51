"""The numpy functions that kernels may use, on symbolic arrays. What is not here has no meaning at all sizes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from . import axes, boolean, elementwise, indexing, joining, layout, reduction, running, windows

_WORDS = (elementwise, axes, boolean, indexing, joining, layout, reduction, running, windows)

NUMPY: Mapping[str, Any] = MappingProxyType({name: word for module in _WORDS for name, word in module.WORDS.items()})
"""Each function under numpy's name for it."""

SPECIAL: Mapping[str, Any] = elementwise.SPECIAL
"""Each function under scipy.special's name for it."""
