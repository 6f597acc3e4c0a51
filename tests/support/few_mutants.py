"""Mutants judged by a few small instances, and those of the loop by a few small graphs: a program of its own, for tests may
run where threads forbid to fork, and a mutant may take all the memory that there is.
"""

from __future__ import annotations

import ast
import math
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import partial
from types import FunctionType
from typing import Any

import flint
import msgspec
from backproof.equivalence.engine.theorem import engine_verdict
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.graphs.two_runs import two_runs
from backproof.equivalence.kernel.numbers.exact import Exact
from backproof.equivalence.kernel.scalars.array import array_of, entries_of
from backproof.equivalence.kernel.verdict import Proved, Refuted, Tested
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import RuleInstance, instances
from backproof.equivalence.rules.parts import Part
from backproof.faults.children import Answer, Limits, answers
from backproof.faults.fault import Outcome
from backproof.faults.mutants.draw import Mutant, drawn_mutants, every_mutant
from backproof.ir.graph import Graph, Leaf, Node
from backproof.runtime.primitive import PRIMITIVES
from backproof.runtime.tape import Tape
from backproof.spec.definition import DEFINITIONS

MOST_ENTRIES = 12
"""Of the instances of an op the small ones, so that a hundred mutants take seconds."""

LOOP = (Tape.propagate, Tape.accumulate, Tape.backward_dense_from, Tape.backward_dense, Tape.refresh)

GRAPHS = (
    Graph((Leaf(()), Leaf(())), (Node("mul", (0, 1), ()), Node("mul", (2, 2), ()), Node("add", (2, 3), ()))),
    Graph((Leaf(()),), (Node("mul", (0, 0), ()), Node("mul", (0, 1), ()))),
    Graph((Leaf(()), Leaf((), requires_grad=False)), (Node("mul", (0, 1), ()), Node("add", (0, 2), ()))),
)


@contextmanager
def planted(mutant: Mutant) -> Iterator[None]:
    function = mutant.site.function
    shipped = function.__code__
    function.__code__ = mutant.code()
    try:
        yield
    finally:
        function.__code__ = shipped


def few(op: str) -> list[RuleInstance]:
    """Small instances of an op, one without entries at most."""
    chosen: list[RuleInstance] = []
    for rule in instances(op):
        sizes = [math.prod(shape) for shape in rule.shapes]
        if max([0, *sizes]) <= MOST_ENTRIES and (0 not in sizes or not chosen):
            chosen.append(rule)
    return chosen


def on_instances(mutant: Mutant) -> Outcome:
    """What the checker says of a kernel at small instances; one that nothing tells from the original is equivalent."""
    (op,) = mutant.site.ops
    met = True
    with planted(mutant):
        for rule in few(op):
            check = RuleCheck(rule, exact_semantics())
            for part in Part:
                verdict = check.verdict(part)
                if isinstance(verdict, Refuted):
                    return Outcome.REFUTED
                met = met and isinstance(verdict, Proved)
    if not met:
        return Outcome.REJECTED
    return Outcome.EQUIVALENT if all(agree(mutant, rule) for rule in few(op)) else Outcome.SURVIVED


def agree(mutant: Mutant, rule: RuleInstance) -> bool:
    """Whether mutant and original give the same exact numbers at points of the domain, ties and zeros among them."""
    shipped = results(rule)
    with planted(mutant):
        return not any(a.differs(b) for a, b in zip(shipped, results(rule), strict=True))


def results(rule: RuleInstance) -> list[Exact]:
    """What all kernels of an op give at twenty points."""
    stream = random.Random(rule.key)
    values = [Fraction(n, 4) for n in range(-4, 9)] if DEFINITIONS[rule.op].domain_text == "ℝ" else [Fraction(1, 2), 1, 3]
    entry, found = PRIMITIVES[rule.op], []

    def drawn(shape: tuple[int, ...]) -> Any:
        return array_of(shape, [Exact.of(stream.choice(values)) for _ in range(math.prod(shape))])

    with flint.ctx.workprec(256):
        for _ in range(20):
            inputs = [drawn(shape) for shape in rule.shapes]
            y = entry.forward_kernel(*inputs, **rule.attributes)
            *x_dot, y_bar = [drawn(x.shape) for x in (*inputs, y)]
            found += flat(entry.vjp_kernel(y_bar, y, *inputs, **rule.attributes))
            found += flat((y, entry.jvp_kernel(*x_dot, y, *inputs, **rule.attributes)))
    return found


def flat(arrays: tuple[Any, ...]) -> list[Exact]:
    return [Exact.of(entry) for array in arrays for entry in entries_of(array)]


def on_graphs(mutant: Mutant) -> Outcome:
    """What the checker says of a loop at small graphs."""
    function = mutant.site.function
    method = FunctionType(mutant.code(), function.__globals__, function.__name__, function.__defaults__)
    tape = type("Mine", (Tape,), {function.__name__: method})
    said = [two_runs(tape, exact_semantics()), *(engine_verdict(graph, tape) for graph in GRAPHS)]
    green = all(isinstance(verdict, Proved | Tested) for verdict in said)
    return Outcome.SURVIVED if green else Outcome.REFUTED


def loop_mutants() -> list[Mutant]:
    """Every change of the loop that changes its text."""
    own = (mutant for mutant in every_mutant() if mutant.site.function in LOOP)
    return [mutant for mutant in own if mutant.text() != ast.unparse(mutant.tree)]


def question(mutant: Mutant) -> Answer:
    judge = on_graphs if mutant.site.function in LOOP else on_instances
    return Answer(judge(mutant), "", None)


if __name__ == "__main__":
    sample, seed = map(int, sys.argv[1:])
    alone = [mutant for mutant in drawn_mutants(2 * sample, seed) if len(mutant.site.ops) == 1][:sample]
    asked = [*alone, *loop_mutants()]
    came = answers([partial(question, mutant) for mutant in asked], 2, Limits(processor=30, memory=3 << 30))
    said = {asked[each.place].id: (asked[each.place].site.ops, each.answer.outcome) for each in came}
    sys.stdout.buffer.write(msgspec.json.encode(said))
