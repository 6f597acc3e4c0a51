"""Files that name an engine: refused if it is none or is not alone, decided and replayed by the commands."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from backproof import checked_engine
from backproof.cli import main
from backproof.equivalence.rules_file import MODULE_NAME, RulesError, load_rules
from backproof.runtime.primitive import PRIMITIVES
from backproof.spec.definition import DEFINITIONS

EXAMPLES = Path(__file__).parent.parent / "examples" / "engines"


@pytest.fixture(autouse=True)
def no_engine_stays_named() -> Iterator[None]:
    definitions = dict(DEFINITIONS)
    yield
    sys.modules.pop(MODULE_NAME, None)
    DEFINITIONS.clear()
    DEFINITIONS.update(definitions)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"backward": None}, "no backward"),
        ({"ops": "mul"}, "the names of some ops"),
        ({"ops": ()}, "the names of some ops"),
        ({"exact": 1}, "True or False"),
    ],
)
def test_what_is_no_engine_is_refused(parts: dict[str, Any], message: str) -> None:
    held = {"ops": ("mul",), "exact": False, "forward": print, "backward": print, **parts}
    with pytest.raises(TypeError, match=message):
        checked_engine(type("None", (), {name: part for name, part in held.items() if part is not None}))


HEAD = """
from backproof import checked_engine, define, primitive_of

class Mine:
    ops, exact = ("mul",), False
    def forward(self, graph, leaves): ...
    def backward(self, seeds): ...
"""


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ("A = checked_engine(Mine)\nB = checked_engine(type('B', (Mine,), {}))", "Mine, B are checked engines, one was needed"),
        ("checked_engine(Mine)\nprimitive_of('mul').vjp(lambda *_: ())", "replaces kernels of 'mul'"),
        ("Mine.ops = ('mull',)\nchecked_engine(Mine)", "'mull', which has no definition"),
    ],
)
def test_a_file_that_names_an_engine_and_something_else_is_refused(
    rest: str, message: str, tmp_path: Path, replaced: Callable[..., None]
) -> None:
    replaced("mul", vjp=PRIMITIVES["mul"].vjp_kernel)  # put back at the end
    (tmp_path / "engine.py").write_text(textwrap.dedent(HEAD) + rest)
    with pytest.raises(RulesError, match=message):
        load_rules(tmp_path / "engine.py")


def test_the_twin_that_loses_a_use_is_refuted_and_replayed_by_the_command(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    wrong, out = str(EXAMPLES / "small_engine_wrong.py"), tmp_path / "out"
    assert main(["check", "--rules", wrong, "--ops", "add", "--graphs", "0", "--jobs", "1", "--out", str(out), "--json"]) == 1
    rows = json.loads(capfd.readouterr().out)["rows"]
    assert {row["verdict"] for row in rows if row["family"] == "rule"} == {"proved"}
    refuted = [row for row in rows if row["verdict"] == "refuted"]
    assert refuted and min(len(row["counterexample"]["graph"]["nodes"]) for row in refuted) == 1
    assert main(["replay", str(next((out / "refutations").glob("*.json"))), "--rules", wrong]) == 1
    assert main(["check", "--rules", wrong, "--ops", "log", "--graphs", "0"]) == 2
