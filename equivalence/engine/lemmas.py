"""The lemmas of the accumulation theorem, about the extracted code of the dense sweep.

`R m S` is the store after the sweep visited places m-1, ..., 0 from store S, and `B m S i` the recursion's cotangent of
value i in the graph of the first m values under seeds S. The theorem is R m S [i] = B m S i for 0 <= i < m and every
store S that is `shaped`: each entry has its value's shape.
"""

from __future__ import annotations

from ..kernel.lemma import Lemma
from .extract import Extraction
from .words import (
    ASSOCIATIVE,
    COMMUTATIVE,
    EMPTY_SUM,
    LONGER_SUM,
    SHAPED_EMISSIONS,
    SHAPED_SUMS,
    SMALLER_IDS,
    Sweep,
    lemma,
)

CONSTANTS = (
    *(f"(declare-const {name} Int)" for name in ("p", "k", "i", "m", "t")),
    *(f"(declare-const {name} Store)" for name in ("A", "F", "V", "Summed")),
    *(f"(declare-const {name} Cotangent)" for name in ("a", "b", "c")),
    "(declare-fun shaped (Store) Bool)",
    "(declare-fun R (Int Store) Store)",
    "(declare-fun B (Int Store Int) Cotangent)",
)

ON_TAPE = "(and (<= 0 p) (< p size))"
EARLIER = "(and (<= 0 t) (< t p))"
NEXT = "(and (<= 0 k) (< k (count p)))"
EMISSION = "(emitted p k (select A p))"
CONTRIBUTED = f"(dense.contribution.contributed.entries F (target_of p k) {EMISSION} p A)"
WHOLE_VISIT = """(= (select V {0}) (ite (and (requires_grad p) (< {0} p))
  (sum p (select A p) (count p) {0} (select A {0})) (select A {0})))"""
"""What a visit of place p to store A, leaving store V, does to value {0}."""
VISITS = (
    "(= p m)",
    f"(forall ((j Int)) {WHOLE_VISIT.format('j')})",
    "(= (R (+ m 1) A) (R m V))",
    "(shaped A)",
    "(shaped V)",
)
"""The sweep of m+1 places visits place m first, as lemma 'node' says, and then is the sweep of m places."""


