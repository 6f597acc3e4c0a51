"""Mutants of the shipped kernels: none is proved at all shapes while it computes something else."""

from __future__ import annotations

import ast
import copy
import inspect
import itertools
import os
import random
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.equivalence.kernel.decision import Fails, Holds
from backproof.equivalence.kernel.shapes import AllShapes, Part, decide_all_shapes
from backproof.equivalence.rules.all_shapes import lemma, matching, patterns
from backproof.equivalence.rules.instances import RuleInstance, instances
from backproof.runtime.primitive import PRIMITIVES
from backproof.spec.convention import TORCHLEAN

FULL = os.environ.get("BACKPROOF_EVIDENCE") == "full"
OPS = sorted(op for op in PRIMITIVES if patterns(op)) if FULL else ["concat_leading_axis", "gather_rows_ref", "linear", "add", "mul", "matmul", "sum", "reduce_sum", "broadcast_to", "relu", "tanh", "softmax", "mse_loss"]
KERNELS = {Part.FORWARD: "forward", Part.VJP: "vjp", Part.JVP: "jvp"}
MUTANTS = 1500 if FULL else 80
"""In all, or fewer: a kernel may have fewer changes than its share."""


def variants(tree: ast.AST) -> Iterator[ast.AST]:
    """The syntax tree with one thing changed, once for each change."""
    for place, node in enumerate(ast.walk(tree)):
        for change in changes(node):
            twin = copy.deepcopy(tree)
            target = next(itertools.islice(ast.walk(twin), place, None))
            change(target, twin)
            yield ast.fix_missing_locations(twin)


def changes(node: ast.AST) -> list[Callable[[Any, Any], None]]:
    found: list[Callable[[Any, Any], None]] = []
    if isinstance(node, ast.BinOp):
        for operator in (ast.Add, ast.Sub, ast.Mult, ast.Div):
            if not isinstance(node.op, operator | ast.MatMult):
                found.append(lambda target, _, operator=operator: setattr(target, "op", operator()))
        found.append(lambda target, _: target.__dict__.update(left=target.right, right=target.left))
        found.append(lambda target, _: setattr(target, "right", copy.deepcopy(target.left)))
    if isinstance(node, ast.Compare):
        for operator in (ast.Lt, ast.Gt, ast.GtE, ast.LtE, ast.NotEq, ast.Eq):
            found.append(lambda target, _, operator=operator: setattr(target, "ops", [operator()]))
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        for step in (1, -1):
            found.append(lambda target, _, step=step: setattr(target, "value", target.value + step))
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        found.append(lambda target, _: setattr(target, "value", not target.value))
    if isinstance(node, ast.Attribute) and node.attr == "T":
        found.append(lambda target, _: setattr(target, "attr", "real"))
        found.append(lambda target, tree: swap(tree, target, target.value))
    if isinstance(node, ast.Call) and node.args:
        found.append(lambda target, tree: swap(tree, target, target.args[0]))
        if node.keywords:
            found.append(lambda target, _: target.keywords.pop())
    if isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(node.ctx, ast.Load):
        found.append(lambda target, _: target.elts.reverse())
    if isinstance(node, ast.UnaryOp):
        found.append(lambda target, tree: swap(tree, target, target.operand))
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        for name in ("y", "y_bar", "x", "a", "b", "a_dot", "b_dot", "x_dot", "axis", "target"):
            found.append(lambda target, _, name=name: setattr(target, "id", name))
    return found


def swap(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list) and any(item is old for item in value):
                setattr(parent, name, [new if item is old else item for item in value])


def bare(tree: ast.Module) -> ast.Module:
    """The function without decorators and annotations, which say nothing about what it computes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.decorator_list, node.returns = [], None
        if isinstance(node, ast.arg):
            node.annotation = None
    return tree


def mutants(op: str, count: int) -> Iterator[tuple[AllShapes, AllShapes, list[RuleInstance], str]]:
    """A claim about a shipped kernel, the same about a mutant of it, instances that it covers, and the mutant's text."""
    generator = random.Random(f"20 {op}")
    covered: dict[Any, list[RuleInstance]] = {}
    for rule in instances(op):
        pattern = matching(op, rule.shapes, rule.attributes)
        if pattern is not None and not rule.is_large:
            covered.setdefault(pattern, []).append(rule)
    every = [pattern for pattern in patterns(op) if pattern in covered]
    found = [pattern for pattern in every if max(map(len, pattern.shapes)) < 4] or every
    for part, name in KERNELS.items():
        pattern = generator.choice(found)
        claim = lemma(op, part, pattern, TORCHLEAN)
        kernel = getattr(claim, name)
        tree = bare(ast.parse(textwrap.dedent(inspect.getsource(kernel))))
        changed = [text for text in dict.fromkeys(map(ast.unparse, variants(tree))) if text != ast.unparse(tree)]
        for text in generator.sample(changed, min(len(changed), count // len(KERNELS))):
            space = dict(kernel.__globals__)
            exec(compile(text, "<mutant>", "exec"), space)  # noqa: S102  (a mutant of our own kernel)
            twin = space[tree.body[0].name]
            yield claim, replace(claim, **{name: twin}), covered[pattern], text


def agree(claim: AllShapes, mutant: AllShapes, rules: Sequence[RuleInstance]) -> bool:
    """Whether the two kernels return the same at instances and values of our own choice, not the decider's."""
    generator = np.random.default_rng(7)
    for rule, sign in itertools.product(rules, (1, 0, 1)):
        inputs = [sign * generator.normal(size=shape).round(1) for shape in rule.shapes]
        if claim.domain_text != "ℝ":
            inputs = [np.abs(x) + 0.5 for x in inputs]
        results = [_results(each, inputs, rule.attributes) for each in (claim, mutant)]
        if results[1] is None or len(results[0]) != len(results[1]):
            return False
        if not all(p.shape == q.shape and np.allclose(p, q, 1e-9, 1e-9) for p, q in zip(*results, strict=True)):
            return False
    return True


def _results(claim: AllShapes, inputs: list[Any], attributes: Mapping[str, Any]) -> list[Any] | None:
    generator = np.random.default_rng(9)
    inputs = [x.copy() for x in inputs]
    try:
        y = np.asarray(claim.forward(*inputs, **attributes))
        if claim.part == Part.FORWARD:
            return [y]
        if claim.part == Part.JVP:
            dots = [generator.normal(size=x.shape) for x in inputs]
            return [np.asarray(claim.jvp(*dots, y, *inputs, **attributes))]
        return [*map(np.asarray, claim.vjp(generator.normal(size=y.shape), y, *inputs, **attributes))]
    except Exception:  # noqa: BLE001  (whatever a mutant does wrong)
        return None


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("op", OPS)
def test_no_mutant_is_proved_while_it_computes_something_else(op: str, record_property: Any) -> None:
    tried = Counter[str]()
    for claim, mutant, rules, text in mutants(op, max(MUTANTS // len(OPS), 3)):
        decision = decide_all_shapes(mutant)
        same = agree(claim, mutant, rules)
        assert not isinstance(decision, Holds) or same, text
        assert FULL or not isinstance(decision, Fails) or not same, text  # few instances may not show what is wrong
        tried[type(decision).__name__] += 1
        tried["proved and different"] += isinstance(decision, Holds) and not same
    assert sum(tried.values()) >= 3
    for name, count in tried.items():
        record_property(f"mutants of kernels, {name.lower()}", count)
    record_property("mutants of kernels", tried.total())
