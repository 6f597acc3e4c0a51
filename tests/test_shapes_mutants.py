"""Mutants of the shipped kernels: none is proved at all shapes while it computes something else."""

from __future__ import annotations

import ast
import itertools
import os
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.equivalence.containment import contained
from backproof.equivalence.kernel.decision import Fails, Holds
from backproof.equivalence.kernel.shapes import AllShapes, Part, decide_all_shapes
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.instances import RuleInstance, instances
from backproof.equivalence.rules.patterns import matching, patterns
from backproof.faults.mutants.edits import edits
from backproof.faults.mutants.sites import Site
from backproof.runtime.primitive import PRIMITIVES
from backproof.spec.convention import TORCHLEAN

FULL = os.environ.get("BACKPROOF_EVIDENCE") == "full"
OPS = sorted(op for op in PRIMITIVES if patterns(op)) if FULL else ["concat_leading_axis", "gather_rows_ref", "linear", "add", "mul", "matmul", "sum", "reduce_sum", "broadcast_to", "relu", "tanh", "softmax", "mse_loss"]
KERNELS = {Part.FORWARD: "forward", Part.VJP: "vjp", Part.JVP: "jvp"}
MUTANTS = 1500 if FULL else 80
"""In all, or fewer: a kernel may have fewer changes than its share."""


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
        tree = Site(kernel, (op,)).tree()
        texts = dict.fromkeys(ast.unparse(edit.applied(tree)) for edit in edits(tree.body[0]))
        changed = [text for text in texts if text != ast.unparse(tree)]
        for text in generator.sample(changed, min(len(changed), count // len(KERNELS))):
            space = dict(kernel.__globals__)
            exec(compile(text, "<mutant>", "exec"), space)  # noqa: S102  (a mutant of our own kernel)
            twin = space[tree.body[0].name]
            yield claim, replace(claim, **{name: twin}), covered[pattern], text


def agree(claim: AllShapes, mutant: AllShapes, rules: Sequence[RuleInstance]) -> bool:
    """Whether the two kernels return the same at instances and values of our own choice, not the decider's."""
    generator = np.random.default_rng(7)
    for rule, sign in itertools.product(rules, (0, *[1] * 8)):
        inputs = [sign * generator.normal(size=shape).round(1) for shape in rule.shapes]
        if claim.domain_text != "ℝ":
            inputs = [np.abs(x) + 0.5 for x in inputs]
        results = [_results(each, inputs, rule.attributes) for each in (claim, mutant)]
        if results[1] is None or len(results[0]) != len(results[1]) or any(q.dtype.kind not in "fiub" for q in results[1]):
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
        # A mutant may give text: what crashes a decider is unknown, here as in a check.
        decision = contained(lambda: decide_all_shapes(mutant))  # noqa: B023 - called at once
        same = agree(claim, mutant, rules)
        assert not isinstance(decision, Holds) or same, text
        assert FULL or not isinstance(decision, Fails) or not same, text  # few instances may not show what is wrong
        tried[type(decision).__name__] += 1
        tried["proved and different"] += isinstance(decision, Holds) and not same
    assert sum(tried.values()) >= 3
    for name, count in tried.items():
        record_property(f"mutants of kernels, {name.lower()}", count)
    record_property("mutants of kernels", tried.total())