def dense_lemmas(extraction: Extraction) -> dict[str, Lemma]:
    """The lemmas by name, each with the extracted code inside."""
    code = Sweep("dense", ("entries",), extraction.dense).definitions()

    def about(statement: str, hypotheses: tuple[str, ...], goal: str) -> Lemma:
        return lemma(statement, (*CONSTANTS, *code), hypotheses, goal)

    return {
        "contribution": about(
            "one contribution is added to the value it names, if that takes any, and nothing else changes",
            (ON_TAPE, EARLIER, "(=> (requires_grad t) (= (shape c) (value_shape t)))"),
            """(and (not (dense.contribution.refused F t c p A))
              (= (select (dense.contribution.contributed.entries F t c p A) i)
                (ite (and (= i t) (requires_grad t)) (plus (select F i) c) (select F i))))""",
        ),
        "visit": about(
            "a visit hands the place's own cotangent to the place's own node, and touches nothing before and after",
            (ON_TAPE, "(requires_grad p)"),
            """(and (dense.visit.emits.taken A p) (= p (dense.visit.emits.asked A p))
              (= (select A p) (dense.visit.emits.handed A p))
              (= (select A i) (select (dense.visit.emits.entries A p) i))
              (not (dense.folded.refused F p A))
              (= (select F i) (select (dense.folded.visited.entries F p A) i)))""",
        ),
        "frozen": about(
            "a frozen value emits nothing and takes nothing",
            (ON_TAPE, EARLIER, "(not (requires_grad p))", "(not (requires_grad t))"),
            """(and (dense.visit.visited.taken A p) (= (select A i) (select (dense.visit.visited.entries A p) i))
              (not (dense.contribution.refused F t c p A))
              (= (select F i) (select (dense.contribution.contributed.entries F t c p A) i)))""",
        ),
        "fold frame": about(
            "a node's contributions leave its own cotangent and all later ones as they are",
            (ON_TAPE, NEXT, SMALLER_IDS, SHAPED_EMISSIONS, "(= (shape (select A p)) (value_shape p))",
             "(<= p i)", "(= (select F i) (select A i))"),
            f"(= (select {CONTRIBUTED} i) (select A i))",
        ),
        "fold base": about(
            "before the first contribution every value has the empty sum added",
            (ON_TAPE, "(requires_grad p)", EMPTY_SUM),
            "(= (select (dense.visit.emits.entries A p) i) (sum p (select A p) 0 i (select A i)))",
        ),
        "fold step": about(
            "after one more contribution every value has a sum added that is longer by that contribution",
            (ON_TAPE, NEXT, SMALLER_IDS, SHAPED_EMISSIONS, LONGER_SUM, "(= (shape (select A p)) (value_shape p))",
             "(= (select F i) (sum p (select A p) k i (select A i)))"),
            f"""(and (not (dense.contribution.refused F (target_of p k) {EMISSION} p A))
              (= (select {CONTRIBUTED} i) (sum p (select A p) (+ k 1) i (select A i))))""",
        ),
        "shapes": about(
            "every cotangent keeps the shape of its value",
            (ON_TAPE, NEXT, SMALLER_IDS, SHAPED_EMISSIONS, SHAPED_SUMS, "(= (shape (select A p)) (value_shape p))",
             "(= (shape (select F i)) (value_shape i))"),
            f"(= (shape (select {CONTRIBUTED} i)) (value_shape i))",
        ),
        "node": about(
            "a whole visit adds the node's VJP to the earlier values and changes nothing else",
            (ON_TAPE,
             "(forall ((j Int)) (= (select F j) (sum p (select A p) (count p) j (select A j))))",
             "(forall ((j Int)) (=> (<= p j) (= (select F j) (select A j))))",
             """(= V (ite (dense.visit.emits.taken A p) (dense.folded.visited.entries F p A)
               (dense.visit.visited.entries A p)))"""),
            WHOLE_VISIT.format("i"),
        ),
        "order": about(
            "the sweep copies the seeds, visits every place once, from the last to the first, and returns the copy",
            ("(<= 0 size)", "(= length size)", "(=> (requires_grad p) (= (shape (select A p)) (value_shape p)))"),
            """(let ((first (dense.sweep.sweeps.first p t c A)) (stop (dense.sweep.sweeps.stop p t c A)))
              (and (not (dense.sweep.refused p t c A)) (= (- 1) (dense.sweep.sweeps.step p t c A))
                (= (and (<= i first) (< stop i)) (and (<= 0 i) (< i size)))
                (= (select A i) (select (dense.sweep.sweeps.entries p t c A) i))
                (not (dense.swept.refused F)) (= (select F i) (select (dense.swept.returned.entries F) i))))""",
        ),
        "frame": about(
            "visiting the first m+1 places leaves the cotangent of the last of them and of all later values as it is",
            (*VISITS, "(<= m i)",
             "(forall ((S Store) (j Int)) (=> (and (shaped S) (<= m j)) (= (select (R m S) j) (select S j))))"),
            "(= (select (R (+ m 1) A) i) (select A i))",
        ),
        "base": about(
            "visiting leaves, which emit nothing, leaves the seeds as they are",
            (*VISITS, "(= (count m) 0)", EMPTY_SUM,
             "(forall ((S Store) (j Int)) (=> (shaped S) (= (select (R m S) j) (select S j))))"),
            "(= (select (R (+ m 1) A) i) (select A i))",
        ),
        "step": about(
            "if the sweep is the recursion on the first m values, it is on the first m+1",
            (*VISITS, "(and (<= 0 i) (<= i m))",
             "(= (select (R (+ m 1) A) m) (select A m))",
             "(forall ((S Store) (j Int)) (=> (and (shaped S) (<= 0 j) (< j m)) (= (select (R m S) j) (B m S j))))",
             """(forall ((j Int)) (= (select Summed j) (ite (and (requires_grad m) (< j m))
               (sum m (select A m) (count m) j (select A j)) (select A j))))""",
             "(forall ((j Int)) (= (B (+ m 1) A j) (ite (= j m) (select A m) (B m Summed j))))"),
            "(= (select (R (+ m 1) A) i) (B (+ m 1) A i))",
        ),
        "regrouping": _regrouping(),
        "any order": about(
            "two contributions to one value may come in either order",
            (ASSOCIATIVE, COMMUTATIVE),
            "(= (plus (plus a b) c) (plus (plus a c) b))",
        ),
    }


def _regrouping() -> Lemma:
    meant = "(and (= (target_of p k) i) (requires_grad i))"
    return lemma(
        "adding a node's contributions one by one is adding their total: with + associative, context addition",
        (*CONSTANTS, "(declare-fun has (Int) Bool)", "(declare-fun total (Int) Cotangent)"),
        (
            ASSOCIATIVE,
            LONGER_SUM,
            "(<= 0 k)",
            f"(= (has (+ k 1)) (or (has k) {meant}))",
            f"""(= (total (+ k 1))
              (ite {meant} (ite (has k) (plus (total k) (emitted p k b)) (emitted p k b)) (total k)))""",
            "(= (sum p b k i a) (ite (has k) (plus a (total k)) a))",
        ),
        "(= (sum p b (+ k 1) i a) (ite (has (+ k 1)) (plus a (total (+ k 1))) a))",
    )
