"""What `check --out` leaves in its folder: nothing old, and refutations that run again anywhere."""

from __future__ import annotations

import json
import linecache
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from backproof.cli import main
from backproof.equivalence import source_lines
from backproof.equivalence.obligations import Decided
from backproof.reports.files import KEPT
from backproof.runtime.primitive import PRIMITIVES
from backproof.runtime.tape import Tape

WRONG = """
from functools import wraps
from backproof import primitive_of

def logged(kernel):
    @wraps(kernel)
    def run(*arguments):
        return kernel(*arguments)
    return run

@primitive_of("tanh").vjp
@logged
def tanh_vjp(y_bar, y, x):
    return (y_bar * (1 + y * y),)
"""


def python(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A fresh Python in a folder, as a person starts one."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return subprocess.run(
        [sys.executable, "-m", *arguments], capture_output=True, text=True, check=False, cwd=folder, env=environment
    )


def test_a_planted_fault_is_shown_at_its_line_and_its_test_fails_until_it_is_mended(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    rules = tmp_path / "my rules.py"
    rules.write_text(WRONG)
    check = ("backproof", "check", "--rules", rules.name, "--graphs", "0", "--seed", "1", "--no-ledger", "--out", "out/wrong")
    assert 1 == python(*check, folder=tmp_path).returncode
    out = tmp_path / "out" / "wrong"
    assert set(KEPT) <= {path.relative_to(out).as_posix() for path in out.rglob("*")}
    (found,) = json.loads((out / "results.sarif").read_text())["runs"][0]["results"]
    place = found["locations"][0]["physicalLocation"]
    assert ("my%20rules.py", 11) == (place["artifactLocation"]["uri"], place["region"]["startLine"])
    asked = json.loads((out / "report.json").read_text())["questions"]["texts"]
    assert "(set-info :status sat)" in asked["rule:tanh[()]:vjp"]
    assert "rule:tanh[()]:vjp: the VJP kernel is the derived VJP" in (out / "report.html").read_text()
    tests = ("pytest", "-q", "-p", "no:cacheprovider", "-k", "lemma_tanh_vjp or lemma_tanh_adjoint", "refutations")
    failed = python(*tests, folder=out)
    assert "2 failed" in failed.stdout
    assert "> %0 leaf  cotangent" in failed.stdout
    rules.write_text(WRONG.replace("1 + y", "1 - y"))
    assert "2 passed" in python(*tests, folder=out).stdout


def test_a_hostile_graph_file_is_escaped_everywhere_and_nothing_is_written_outside(tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text(WRONG)
    name = "<script>alert(1)<-script>|`x`\n\x1b[31m.json"
    long = "]]><script>alert(1)</script>|`b` ../../../../evil/" + "x" * 1_000_000
    leaf = {"id": 0, "shape": [2], "value": [0.5, -1.0], "name": long}
    node = {"id": 1, "op": "tanh", "parents": [0], "shape": [2]}
    graph = {"format": "backproof.graph.v1", "leaves": [leaf], "nodes": [node], "seeds": [{"id": 1, "value": [1.0, 1.0]}]}
    (tmp_path / name).write_text(json.dumps(graph))
    before = set(tmp_path.rglob("*"))
    done = python("backproof", "check", name, "--rules", "wrong.py", "--seed", "1", "--no-ledger", "--out", "out", folder=tmp_path)
    assert 1 == done.returncode
    assert "\x1b" not in done.stdout + done.stderr
    out = tmp_path / "out"
    assert {out, *out.rglob("*")} == set(tmp_path.rglob("*")) - before - set((tmp_path / "__pycache__").rglob("*"))
    assert all(re.fullmatch("[A-Za-z0-9._=~-]+", path.name) for path in out.rglob("*"))
    for kept in KEPT:
        content = (out / kept).read_bytes()
        assert b"\x1b" not in content
        assert kept.endswith((".json", ".sarif", ".py")) or b"<script>alert" not in content
        assert kept == "report.json" or len(content) < 200_000


def test_what_an_earlier_run_kept_is_gone_when_a_run_breaks_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crashing(*_arguments: object) -> Iterator[Decided]:
        raise ZeroDivisionError("in the middle")
        yield

    (tmp_path / "refutations").mkdir()
    for name in (*KEPT, "refutations/yesterday.json", "mine.txt"):
        (tmp_path / name).write_text("yesterday's answer")
    monkeypatch.setattr("backproof.checking.run", crashing)
    assert 4 == main(["check", "--ops", "add", "--graphs", "0", "--out", str(tmp_path)])
    assert ["mine.txt", "refutations"] == sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*"))


def test_wrong_usage_leaves_what_an_earlier_run_kept(tmp_path: Path) -> None:
    (tmp_path / "junit.xml").write_text("yesterday's answer")
    assert 2 == main(["check", "--ops", "none such", "--graphs", "0", "--out", str(tmp_path)])
    assert (tmp_path / "junit.xml").exists()


def test_every_kernel_that_ships_has_a_line_and_so_has_the_tape() -> None:
    lines = source_lines.source_lines(Tape)
    assert {(op, part) for op in PRIMITIVES for part in ("forward", "vjp", "jvp")} | {("", "engine")} <= lines.keys()
    for (op, _part), (file, line) in lines.items():
        said = linecache.getline(file, line)
        assert said.lstrip().startswith(("@", "def ", "class ")) or "lambda" in said, (op, said)


def test_a_kernel_that_is_no_python_function_has_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def kernel(y_bar: float, y: float, x: float) -> tuple[float]:
        return (y_bar,)

    made: dict[str, object] = {}
    exec("def kernel(y_bar, y, x): return (y_bar,)", made)  # noqa: S102 - a function of no file is the case
    tanh = PRIMITIVES["tanh"]
    monkeypatch.setattr(tanh, "vjp_kernel", partial(kernel, y=1.0))
    assert kernel.__code__.co_firstlineno == source_lines.source_lines(Tape)["tanh", "vjp"][1]
    for other in (abs, made["kernel"]):
        monkeypatch.setattr(tanh, "vjp_kernel", other)
        assert ("tanh", "vjp") not in source_lines.source_lines(Tape)


@pytest.mark.parametrize("option", ["", "--out", "--rules"])
def test_a_path_that_is_no_text_is_refused_before_any_work(option: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.json")
    assert 2 == main(["check", "--ops", "add", "--graphs", "0", *filter(None, (option, path))])
    said = capfd.readouterr()
    assert ("", 1) == (said.out, len(said.err.splitlines()))
    assert "not UTF-8" in said.err
    assert [] == list(tmp_path.iterdir())
