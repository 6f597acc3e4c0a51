"""Questions as SMT-LIB text, which every solver reads alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType


def script(logic: str, declarations: Sequence[str], asserted: Sequence[str]) -> str:
    """The question whether the asserted facts can hold together."""
    facts = (f"(assert {fact})" for fact in asserted)
    return "\n".join([f"(set-logic {logic})", *declarations, *facts, "(check-sat)\n"])


def applied(operator: str, operands: Sequence[str], neutral: str) -> str:
    """The operator on any number of operands; SMT-LIB's own take two or more."""
    return f"({operator} {' '.join(operands)})" if len(operands) > 1 else operands[0] if operands else neutral


def rational(numerator: int, denominator: int) -> str:
    """A real constant; the denominator is positive."""
    top = f"{numerator}.0" if numerator >= 0 else f"(- {-numerator}.0)"
    return top if denominator == 1 else f"(/ {top} {denominator}.0)"


def ask_cvc5(question: str, budget: int, options: Mapping[str, str] = MappingProxyType({})) -> str:
    """What cvc5 says: sat, unsat or unknown. Units: its own resource count, the same on every machine."""
    import cvc5

    solver = cvc5.Solver(cvc5.TermManager())
    for name, value in {"rlimit": str(budget), **options}.items():
        solver.setOption(name, value)
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, question, "question")
    answer = ""
    while not (command := parser.nextCommand()).isNull():
        answer += command.invoke(solver, parser.getSymbolManager()).strip()
    return answer
