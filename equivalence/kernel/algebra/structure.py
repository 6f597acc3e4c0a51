"""Signs that a term has by how it is made, whatever its variables are."""

from __future__ import annotations

from enum import IntEnum

from ..facts import Fact
from ..scalars.term import Term


class Least(IntEnum):
    """What is known of a term from below."""

    UNKNOWN = 0
    NONNEGATIVE = 1
    POSITIVE = 2


def is_positive(term: Term, facts: set[Fact]) -> bool:
    """Whether the term is > 0 wherever it has a value; the facts that this rests on are added."""
    used: set[Fact] = set()
    known: dict[int, Least] = {}
    stack = [term]
    while stack:
        top = stack[-1]
        missing = [each for each in top.arguments if each.serial not in known]
        stack.extend(missing)
        if not missing:
            known[stack.pop().serial] = _least(top, [known[each.serial] for each in top.arguments], used)
    if known[term.serial] is not Least.POSITIVE:
        return False
    facts |= used
    return True


def _least(term: Term, arguments: list[Least], used: set[Fact]) -> Least:
    match term.kind:
        case "number":
            return Least.POSITIVE if term.data > 0 else Least.NONNEGATIVE if term.data == 0 else Least.UNKNOWN
        case "add":
            return max(arguments) if min(arguments) else Least.UNKNOWN
        case "mul":
            return max(min(arguments), Least(term.arguments[0] is term.arguments[1]))
        case "div":
            return arguments[0] if arguments[1] is Least.POSITIVE else Least.UNKNOWN
        case "maximum":
            used.add(Fact.MAXIMUM_VALUE)
            return max(arguments)
        case "select":
            return min(arguments[1:])
        case "apply" if term.data == "sqrt":
            used.add(Fact.ROOT)
            return max(arguments[0], Least.NONNEGATIVE)
        case "apply":
            return _of_function(term, used)
    return Least.UNKNOWN


def _of_function(term: Term, used: set[Fact]) -> Least:
    if term.data == "exp":
        used.add(Fact.EXP_POSITIVE)
        return Least.POSITIVE
    (argument,) = term.arguments
    shifted = argument.kind == "add" and any(each.kind == "number" and each.data >= 1 for each in argument.arguments)
    if term.data == "log" and shifted:
        others = [each for each in argument.arguments if each.kind != "number"]
        if others and all(is_positive(each, used) for each in others):
            used.add(Fact.LOG_POSITIVE)
            return Least.POSITIVE
    return Least.UNKNOWN
