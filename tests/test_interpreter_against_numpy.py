"""What every shipped kernel's symbolic run says of its results agrees with numpy, at points drawn for no proof."""

from __future__ import annotations

import ast
import os
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import backproof
import backproof.runtime.primitives
import backproof.spec.definitions
import flint
import pytest
from backproof.equivalence.kernel.decision import Holds
from backproof.equivalence.kernel.scalars.array import _FUNCTIONS, _MOVES
from backproof.equivalence.kernel.scalars.loops import LOOPS
from backproof.equivalence.kernel.shapes import Part, decide
from backproof.equivalence.kernel.shapes.replay import covers, differs, points, run
from backproof.equivalence.kernel.shapes.words import NUMPY
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.patterns import patterns
from backproof.runtime.primitive import PRIMITIVES
from backproof.spec.convention import TORCHLEAN

FULL = os.environ.get("BACKPROOF_EVIDENCE") == "full"
OPS = sorted(op for op in PRIMITIVES if patterns(op)) if FULL else ["div", "linear", "relu", "softmax", "transpose2d"]
ROUNDS = 3 if FULL else 1
ROOT = Path(backproof.__file__).parent


@pytest.mark.parametrize("op", OPS)
def test_terms_have_the_values_that_numpy_computes(op: str, record_property: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The terms are those of the proof, in every case of sizes; sizes and entries are drawn anew."""
    proved: list[Any] = []
    monkeypatch.setattr(decide, "_validated", lambda _claim, found, *_others: proved.extend(found) or Holds("", ()))
    compared = entries = 0
    for pattern in islice(patterns(op), None if FULL else 2):
        for part in Part:
            proved.clear()
            claim = lemma(op, part, pattern, TORCHLEAN)
            assert isinstance(decide.decide_all_shapes(claim), Holds)
            for round_ in range(ROUNDS):
                for setting, point in points(replace(claim, op=f"{op} {round_}")):  # the name seeds what is drawn
                    with flint.ctx.workprec(160):
                        arrays = run(claim, setting, point)
                        for where, tensors in proved:
                            if covers(where.case, point):
                                known = replace(point, sizes=where.case.known(point.sizes))
                                assert differs(tensors, arrays, known) == ""
                                compared, entries = compared + 1, entries + sum(array.size for array in arrays)
    assert compared
    record_property("symbolic runs against numpy, comparisons", compared)
    record_property("symbolic runs against numpy, entries", entries)
    record_property("symbolic runs against numpy, kernels", 1)
    record_property("symbolic runs against numpy, differences", 0)


def named(files: list[Path]) -> set[str]:
    """The functions of numpy and methods of arrays that files name."""
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text()))]
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)} | {
        node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_word_of_the_interpreters_is_compared_with_numpy(record_property: Any) -> None:
    """By a shipped kernel, all of which are run, or by a test of words on arrays of its own."""
    tests, kernels = ROOT / "tests", ROOT / "runtime" / "primitives"
    shapes = named([*kernels.glob("*.py"), *tests.glob("test_shapes_*.py"), tests / "test_contraction.py"])
    assert set() == set(NUMPY._names) - shapes
    scalars = named([*kernels.glob("*.py"), *tests.glob("test_scalars_*.py"), *tests.glob("test_floats_*.py")])
    operators = {"divide", "greater", "greater_equal", "less", "less_equal", "equal", "not_equal", "matmul", "power"}
    aliases = {"absolute": "abs", "amax": "max", "amin": "min"}
    words = {*LOOPS, *_MOVES, *_FUNCTIONS} - operators
    assert set() == {word for word in words if word not in scalars and aliases.get(word) not in scalars}
    record_property("functions of numpy at symbolic shapes, compared", len(NUMPY._names))
    record_property("functions of numpy on scalars, compared", len(words))
