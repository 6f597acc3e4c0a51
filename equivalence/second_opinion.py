"""Another solver's answers to the questions on which proofs rest, and those questions as files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from .kernel.smtlib import ask_cvc5
from .kernel.verdict import Proved
from .obligations import Decided, Obligation

BUDGET = 2_000_000
"""What cvc5 may spend on one question: its own resource units, hundreds of times what the slowest one of ours needs."""

SOLVER = f"cvc5 {version('cvc5')}"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What cvc5 says of each question that a proved claim's proof rests on: unsat, as the proof says, sat or unknown."""

    id: str
    answers: tuple[tuple[str, str], ...]
    """Question and answer."""

    @property
    def agrees(self) -> bool:
        """Whether cvc5 decides every question as the proof does."""
        return all(answer == "unsat" for _question, answer in self.answers)


def second_opinions(decided: Iterable[Decided]) -> tuple[Opinion, ...]:
    """Ask cvc5 what the proofs asked their solver; claims that asked nothing are left out."""
    ask = cache(ask_cvc5)  # many claims ask the same
    return tuple(
        Opinion(each.obligation.id, tuple((question, ask(question, BUDGET)) for question in asked))
        for each in decided
        if (asked := _asked(each))
    )


def smt2_texts(decided: Iterable[Decided]) -> dict[str, str]:
    """By id, one SMT-LIB text for each proved claim that rests on a solver: its questions, each with its status."""
    return {each.obligation.id: _text(each.obligation, asked) for each in decided if (asked := _asked(each))}


def _asked(decided: Decided) -> tuple[str, ...]:
    return decided.verdict.proof.queries if isinstance(decided.verdict, Proved) else ()


def _text(owed: Obligation, questions: Iterable[str]) -> str:
    said = " ".join(f"{owed.id}: {owed.claim}".split())
    return f"; {said}\n" + "(reset)\n".join(f"(set-info :status unsat)\n{question}" for question in questions)
