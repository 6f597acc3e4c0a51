"""Rules files: what they change is found out, half of a change is refused, and the examples are met."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from backproof.cli import main
from backproof.equivalence.rules_file import RulesError, load_rules
from backproof.runtime.primitive import PRIMITIVES
from backproof.runtime.tape import Tape
from backproof.spec.definition import DEFINITIONS

EXAMPLES = sorted((Path(__file__).parent.parent / "examples" / "rules").glob("*.py"))

WRONG_TANH = """
    from backproof import primitive_of

    @primitive_of("tanh").vjp
    def vjp(y_bar, y, x):
        return (y_bar * (1 + y * y),)
"""

TORCH_CLAMP = """
import numpy as np
from backproof import primitive_of

@primitive_of("clamp").vjp
def vjp(y_bar, y, x, lo, hi):
    return (np.where((x >= lo) & (x <= hi), y_bar, 0),)

@primitive_of("clamp").jvp
def jvp(x_dot, y, x, lo, hi):
    return np.where((x >= lo) & (x <= hi), x_dot, 0)
"""


@pytest.fixture(autouse=True)
def registries_stay_as_they_were() -> Iterator[None]:
    definitions = dict(DEFINITIONS)
    kernels = {op: (entry, {slot: getattr(entry, slot) for slot in entry.__slots__}) for op, entry in PRIMITIVES.items()}
    yield
    DEFINITIONS.clear()
    DEFINITIONS.update(definitions)
    PRIMITIVES.clear()
    for op, (entry, slots) in kernels.items():
        PRIMITIVES[op] = entry
        for slot, value in slots.items():
            setattr(entry, slot, value)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return tmp_path / "rules.py"


def test_a_replaced_kernel_is_found_out(rules: Path) -> None:
    rules.write_text(textwrap.dedent(WRONG_TANH))
    found = load_rules(rules)
    assert (("tanh",), Tape) == (found.touched, found.tape)


def test_a_second_load_finds_the_same(rules: Path) -> None:
    rules.write_text(textwrap.dedent(WRONG_TANH))
    assert load_rules(rules).touched == load_rules(rules).touched == ("tanh",)


def test_a_named_tape_is_found_wherever_it_was_made(rules: Path) -> None:
    rules.write_text(
        textwrap.dedent("""
            from backproof import Tape, checked_tape

            def make():
                @checked_tape
                class Mine(Tape):
                    pass
                return [Mine]

            kept = make()
        """)
    )
    assert load_rules(rules).tape.__name__ == "Mine"


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("def broken(:", "line 1: invalid syntax"),
        ("\n1 / 0", "line 2: ZeroDivisionError: division by zero"),
        ("import sys; sys.exit(0)", "line 1: SystemExit: 0"),
        ("import no_such_engine", "ModuleNotFoundError: No module named 'no_such_engine'"),
        ("x = 1", "there is nothing to check"),
        ("from backproof import primitive_of\nprimitive_of('gelu9')", "line 2: RuntimeFault: op 'gelu9' has no primitive"),
        ("from backproof import primitive_of\nprimitive_of('relu').vjp_kernel = 3", "the vjp of op 'relu' is 3"),
        ("from backproof import checked_tape\n@checked_tape\nclass Mine: pass", "needs a subclass of backproof.Tape"),
        (
            "from backproof import Tape, checked_tape\nA, B = (checked_tape(type(n, (Tape,), {})) for n in 'AB')",
            "A, B are checked tapes, one was needed",
        ),
        (
            "from backproof import define\n@define('half', '(*s)')\ndef half(x, *i): return x[i] / 2",
            "op 'half' has a definition, but no primitive",
        ),
        (
            "from backproof import primitive\n@primitive('half', shape=lambda x: x)\ndef half(x): return x / 2",
            "op 'half' has a primitive, but no definition",
        ),
        (
            "import backproof as b\nb.define('half', '(*s)')(lambda x, *i: x[i])\nb.primitive('half', shape=abs)(abs)",
            "op 'half' has no vjp kernel",
        ),
    ],
)
def test_a_rules_file_that_cannot_be_used_is_one_clear_line_and_status_2(
    source: str, complaint: str, rules: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    rules.write_text(source)
    assert main(["check", "--rules", str(rules), "--json"]) == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"backproof: {rules}")
    assert complaint in said.err
    assert len(said.err.splitlines()) == 1
    assert [rules] == list(rules.parent.iterdir())


def test_binary_rules_and_a_folder_are_refused(rules: Path, tmp_path: Path) -> None:
    rules.write_bytes(b"\0\xff")
    for path in (rules, tmp_path):
        with pytest.raises(RulesError, match=str(path)):
            load_rules(path)


def test_a_wrong_rule_is_refuted_kept_and_replayed(
    rules: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    rules.write_text(textwrap.dedent(WRONG_TANH))
    out = tmp_path / "out"
    assert main(["check", "--rules", str(rules), "--graphs", "0", "--seed", "1", "--out", str(out), "--json"]) == 1
    report = json.loads(capfd.readouterr().out)
    refuted = [row for row in report["rows"] if row["verdict"] == "refuted"]
    assert refuted
    assert {"tanh"} == {row["op"] for row in refuted}
    for row in refuted:
        assert len(row["counterexample"]["nodes"]) <= 3
    kept = sorted((out / "refutations").glob("*.json"))
    assert len(kept) == len(refuted)
    for file in kept:
        assert main(["replay", str(file), "--rules", str(rules)]) == 1
        assert "> %0 leaf" in capfd.readouterr().out


def test_a_report_made_with_rules_is_rechecked_with_the_same_file_alone(
    rules: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    rules.write_text(textwrap.dedent(WRONG_TANH))
    report = tmp_path / "out" / "report.json"
    assert main(["check", "--rules", str(rules), "--graphs", "0", "--seed", "1", "--out", str(report.parent)]) == 1
    assert main(["recheck", str(report), "--rules", str(rules)]) == 1
    assert "SAME, REFUTED" in capfd.readouterr().out
    assert main(["recheck", str(report)]) == 2
    assert f"--rules {rules} was needed" in capfd.readouterr().err
    rules.write_text("raise SystemExit('executed')")
    assert main(["recheck", str(report), "--rules", str(rules)]) == 2
    assert "no longer" in capfd.readouterr().err


def test_the_right_rule_met_where_the_wrong_one_was_refuted(
    rules: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    rules.write_text(textwrap.dedent(WRONG_TANH).replace("1 + y", "1 - y"))
    assert main(["check", "--rules", str(rules), "--graphs", "2", "--seed", "1"]) == 0
    assert capfd.readouterr().out.startswith("MET")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_of_a_rules_file_is_met(example: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--rules", str(example), "--graphs", "3", "--seed", "1"]) == 0
    assert capfd.readouterr().out.startswith("MET")


def test_there_is_an_example_of_each_kind() -> None:
    sources = "".join(path.read_text() for path in EXAMPLES)
    for kind in (".forward\n", ".vjp\n", ".jvp\n", "@define(", "@primitive(", "@checked_tape"):
        assert kind in sources


def test_rules_written_for_pytorch_are_met_by_its_convention_alone(rules: Path, capfd: pytest.CaptureFixture) -> None:
    rules.write_text(TORCH_CLAMP)
    command = ["check", "--rules", str(rules), "--graphs", "0", "--seed", "1", "--jobs", "1", "--json"]
    assert main([*command, "--convention", "pytorch"]) == 0
    assert json.loads(capfd.readouterr().out)["asked"]["convention"] == "pytorch"
    assert main(command) == 1
    refuted = [row for row in json.loads(capfd.readouterr().out)["rows"] if row["verdict"] == "refuted"]
    assert {"kink"} == {row["reason"] for row in refuted}
