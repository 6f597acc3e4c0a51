"""The checker's own strength: of a hundred mutants of the shipped kernels and of the reverse loop, none is green.

A mutant counts as equivalent only if it agrees with the original, part by part and as exact numbers, at points that the
checker does not use; everything else that is not refuted must at least be unknown.
"""

from __future__ import annotations

import ast
import inspect
import itertools
import math
import random
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
import pytest
from backproof.equivalence.engine.theorem import engine_verdict
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.graphs.two_runs import two_runs
from backproof.equivalence.kernel import verdict as verdicts
from backproof.equivalence.kernel.numbers.exact import Exact
from backproof.equivalence.kernel.scalars.array import array_of, entries_of
from backproof.equivalence.kernel.verdict import Proved, Refuted
from backproof.equivalence.rules.claims import Part
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import RuleInstance, instances
from backproof.ir.graph import Graph, Leaf, Node
from backproof.runtime.primitive import PRIMITIVES
from backproof.runtime.tape import Tape
from backproof.spec.definition import DEFINITIONS

SAMPLE = 110
"""Mutants of kernels; those of the loop come on top, all of them."""

SEED = 2
"""The sample is the same on every run."""

MOST_ENTRIES = 12
"""Of the instances of an op the small ones, so that a hundred mutants take seconds."""

SWAPS: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div, ast.Add), ast.Div: (ast.Mult,), ast.BitAnd: (ast.BitOr,),
    ast.Gt: (ast.GtE, ast.Lt), ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt,), ast.Is: (ast.IsNot,), ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}

Edit = tuple[str, Callable[[], None]]


def edits(tree: ast.AST) -> Iterator[Edit]:
    """Every small fault that the code can be given, as its name and the change of the tree that makes it."""
    for node in computing(tree):
        yield from node_edits(node)
        for field, value in ast.iter_fields(node):
            for place, child in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(child, ast.expr) and field != "annotation":
                    for name, new in replacements(child):
                        yield f"{name} at {ast.unparse(child)}", lambda n=node, f=field, p=place, v=new: put(n, f, p, v)


