"""Einstein's notation as others write it, in the form that ours takes: the output named, no ellipsis, no spaces."""

from __future__ import annotations

import string
from collections.abc import Sequence


def spelled_out(equation: str, ranks: Sequence[int]) -> str:
    """The same subscripts with a letter for each axis of operands of these ranks.

    The axes of an ellipsis are aligned at their last. An output that is not named has the ellipsis, then in order the
    letters that occur once.
    """
    left, arrow, right = equation.replace(" ", "").partition("->")
    free = [letter for letter in string.ascii_letters if letter not in equation]
    widths = [rank - len(word.replace("...", "")) for word, rank in zip(left.split(","), ranks, strict=True)]
    wide = "".join(free[: max(widths)])
    words = [word.replace("...", wide[len(wide) - n :]) for word, n in zip(left.split(","), widths, strict=True)]
    plain = left.replace("...", "").replace(",", "")
    once = "".join(sorted(letter for letter in set(plain) if plain.count(letter) == 1))
    return ",".join(words) + "->" + (right.replace("...", wide) if arrow else wide + once)
