"""A fault in the checker, what is to catch it, and the wrong rule that it might let by."""

from __future__ import annotations

from dataclasses import dataclass

from .edits import Edit

ABOVE_30 = """\
import numpy as np
from backproof import primitive_of

right = primitive_of({op!r}).vjp_kernel

@primitive_of({op!r}).vjp
def wrong(y_bar, y, x, *others, **attributes):
    first, *rest = right(y_bar, y, x, *others, **attributes)
    return (first + np.where(x > 30, first, 0), *rest)
"""
"""Twice the first cotangent where x > 30: farther out than any point at which rules are tried."""

UNDEFINED_AT_30 = """\
from backproof import primitive_of

right = primitive_of({op!r}).vjp_kernel

@primitive_of({op!r}).vjp
def wrong(y_bar, y, x, *others, **attributes):
    first, *rest = right(y_bar, y, x, *others, **attributes)
    return (first + 0 / (x - 30), *rest)
"""
"""Right but at x = 30, where it has no value."""

DECIDED_AT_30 = """\
from backproof import primitive_of

right = primitive_of({op!r}).vjp_kernel

@primitive_of({op!r}).vjp
def wrong(y_bar, y, x, *others, **attributes):
    first, *rest = right(y_bar, y, x, *others, **attributes)
    if x.size and x.reshape(x.size)[0] > 30:
        first = first * 2
    return (first, *rest)
"""
"""Wrong on one of two ways through the kernel, which no point takes."""

AT_KINKS = """\
import numpy as np
from backproof import primitive_of

@primitive_of({op!r}).vjp
def wrong(y_bar, y, x):
    return (np.where(x == 0, 7 * y_bar, np.where(x > 0, y_bar, 0)),)
"""
"""Wrong at x = 0 alone."""

BELOW_0 = """\
import numpy as np
from backproof import primitive_of

right = primitive_of({op!r}).vjp_kernel

@primitive_of({op!r}).vjp
def wrong(y_bar, y, x, *others, **attributes):
    first, *rest = right(y_bar, y, x, *others, **attributes)
    return (first + np.where(x < 0, first, 0), *rest)
"""
"""Twice the first cotangent where x < 0."""


@dataclass(frozen=True, slots=True)
class WrongJudge:
    """An edit by which a judge of the project judges wrongly: in a file of the package, new text in place of old.

    `tests` are those of the suite that catch it where `check` of the right rules of `op` does not; then `wrong_rule` is
    one that might pass.
    """

    id: str
    op: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...] = ()
    wrong_rule: str = ""

    @property
    def edit(self) -> Edit:
        """The edit."""
        return Edit(self.file, self.old, self.new)
