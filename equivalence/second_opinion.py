"""Another solver's answers: to the questions on which proofs rest, and to claims in a form made without a normal form."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.metadata import version

from ..runtime.primitive import primitive_of
from ..spec.convention import CONVENTIONS
from .containment import contained
from .graphs.replay import exact_semantics
from .kernel.algebra.equalities import Equalities
from .kernel.scalars.mask import Unsupported
from .kernel.smtlib import ask_cvc5
from .kernel.verdict import Proved, Refuted, Unknown, Verdict
from .obligations import Decided, Obligation
from .rule_work import RuleWork
from .rules.claims import claim
from .rules.first_order import Question, questions
from .rules.instances import RuleInstance
from .rules.parts import Part
from .run import Plan, work_of
from .workers import workers

BUDGET = 2_000_000
"""What cvc5 may spend on a question that a proof rests on: hundreds of times what the slowest one of ours needs."""

CLAIM_BUDGET = 30_000
"""What it may spend on a question of a claim's own form. Units of both: its own resource count."""

FEW = 6
"""Unknown reals up to which cvc5 may decompose their space: that takes no account of the budget."""

SOLVER = f"cvc5 {version('cvc5')}"


class Ask(Enum):
    """Whether the solver is to be asked, or questions are only to be written."""

    YES = "ask"
    NO = "write"


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


@dataclass(frozen=True, slots=True)
class Form:
    """A claim in first-order form, a question for each of its equations, or the reason why it has none.

    `answers` are cvc5's, up to the first question that it does not find unsatisfiable.
    """

    id: str
    questions: tuple[Question, ...]
    left_out: str
    answers: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether cvc5 finds all questions unsatisfiable."""
        return 0 < len(self.questions) == len(self.answers) and set(self.answers) == {"unsat"}

    @property
    def counterexample(self) -> str:
        """The question in which cvc5 finds a model that is a counterexample, if it finds one."""
        return next((q.text for q, said in zip(self.questions, self.answers, strict=False) if said == "sat" and q.faithful), "")


def second_opinions(decided: Iterable[Decided]) -> tuple[Opinion, ...]:
    """Ask cvc5 what the proofs asked their solver; claims that asked nothing are left out."""
    ask = cache(ask_cvc5)  # many claims ask the same
    return tuple(
        Opinion(each.obligation.id, tuple((question, ask(question, BUDGET)) for question in asked))
        for each in decided
        if (asked := _asked(each.verdict))
    )


def forms_of(plan: Plan, ask: Ask, of: Container[str] | None = None) -> Iterator[Form]:
    """The form of every claim about a rule at an instance, made again from its kernels and its definition.

    With ids in `of`, those alone that a piece of work owes together with one of them.
    """
    pieces = [piece for piece in work_of(plan) if isinstance(piece, RuleWork)]
    if of is not None:
        pieces = [piece for piece in pieces if any(owed.id in of for owed in piece.owed())]
    with workers(plan.jobs, plan.rules) as executor:
        futures = [executor.submit(_forms, piece, plan.convention, ask) for piece in pieces]
        for piece, future in zip(pieces, futures, strict=True):
            yield from _result(piece, future)


def _result(piece: RuleWork, future: Future[tuple[Form, ...]]) -> tuple[Form, ...]:
    try:
        return future.result()
    except BrokenProcessPool:
        return tuple(Form(owed.id, (), "a worker process died", ()) for owed in piece.owed())


def _forms(piece: RuleWork, convention: str, ask: Ask) -> tuple[Form, ...]:
    parts = [part for part in Part if any(owed.id.endswith(f":{part}") for owed in piece.owed())]
    return tuple(_form(owed, piece.rule, part, convention, ask) for part, owed in zip(parts, piece.owed(), strict=False))


def _form(owed: Obligation, rule: RuleInstance, part: Part, convention: str, ask: Ask) -> Form:
    if rule.is_large:
        return Form(owed.id, (), "a large instance, decided at all sizes", ())

    def made() -> tuple[Question, ...] | str:
        instance = exact_semantics(CONVENTIONS[convention]).instance(rule.op, rule.shapes, rule.attributes)
        try:
            found = claim(part, owed.claim, instance, primitive_of(rule.op), ())
            return questions(found) if isinstance(found, Equalities) else "a claim about shapes alone"
        except Unsupported as unsupported:
            return str(unsupported)

    found = contained(made)
    if isinstance(found, tuple):
        return Form(owed.id, found, "", tuple(_answers(found)) if ask is Ask.YES else ())
    return Form(owed.id, (), f"crashed: {found.detail}" if isinstance(found, Unknown) else found, ())


def _answers(asked: Iterable[Question]) -> Iterator[str]:
    for question in asked:
        answer = _answer(question.text)
        yield answer
        if answer != "unsat":
            return


def _answer(question: str) -> str:
    """By lemmas within the budget; where unknowns are few, by decomposing their space too."""
    answer = ask_cvc5(question, CLAIM_BUDGET, {"nl-cov": "false"})
    undecided = answer not in ("sat", "unsat")
    return ask_cvc5(question, CLAIM_BUDGET) if undecided and question.count("(declare-const") <= FEW else answer


def smt2_texts(decided: Iterable[Decided], forms: Mapping[str, Form]) -> dict[str, str]:
    """By id, one SMT-LIB text for each claim with a first-order form, and what its proof asked a solver, each with its status."""
    texts = {}
    for each in decided:
        form = forms.get(each.obligation.id)
        asked = [*_own(each.verdict, form), *((question, "unsat") for question in _asked(each.verdict))]
        if asked:
            texts[each.obligation.id] = _text(each.obligation, asked)
    return texts


def _own(verdict: Verdict, form: Form | None) -> Iterator[tuple[str, str]]:
    """The questions of a claim's form. Of a false claim some question has a model: known which, if it is the only one."""
    for question in () if form is None else form.questions:
        only = isinstance(verdict, Refuted) and form is not None and len(form.questions) == 1
        yield question.text, "unsat" if isinstance(verdict, Proved) else "sat" if only else "unknown"


def _asked(verdict: Verdict) -> tuple[str, ...]:
    return verdict.proof.queries if isinstance(verdict, Proved) else ()


def _text(owed: Obligation, asked: Iterable[tuple[str, str]]) -> str:
    said = " ".join(f"{owed.id}: {owed.claim}".split())
    return f"; {said}\n" + "(reset)\n".join(f"(set-info :status {status})\n{question}" for question, status in asked)
