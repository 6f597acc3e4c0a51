"""Lemmas: one SMT-LIB text each, decided by z3 and decided again by cvc5."""

from __future__ import annotations

from dataclasses import dataclass

from .decision import DecidersDisagree, Decision, Fails, Holds, Open, UnknownReason
from .smtlib import ask_cvc5, script

BUDGET, CONSISTENCY_BUDGET = 200_000, 50_000
"""What a solver may spend on a lemma, and z3 on its hypotheses alone: resource units, the same on every machine."""


class SolversDisagree(DecidersDisagree):
    """One solver calls a lemma true and the other has a model against it; the message ends with the text."""


@dataclass(frozen=True, slots=True)
class Lemma:
    """The claim that the goal follows from the hypotheses, in SMT-LIB.

    `assumptions` are, in words, the hypotheses on what it is about; `trusts` is what makes it mean the statement.
    """

    statement: str
    declarations: tuple[str, ...]
    hypotheses: tuple[str, ...]
    goal: str
    assumptions: tuple[str, ...]
    trusts: tuple[str, ...]

    @property
    def script(self) -> str:
        """The text that is unsatisfiable exactly if the lemma is true."""
        return script("ALL", self.declarations, (*self.hypotheses, f"(not {self.goal})"))


def solve(question: str) -> tuple[str, str]:
    """What z3 and what cvc5 say of a text: unsat, sat, or why not. Raises: SolversDisagree."""
    answers = (_ask_z3(question, BUDGET), ask_cvc5(question, BUDGET))
    if set(answers) == {"sat", "unsat"}:
        raise SolversDisagree(f"z3 says {answers[0]} and cvc5 says {answers[1]} of\n{question}")
    return answers


def decide_lemma(claim: Lemma) -> Decision:
    """Hold only if both solvers say unsat and z3 does not find the hypotheses contradictory."""
    import cvc5
    import z3

    if _ask_z3(script("ALL", claim.declarations, claim.hypotheses), CONSISTENCY_BUDGET) == "unsat":
        return Open(UnknownReason.VACUOUS, "the hypotheses contradict each other")
    answers = solve(claim.script)
    if answers == ("unsat", "unsat"):
        solvers = (f"z3 {z3.get_version_string()}", f"cvc5 {cvc5.__version__}")
        return Holds("z3 and cvc5", (*solvers, *claim.trusts), claim.assumptions, (claim.script,))
    if "sat" in answers:
        return Fails({}, "there is a model in which the hypotheses hold and the goal does not")
    return Open(UnknownReason.GAVE_UP, f"z3 says {answers[0]}, cvc5 says {answers[1]}")


def _ask_z3(question: str, budget: int) -> str:
    import z3

    # A context of its own, so that the resources spent do not depend on what was asked before.
    solver = z3.Solver(ctx=z3.Context())
    solver.set("rlimit", budget)
    solver.from_string(question)
    return str(solver.check())
