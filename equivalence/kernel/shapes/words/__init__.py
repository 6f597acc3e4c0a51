"""The numpy functions that kernels may use, on symbolic arrays. What is not here has no meaning at all sizes."""

from __future__ import annotations

from ..known import Known, Word
from . import axes, boolean, elementwise, indexing, joining, layout, reduction, running, windows

_WORDS = (elementwise, axes, boolean, indexing, joining, layout, reduction, running, windows)

NUMPY = Known({n: Word(w) if callable(w) else w for each in _WORDS for n, w in each.WORDS.items()})
"""Each function under numpy's name for it."""

SPECIAL = Known({n: Word(w) for n, w in elementwise.SPECIAL.items()})
"""Each function under scipy.special's name for it."""
