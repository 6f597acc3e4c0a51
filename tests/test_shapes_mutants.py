"""Mutants of the shipped kernels: none is proved at all shapes while it computes something else."""

from __future__ import annotations

import ast
import copy
import inspect
import itertools
import random
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.equivalence.kernel.decision import Fails, Holds
from backproof.equivalence.kernel.shapes import AllShapes, Part, decide_all_shapes
from backproof.equivalence.rules.all_shapes import lemma, patterns
from backproof.spec.convention import TORCHLEAN

OPS = ["concat_leading_axis", "gather_rows_ref", "linear", "add", "mul", "matmul", "sum", "reduce_sum", "broadcast_to", "relu", "tanh", "softmax", "mse_loss"]
KERNELS = {Part.FORWARD: "forward", Part.VJP: "vjp", Part.JVP: "jvp"}
MUTANTS = 120
SIZES = ((2, 3, 4, 5, 2), (3, 3, 3, 3, 3), (1, 4, 2, 1, 3), (4, 1, 1, 2, 2), (1, 1, 1, 1, 1))


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


def mutants() -> list[tuple[AllShapes, AllShapes, str]]:
    """Pairs of a claim about the shipped kernel and one about a mutant of it, drawn evenly over ops and parts."""
    generator = random.Random(20)
    drawn = []
    for op, part in itertools.product(OPS, KERNELS):
        found = [pattern for pattern in patterns(op) if 0 < max(map(len, pattern.shapes)) < 4]
        claim = lemma(op, part, generator.choice(found), TORCHLEAN)
        kernel = getattr(claim, KERNELS[part])
        tree = bare(ast.parse(textwrap.dedent(inspect.getsource(kernel))))
        changed = [text for text in dict.fromkeys(map(ast.unparse, variants(tree))) if text != ast.unparse(tree)]
        for text in generator.sample(changed, min(len(changed), MUTANTS // (3 * len(OPS)))):
            space = dict(kernel.__globals__)
            exec(compile(text, "<mutant>", "exec"), space)  # noqa: S102  (a mutant of our own kernel)
            twin = space[tree.body[0].name]
            drawn.append((claim, replace(claim, **{KERNELS[part]: twin}), text))
    return drawn


def agree(claim: AllShapes, mutant: AllShapes) -> bool:
    """Whether the two kernels return the same at shapes and values of their own choice, not the decider's."""
    generator = np.random.default_rng(7)
    names = sorted({side for shape in claim.shapes for side in shape if isinstance(side, str)})
    targets = dict(claim.attributes).get("shape", ())
    names += sorted({side for side in targets if isinstance(side, str)} - set(names))
    for sizes in SIZES:
        known = dict(zip(names, sizes, strict=False))
        attributes = dict(claim.attributes)
        if targets:
            attributes["shape"] = tuple(known.get(side, side) for side in targets)
        if "indices" in attributes:
            # More indices than rows, and once fewer.
            attributes["indices"] = (4,) if sizes == SIZES[1] else (*generator.integers(0, 5, 6).tolist(), *range(6))
        inputs = [generator.normal(size=[known.get(s, s) for s in shape]).round(1) for shape in claim.shapes]
        for signs in (1, 0):
            results = [_results(each, [x * signs for x in inputs], attributes) for each in (claim, mutant)]
            if results[1] is None or len(results[0]) != len(results[1]):
                return False
            if not all(p.shape == q.shape and np.allclose(p, q, 1e-9, 1e-9) for p, q in zip(*results, strict=True)):
                return False
    return True


def _results(claim: AllShapes, inputs: list[Any], attributes: dict[str, Any]) -> list[Any] | None:
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
def test_no_mutant_is_proved_while_it_computes_something_else() -> None:
    drawn = mutants()
    assert len(drawn) >= 100
    refuted = 0
    for claim, mutant, text in drawn:
        decision = decide_all_shapes(mutant)
        refuted += isinstance(decision, Fails)
        assert not isinstance(decision, Holds) or agree(claim, mutant), text
        assert not isinstance(decision, Fails) or not agree(claim, mutant), text
    assert refuted > len(drawn) // 2
