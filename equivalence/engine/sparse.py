"""The lemmas about sparse sweeps, where None stands for zero, and about what recording puts on a tape.

A VJP that maps zero to zero is assumed of every node (the zero-preserving hypothesis), and that zero is a unit of +.
Each sparse step then does to the cotangents, with None read as zero, what the dense step does.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..kernel.lemma import Lemma
from .extract import ARITIES, Extraction
from .lemmas import CONSTANTS, EARLIER, NEXT, ON_TAPE
from .paths import State, Stretch
from .words import (
    LONGER_SUM,
    NONE_PRESENT,
    SHAPED_EMISSIONS,
    SHAPED_SUMS,
    SMALLER_IDS,
    ZERO_LEFT,
    ZERO_PRESERVED,
    ZERO_RIGHT,
    ZERO_SHAPE,
    Sweep,
    lemma,
)

READ = """(define-fun read ((entries Store) (present Places) (i Int)) Cotangent
  (ite (select present i) (select entries i) (zero (value_shape i))))"""
MORE = (
    READ,
    "(declare-const G Store)",
    "(declare-const inA Places)",
    "(declare-const inF Places)",
    "(declare-const inG Places)",
)
ZERO = (ZERO_SHAPE, ZERO_LEFT, ZERO_RIGHT)
SHAPED = "(forall ((j Int)) (=> (select inF j) (= (shape (select F j)) (value_shape j))))"
TARGET = "(target_of p k) (emitted p k (select A p))"


def sparse_lemmas(extraction: Extraction) -> dict[str, Lemma]:
    """The lemmas by name, each with the extracted code inside."""
    code = Sweep("sparse", ("entries", "present"), extraction.sparse).definitions()

    def about(statement: str, hypotheses: tuple[str, ...], goal: str) -> Lemma:
        return lemma(statement, (*CONSTANTS, *MORE, *code), hypotheses, goal)

    return {
        "sparse start": about(
            "the sparse sweep starts from the seed at the output and zero elsewhere, and visits as the dense one does",
            ("(and (<= 0 t) (< t size))", "(= (shape c) (value_shape t))", NONE_PRESENT),
            """(let ((first (sparse.sweep.sweeps.first p t c A)) (stop (sparse.sweep.sweeps.stop p t c A)))
              (and (not (sparse.sweep.refused p t c A)) (= (- 1) (sparse.sweep.sweeps.step p t c A))
                (= (and (<= i first) (< stop i)) (and (<= 0 i) (< i size)))
                (= (read (sparse.sweep.sweeps.entries p t c A) (sparse.sweep.sweeps.present p t c A) i)
                   (ite (= i t) c (zero (value_shape i))))
                (not (sparse.swept.refused F inF))
                (= (read F inF i)
                   (read (sparse.swept.returned.entries F inF) (sparse.swept.returned.present F inF) i))))""",
        ),
        "sparse visit": about(
            "a sparse visit skips what is None or frozen, and otherwise hands on the place's own cotangent",
            (ON_TAPE,),
            """(and (not (sparse.visit.refused A inA p)) (not (sparse.folded.refused F inF p A inA))
              (= (sparse.visit.emits.taken A inA p) (and (select inA p) (requires_grad p)))
              (=> (sparse.visit.emits.taken A inA p)
                  (and (= p (sparse.visit.emits.asked A inA p)) (= (select A p) (sparse.visit.emits.handed A inA p))
                    (= (read A inA i)
                       (read (sparse.visit.emits.entries A inA p) (sparse.visit.emits.present A inA p) i))))
              (=> (sparse.visit.visited.taken A inA p) (= (read A inA i)
                (read (sparse.visit.visited.entries A inA p) (sparse.visit.visited.present A inA p) i)))
              (= (read F inF i)
                 (read (sparse.folded.visited.entries F inF p A inA) (sparse.folded.visited.present F inF p A inA) i)))""",
        ),
        "sparse contribution": about(
            "with None read as zero, a sparse contribution is added as a dense one is",
            (ON_TAPE, EARLIER, "(= (shape c) (value_shape t))", SHAPED, *ZERO),
            """(and (not (sparse.contribution.refused F inF t c p A inA))
              (= (read (sparse.contribution.contributed.entries F inF t c p A inA)
                       (sparse.contribution.contributed.present F inF t c p A inA) i)
                 (ite (and (= i t) (requires_grad t)) (plus (read F inF t) c) (read F inF i))))""",
        ),
        "sparse fold": about(
            "after one more sparse contribution every value, with None read as zero, has a sum longer by that one",
            (ON_TAPE, NEXT, SMALLER_IDS, SHAPED_EMISSIONS, LONGER_SUM, SHAPED, *ZERO,
             "(= (shape (select A p)) (value_shape p))",
             "(= (read F inF i) (sum p (select A p) k i (read A inA i)))"),
            f"""(= (read (sparse.contribution.contributed.entries F inF {TARGET} p A inA)
                      (sparse.contribution.contributed.present F inF {TARGET} p A inA) i)
              (sum p (select A p) (+ k 1) i (read A inA i)))""",
        ),
        "zero fold": about(
            "a node that is handed zero adds nothing",
            (NEXT, LONGER_SUM, ZERO_PRESERVED, *ZERO, "(= (shape a) (value_shape i))",
             "(= (sum p (zero (value_shape p)) k i a) a)"),
            "(= (sum p (zero (value_shape p)) (+ k 1) i a) a)",
        ),
        "sparse node": about(
            "with None read as zero, a whole sparse visit is a dense visit: the induction of the dense sweep applies",
            (ON_TAPE,
             "(forall ((j Int)) (= (select V j) (read A inA j)))",
             "(forall ((j Int)) (= (read F inF j) (sum p (select A p) (count p) j (read A inA j))))",
             "(forall ((j Int)) (=> (<= p j) (= (read F inF j) (read A inA j))))",
             "(forall ((j Int)) (= (sum p (zero (value_shape p)) (count p) j (select V j)) (select V j)))",
             """(ite (sparse.visit.emits.taken A inA p)
               (and (= G (sparse.folded.visited.entries F inF p A inA)) (= inG (sparse.folded.visited.present F inF p A inA)))
               (and (= G (sparse.visit.visited.entries A inA p)) (= inG (sparse.visit.visited.present A inA p))))"""),
            """(= (read G inG i) (ite (and (requires_grad p) (< i p))
              (sum p (select V p) (count p) i (select V i)) (select V i)))""",
        ),
        "sparse shapes": about(
            "every cotangent that is there keeps the shape of its value",
            (ON_TAPE, EARLIER, "(= (shape c) (value_shape t))", SHAPED, SHAPED_SUMS),
            """(=> (select (sparse.contribution.contributed.present F inF t c p A inA) i)
              (= (shape (select (sparse.contribution.contributed.entries F inF t c p A inA) i)) (value_shape i)))""",
        ),
        "filled": lemma(
            "backward_dense_all is the sparse result with zeros for None",
            (*CONSTANTS, *MORE, "(declare-const place Int)",
             "(declare-const reached.entries Store)", "(declare-const reached.present Places)"),
            (),
            _all(_leads(stretch, "filled", ("(read reached.entries reached.present place)",))
                 for stretch in extraction.filled["sweep"]),
        ),
        "smaller ids": lemma(
            "a leaf emits nothing, and a recorded node one contribution to each of its parents, which have smaller ids",
            ("(declare-const place Int)",
             *(f"(declare-const parent_{position} Int)" for position in ARITIES),
             *(f"(declare-const emitted_{position} Cotangent)" for position in ARITIES)),
            (),
            _all((*(_leads(stretch, "recorded", ("size",)) for stretch in extraction.leaf["sweep"]),
                  *(_recorded(stretch, arity) for arity, stretches in enumerate(extraction.recorded)
                    for stretch in stretches["sweep"]))),
        ),
    }


def _recorded(stretch: Stretch, arity: int) -> str:
    """Parents that are on the tape are recorded and emitted to; others are refused."""
    on_tape = _all(f"(<= 0 parent_{position}) (< parent_{position} size)" for position in range(arity))
    if stretch.end == "refused":
        return f"(=> {_all(stretch.conditions)} (not {on_tape}))"
    emissions = (term for position in range(arity) for term in (f"parent_{position}", f"emitted_{position}"))
    return f"(and {_leads(stretch, 'recorded', ('size', *emissions))} (=> {_all(stretch.conditions)} {on_tape}))"


def _leads(stretch: Stretch, end: str, terms: State) -> str:
    """That the stretch, if its conditions hold, ends there with these terms."""
    if stretch.end != end or len(stretch.terms) != len(terms):
        return f"(not {_all(stretch.conditions)})"
    equal = _all(f"(= {came} {needed})" for came, needed in zip(stretch.terms, terms, strict=True))
    return f"(=> {_all(stretch.conditions)} {equal})"


def _all(facts: Iterable[str]) -> str:
    return f"(and true {' '.join(facts)})"