def computing(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those of error messages and annotations."""
    yield tree
    for child in [tree.value] if isinstance(tree, ast.AnnAssign) else ast.iter_child_nodes(tree):
        if not isinstance(child, (ast.Raise, ast.arguments)):
            yield from computing(child)


def put(node: ast.AST, field: str, place: int, value: ast.expr) -> None:
    held = getattr(node, field)
    setattr(node, field, [*held[:place], value, *held[place + 1 :]] if isinstance(held, list) else value)


def node_edits(node: ast.AST) -> Iterator[Edit]:
    match node:
        case ast.BinOp(op=operator):
            for kind in SWAPS.get(type(operator), ()):
                yield f"{kind.__name__} in {ast.unparse(node)}", lambda k=kind: setattr(node, "op", k())
            if isinstance(operator, (ast.Sub, ast.Div, ast.MatMult)):
                yield f"swap {ast.unparse(node)}", lambda: node.__dict__.update(left=node.right, right=node.left)
        case ast.Compare(ops=[operator]):
            for kind in SWAPS.get(type(operator), ()):
                yield f"{kind.__name__} in {ast.unparse(node)}", lambda k=kind: setattr(node, "ops", [k()])
        case ast.Call(args=arguments, keywords=keywords):
            for i in range(len(arguments) - 1):
                yield f"arguments {i} of {ast.unparse(node)}", lambda i=i: arguments.insert(i, arguments.pop(i + 1))
            for keyword in keywords:
                yield f"no {keyword.arg} in {ast.unparse(node)}", lambda k=keyword: keywords.remove(k)
        case ast.Tuple(elts=[_, _] as parts, ctx=ast.Load()):
            yield f"swap {ast.unparse(node)}", parts.reverse


def replacements(child: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    match child:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            yield "constant", ast.Constant(number + 1)
            if number:
                yield "relative 1e-9", ast.Constant(number * (1 + 1e-9))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield "sign dropped", operand
        case ast.Attribute(value=inner, attr="T"):
            yield "transpose dropped", inner
        case ast.BinOp():
            yield "negated", ast.UnaryOp(ast.USub(), child)
            yield "left side alone", child.left
            yield "right side alone", child.right


def source_of(function: Any) -> ast.Module:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    vars(tree.body[0]).update(decorator_list=[], returns=None)
    return tree


def mutated(function: Any, place: int) -> tuple[str, Any]:
    """The function with its edit number `place`, and what that is."""
    tree = source_of(function)
    name, change = next(itertools.islice(edits(tree.body[0]), place, None))
    change()
    space = dict(vars(inspect.getmodule(function)))
    exec(compile(ast.fix_missing_locations(tree), name, "exec"), space)  # noqa: S102 - a mutant is code
    return name, space[function.__name__]


@dataclass(frozen=True)
class Mutant:
    op: str
    slot: str
    place: int


def kernel_mutants() -> list[Mutant]:
    found = [
        Mutant(op, slot, place)
        for op, entry in sorted(PRIMITIVES.items())
        for slot in ("forward_kernel", "vjp_kernel", "jvp_kernel")
        for place in range(sum(1 for _ in edits(source_of(getattr(entry, slot)).body[0])))
    ]
    random.Random(SEED).shuffle(found)
    return found


def few(op: str) -> list[RuleInstance]:
    """Small instances of an op, one without entries at most."""
    chosen: list[RuleInstance] = []
    for rule in instances(op):
        sizes = [math.prod(shape) for shape in rule.shapes]
        if max([0, *sizes]) <= MOST_ENTRIES and (0 not in sizes or not chosen):
            chosen.append(rule)
    return chosen


def verdict_on(mutant: Mutant, original: Any, kernel: Any) -> str:
    """What the checker says: refuted, unknown, equivalent, or green, which nothing may be."""
    setattr(PRIMITIVES[mutant.op], mutant.slot, kernel)
    try:
        found = {"proved"}
        for rule in few(mutant.op):
            check = RuleCheck(rule, exact_semantics())
            for part in Part:
                verdict = check.verdict(part)
                if isinstance(verdict, Refuted):
                    return "refuted"
                found.add("proved" if isinstance(verdict, Proved) else "unknown")
    finally:
        setattr(PRIMITIVES[mutant.op], mutant.slot, original)
    if "unknown" in found:
        return "unknown"
    return "equivalent" if all(agree(mutant, rule, original, kernel) for rule in few(mutant.op)) else "green"


def agree(mutant: Mutant, rule: RuleInstance, original: Any, kernel: Any) -> bool:
    """Whether two kernels give the same exact numbers at points of the domain, ties and zeros among them."""
    stream = random.Random(f"{mutant} {rule.key}")
    values = [Fraction(n, 4) for n in range(-4, 9)] if DEFINITIONS[mutant.op].domain_text == "ℝ" else [Fraction(1, 2), 1, 3]

    def drawn(shape: tuple[int, ...]) -> Any:
        return array_of(shape, [Exact.of(stream.choice(values)) for _ in range(math.prod(shape))])

    with flint.ctx.workprec(256):
        for _ in range(20):
            inputs = [drawn(shape) for shape in rule.shapes]
            y = PRIMITIVES[mutant.op].forward_kernel(*inputs, **rule.attributes)
            others = [drawn(x.shape) for x in (*inputs, y)]
            before = {"forward_kernel": [], "vjp_kernel": [others[-1], y], "jvp_kernel": [*others[:-1], y]}[mutant.slot]
            pair = [flat(run(*before, *inputs, **rule.attributes)) for run in (original, kernel)]
            if any(a.differs(b) for a, b in zip(*pair, strict=True)):
                return False
    return True


def flat(result: Any) -> list[Exact]:
    arrays = result if isinstance(result, tuple) else (result,)
    return [Exact.of(entry) for array in arrays for entry in entries_of(array)]


def test_no_mutant_of_a_kernel_is_green() -> None:
    said = {}
    for mutant in kernel_mutants()[:SAMPLE]:
        original = getattr(PRIMITIVES[mutant.op], mutant.slot)
        name, kernel = mutated(original, mutant.place)
        said[f"{mutant.op} {mutant.slot}, {mutant.place}: {name}"] = verdict_on(mutant, original, kernel)
    assert [] == [name for name, verdict in said.items() if verdict == "green"]
    counts = Counter(said.values())
    assert counts.total() == SAMPLE
    assert counts["refuted"] >= 0.7 * SAMPLE
    assert counts["equivalent"] <= 0.1 * SAMPLE


GRAPHS = (
    Graph((Leaf(()), Leaf(())), (Node("mul", (0, 1), ()), Node("mul", (2, 2), ()), Node("add", (2, 3), ()))),
    Graph((Leaf(()),), (Node("mul", (0, 0), ()), Node("mul", (0, 1), ()))),
    Graph((Leaf(()), Leaf((), requires_grad=False)), (Node("mul", (0, 1), ()), Node("add", (0, 2), ()))),
)

LOOP = ("propagate", "accumulate", "backward_dense_from", "backward_dense", "refresh")

EQUIVALENT = {
    "backward_dense_from: no strict in zip(self.nodes, cotangents, strict=True)": "the lengths were compared above",
    "backward_dense_from: arguments 1 of range(len(self.nodes) - 1, -1, -1)": "both are -1",
    "backward_dense: arguments 1 of range(len(self.nodes) - 1, -1, -1)": "both are -1",
    "refresh: no name in again.leaf(next(values), requires_grad=node.requires_grad, name=node.name)": "a label for people",
}
"""Mutants of the loop that meet every obligation, each with the reason why it is no fault."""


def loop_mutants() -> list[tuple[str, type[Tape]]]:
    found = []
    for method in LOOP:
        function = getattr(Tape, method)
        for place in range(sum(1 for _ in edits(source_of(function).body[0]))):
            name, changed = mutated(function, place)
            found.append((f"{method}: {name}", type("Mine", (Tape,), {method: changed})))
    return found


@pytest.mark.parametrize(("name", "tape"), [pytest.param(*each, id=each[0]) for each in loop_mutants()])
def test_no_mutant_of_the_loop_is_green(name: str, tape: type[Tape]) -> None:
    try:
        said = [two_runs(tape, exact_semantics()), *(engine_verdict(graph, tape) for graph in GRAPHS)]
        green = all(isinstance(verdict, (Proved, verdicts.Tested)) for verdict in said)
    except Exception:  # noqa: BLE001 - what crashes is not green
        green = False
    assert green is (name in EQUIVALENT)
