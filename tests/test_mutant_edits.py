"""The changes that make mutants: of what a function computes, each once, and of nothing that it refuses or says."""

from __future__ import annotations

import ast

import pytest
from backproof.faults.mutants.draw import drawn_mutants
from backproof.faults.mutants.edits import edits
from backproof.faults.mutants.sites import sites
from backproof.runtime.primitive import PRIMITIVES
from backproof.runtime.tape import Tape


def changed(body: str, arguments: str = "x, y") -> dict[str, set[str]]:
    """The bodies that a function's changes give, by class."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    tree = ast.parse(f"def f({arguments}):\n{lines}\n")
    found: dict[str, set[str]] = {}
    for edit in edits(tree.body[0]):
        text = "\n".join(line[4:] for line in ast.unparse(edit.applied(tree)).splitlines()[1:])
        found.setdefault(edit.fault_class, set()).add(text)
    return found


@pytest.mark.parametrize(
    ("body", "fault_class", "expected"),
    [
        ("return x - y", "operator", {"return x + y"}),
        ("return x - y", "argument swapped", {"return y - x"}),
        ("return x - y", "term dropped", {"return x", "return y"}),
        ("return -x", "sign", {"return x", "return --x"}),
        ("return x > 0", "comparison", {"return x >= 0", "return x <= 0"}),
        ("return x[1:]", "index", {"return x[:]", "return x[2:]", "return x[0:]", "return x[-1:]"}),
        ("return g(x, axis=0)", "axis", {"return g(x)", "return g(x, axis=1)", "return g(x, axis=-1)"}),
        ("return x.mT", "transpose dropped", {"return x"}),
        ("return np.exp(x)", "call removed", {"return x"}),
        ("return np.exp(x)", "function replaced", {"return np.expm1(x)"}),
        ("return x * y", "saved value replaced", {"return y * y", "return x * x"}),
        ("return (x, y)", "cotangent lost", {"return (0 * x, y)", "return (x, 0 * y)"}),
        ("x += y", "+= to =", {"x = y"}),
        ("np.add.at(x, y, 1)", "+= to =", {"x[y] = 1"}),
        ("return x if y else 0", "condition negated", {"return 0 if y else x"}),
        ("if x:\n    return y\nreturn x", "early return", {"if True:\n    return y\nreturn x"}),
        ("return x * 2.0", "constant", {"return x * 3.0", "return x * 1.0", "return x * -2.0", "return x * 2.000000002"}),
    ],
)
def test_a_function_is_changed_in_the_ways_of_a_class(body: str, fault_class: str, expected: set[str]) -> None:
    assert expected == changed(body)[fault_class]


def test_a_range_loses_a_turn_at_either_end_or_has_one_more() -> None:
    bounds = changed("for k in range(x):\n    y = g(k)", "x")["loop bound"]
    assert {"range(x - 1)", "range(x + 1)", "range(1, x)"} <= {text.split(" in ")[1].split(":")[0] for text in bounds}


@pytest.mark.parametrize(
    "body",
    [
        '"""What it does, 1 or 2."""',
        "raise ValueError(f'{x + 1} came')",
        "if x > y:\n    raise ValueError(x)",
        "for each in x:\n    if each < 0:\n        raise ValueError(each)",
    ],
)
def test_what_is_said_and_refused_is_left_alone(body: str) -> None:
    assert {} == changed(f"{body}\npass")


def test_strictness_is_left_alone() -> None:
    assert not any("strict=False" in text for texts in changed("return zip(x, y, strict=True)").values() for text in texts)


def test_every_op_and_the_loop_have_functions_that_are_mutated() -> None:
    assert PRIMITIVES.keys() == {op for site in sites() for op in site.ops}
    assert Tape.propagate in {site.function for site in sites() if not site.ops}


def test_a_seed_draws_the_same_mutants_and_each_compiles_and_reads_differently() -> None:
    drawn = drawn_mutants(25, 3)
    assert [each.id for each in drawn] == [each.id for each in drawn_mutants(25, 3)]
    assert 25 == len({(each.site.name, each.text()) for each in drawn})
    for each in drawn:
        assert each.text() != ast.unparse(each.tree)
        assert each.code().co_name == each.site.function.__name__
