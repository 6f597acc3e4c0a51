"""The SMT-LIB words that the lemmas share: sorts, what is assumed of a tape, and the extracted code as functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ..kernel.lemma import Lemma
from .extract import Stretches
from .paths import Stretch, Unextractable

DECLARATIONS = (
    "(declare-sort Cotangent 0)",
    "(declare-sort Shape 0)",
    "(define-sort Store () (Array Int Cotangent))",
    "(define-sort Places () (Array Int Bool))",
    "(declare-fun plus (Cotangent Cotangent) Cotangent)",
    "(declare-fun zero (Shape) Cotangent)",
    "(declare-fun shape (Cotangent) Shape)",
    "(declare-const size Int)",
    "(declare-const length Int)",
    "(declare-const nothing Cotangent)",
    "(declare-const unset Store)",
    "(declare-const absent Places)",
    "(declare-fun value_shape (Int) Shape)",
    "(declare-fun requires_grad (Int) Bool)",
    "(declare-fun count (Int) Int)",
    "(declare-fun target_of (Int Int) Int)",
    "(declare-fun emitted (Int Int Cotangent) Cotangent)",
    "(declare-fun sum (Int Cotangent Int Int Cotangent) Cotangent)",
)
"""`emitted p k c` is contribution k that node p emits when handed c, `target_of p k` the id that it names, `count p` how
many there are; `sum p c k i a` is a plus those of the first k that are meant for value i."""

SMALLER_IDS = """(forall ((p Int) (k Int)) (=> (and (<= 0 k) (< k (count p)))
  (and (<= 0 (target_of p k)) (< (target_of p k) p))))"""
SHAPED_EMISSIONS = """(forall ((p Int) (k Int) (c Cotangent))
  (=> (and (<= 0 k) (< k (count p)) (= (shape c) (value_shape p)))
      (= (shape (emitted p k c)) (value_shape (target_of p k)))))"""
SHAPED_SUMS = """(forall ((a Cotangent) (b Cotangent)) (=> (= (shape a) (shape b)) (= (shape (plus a b)) (shape a))))"""
EMPTY_SUM = "(forall ((p Int) (c Cotangent) (i Int) (a Cotangent)) (= (sum p c 0 i a) a))"
LONGER_SUM = """(forall ((p Int) (c Cotangent) (k Int) (i Int) (a Cotangent)) (=> (<= 0 k)
  (= (sum p c (+ k 1) i a)
     (ite (and (= (target_of p k) i) (requires_grad i)) (plus (sum p c k i a) (emitted p k c)) (sum p c k i a)))))"""
ZERO_SHAPE = "(forall ((s Shape)) (= (shape (zero s)) s))"
ZERO_LEFT = "(forall ((c Cotangent)) (= (plus (zero (shape c)) c) c))"
ZERO_RIGHT = "(forall ((c Cotangent)) (= (plus c (zero (shape c))) c))"
ZERO_PRESERVED = """(forall ((p Int) (k Int)) (=> (and (<= 0 k) (< k (count p)))
  (= (emitted p k (zero (value_shape p))) (zero (value_shape (target_of p k))))))"""
ASSOCIATIVE = "(forall ((a Cotangent) (b Cotangent) (c Cotangent)) (= (plus (plus a b) c) (plus a (plus b c))))"
NONE_PRESENT = "(forall ((i Int)) (not (select absent i)))"
COMMUTATIVE = "(forall ((a Cotangent) (b Cotangent)) (= (plus a b) (plus b a)))"

AXIOMS = MappingProxyType(
    {
        SMALLER_IDS: "a node emits to smaller ids than its own",
        SHAPED_EMISSIONS: "what a node emits has the shape of the value it is meant for",
        SHAPED_SUMS: "a sum has the shape of its summands",
        ZERO_LEFT: "0 + c = c",
        ZERO_RIGHT: "c + 0 = c",
        ZERO_PRESERVED: "every VJP maps zero to zero",
        ASSOCIATIVE: "+ is associative",
        COMMUTATIVE: "+ is commutative",
    }
)
"""What is assumed of tapes and of +, in words."""


def lemma(statement: str, declarations: tuple[str, ...], hypotheses: tuple[str, ...], goal: str) -> Lemma:
    """A lemma of the theorem, its assumptions put into words."""
    assumptions = tuple(AXIOMS[fact] for fact in hypotheses if fact in AXIOMS)
    return Lemma(statement, (*DECLARATIONS, *declarations), hypotheses, goal, assumptions, TRUSTS)


TRUSTS = (
    "induction over the values of a tape and over the contributions of a node",
    "the sweep's code, executed symbolically: docs/theorem.md",
)

Parameters = tuple[tuple[str, str], ...]
"""Names with their sorts."""

_SORTS = {"entries": "Store", "present": "Places"}
_GIVEN: Mapping[str, Parameters] = {
    "sweep": (("place", "Int"), ("out", "Int"), ("seed", "Cotangent"), ("seeds", "Store")),
    "visit": (("place", "Int"),),
    "contribution": (("target", "Int"), ("contribution", "Cotangent")),
    "folded": (),
    "swept": (),
}
_ENDS: Mapping[str, Mapping[str, Parameters]] = {
    "sweep": {"sweeps": (("first", "Int"), ("stop", "Int"), ("step", "Int"))},
    "visit": {"emits": (("asked", "Int"), ("handed", "Cotangent")), "visited": ()},
    "contribution": {"contributed": ()},
    "folded": {"visited": ()},
    "swept": {"returned": ()},
}
_DEFAULTS = {"Int": "0", "Cotangent": "nothing", "Store": "unset", "Places": "absent"}


@dataclass(frozen=True, slots=True)
class Sweep:
    """An extracted sweep as SMT-LIB functions named `sweep.stretch.end.part`.

    Beside the parts of the state (`entries`, `present`) and the terms at a cut, `taken` tells whether the stretch ends
    there, and `sweep.stretch.refused` whether it ends nowhere that a sweep should. Arguments are the state that the
    stretch starts from, its own terms, and inside a visit the place and the state that the visit starts from.
    """

    name: str
    parts: tuple[str, ...]
    stretches: Stretches

    def definitions(self) -> tuple[str, ...]:
        """One function for everything that a stretch does."""
        return tuple(line for start in _ENDS for line in self._of(start))

    def _of(self, start: str) -> Iterable[str]:
        known = (*self._state(start), *_GIVEN[start])
        if start in ("contribution", "folded"):
            known = (*known, *_GIVEN["visit"], *self._state("visit"))
        parameters = " ".join(f"({name} {sort})" for name, sort in known)
        stretches = self.stretches.get(start, ())
        _check_words(stretches, {name for name, _sort in known})
        refused = [stretch for stretch in stretches if stretch.end not in _ENDS[start]]
        yield f"(define-fun {self.name}.{start}.refused ({parameters}) Bool {_any(refused)})"
        for end, terms in _ENDS[start].items():
            here = [stretch for stretch in stretches if stretch.end == end]
            yield f"(define-fun {self.name}.{start}.{end}.taken ({parameters}) Bool {_any(here)})"
            results = (*((part, _SORTS[part]) for part in self.parts), *terms)
            for position, (part, sort) in enumerate(results):
                cases = [(_all(stretch), (*stretch.state, *stretch.terms)[position]) for stretch in here]
                yield f"(define-fun {self.name}.{start}.{end}.{part} ({parameters}) {sort} {_cases(cases, sort)})"

    def _state(self, start: str) -> Parameters:
        return () if start == "sweep" else tuple((f"{start}.{part}", _SORTS[part]) for part in self.parts)


def _check_words(stretches: Iterable[Stretch], known: set[str]) -> None:
    """Refuse a stretch that speaks of another's terms, such as the last contribution of a loop that is over.

    Raises: Unextractable.
    """
    declared = set(re.findall(r"[a-z_.]+", " ".join(DECLARATIONS)))
    for stretch in stretches:
        results = (*stretch.state, *stretch.terms) if stretch.end in _ENDS[stretch.start] else ()
        strange = set(re.findall(r"[a-z_.]+", " ".join((*stretch.conditions, *results)))) - known - declared - _LOGIC
        if strange:
            raise Unextractable(f"the {stretch.start} stretch uses {', '.join(sorted(strange))}")


_LOGIC = frozenset({"distinct", "not", "select", "store", "true"})


def _any(stretches: list[Stretch]) -> str:
    return f"(or false {' '.join(map(_all, stretches))})"


def _all(stretch: Stretch) -> str:
    return f"(and true {' '.join(stretch.conditions)})"


def _cases(cases: list[tuple[str, str]], sort: str) -> str:
    text = _DEFAULTS[sort]
    for condition, value in reversed(cases):
        text = f"(ite {condition} {value} {text})"
    return text
