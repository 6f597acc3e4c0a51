"""Words that have no meaning on arrays of any size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from backproof.equivalence.kernel.shapes.arrays import Array
from backproof.equivalence.kernel.shapes.atoms import entry
from backproof.equivalence.kernel.shapes.case import Case, Divide, Fork
from backproof.equivalence.kernel.shapes.kernels import symbolic
from backproof.equivalence.kernel.shapes.polynomial import Unsupported, indices


def times_refused(word: Callable[..., Any], first: Case, sides: Sequence[Any]) -> int:
    """In how many cases of sizes an array function is refused."""
    pending, refused = [first], 0
    while pending:
        case = pending.pop()
        try:
            result = symbolic(word, [Array(case, tuple(sides), lambda i: entry("a", i))], {})
            result.entry(indices(result.sides)[0])
        except Unsupported:
            refused += 1
        except Fork as fork:
            pending.extend(case.split(fork.guard))
        except Divide as asked:
            pending.append(case.divided(asked.dividend, asked.divisor))
    return refused
