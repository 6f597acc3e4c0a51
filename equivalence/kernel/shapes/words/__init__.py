"""The numpy functions that kernels may use, on symbolic arrays. What is not here has no meaning at all sizes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from . import axes, elementwise, indexing, joining, layout, reduction, windows

NUMPY: Mapping[str, Any] = MappingProxyType({**elementwise.WORDS, **axes.WORDS, **indexing.WORDS, **joining.WORDS, **layout.WORDS, **reduction.WORDS, **windows.WORDS})
"""Each function under numpy's name for it."""
