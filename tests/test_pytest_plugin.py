"""`pytest --backproof` in processes of its own: what is owed is collected, only what is met passes, and nothing is loaded early."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import backproof.equivalence.run  # noqa: F401  (fills the registries)
import pytest
from backproof.pytest_plugin import items
from backproof.pytest_plugin.texts import why_not

WRONG = """
import numpy as np
from backproof import primitive_of

@primitive_of("tanh").vjp
def tanh_vjp(y_bar, y, x):
    return (y_bar * (1 + y * y),)

@primitive_of("exp").vjp
def exp_vjp(y_bar, y, x):
    return (np.fft.fft(y_bar).real,)
"""

FEW = ("--backproof-ops", "tanh,exp", "--backproof-graphs", "0", "-k", "tanh[1] or exp[1]")


def ran(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """pytest in a folder of one test; without a ledger unless one is named."""
    (folder / "test_own.py").write_text("def test_own() -> None:\n    pass\n")
    ledger = ["--backproof-ledger", str(folder / "ledger")] if "--backproof" in arguments else []
    program = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *ledger, *arguments]
    return subprocess.run(program, cwd=folder, capture_output=True, text=True, check=False)


def names(folder: Path) -> list[str]:
    cases = ElementTree.parse(folder / "junit.xml").iter("testcase")
    return sorted(case.attrib["name"] for case in cases)


def test_without_its_option_nothing_of_ours_is_loaded_and_nothing_collected(tmp_path: Path) -> None:
    (tmp_path / "test_loaded.py").write_text(
        "import sys\n"
        "def test_loaded() -> None:\n"
        "    ours = {name for name in sys.modules if name.partition('.')[0] == 'backproof'}\n"
        "    assert ours == {'backproof', 'backproof.pytest_plugin', 'backproof.pytest_plugin.plugin'}\n"
        "    assert not {'numpy', 'typer', 'z3', 'sympy'} & set(sys.modules)\n"
    )
    process = ran(tmp_path, "-p", "no:hypothesispytest", "-v")
    assert 0 == process.returncode, process.stdout
    assert "2 passed" in process.stdout
    assert "seed" not in process.stdout


def test_right_rules_pass_and_are_the_same_items_in_every_run_and_under_xdist(tmp_path: Path) -> None:
    alone = ran(tmp_path, "--backproof", *FEW, "--junitxml=junit.xml")
    assert 0 == alone.returncode, alone.stdout
    found = names(tmp_path)
    assert ["rule:exp[1]", "rule:tanh[1]"] == found
    shared = ran(tmp_path, "--backproof", *FEW, "--junitxml=junit.xml", "-n", "2")
    assert 0 == shared.returncode, shared.stdout
    assert names(tmp_path) == found
    assert "2 passed" in shared.stdout


def test_a_wrong_rule_fails_with_a_difference_and_an_unknown_one_fails_too(tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text(WRONG)
    process = ran(tmp_path, "--backproof", *FEW, "--backproof-rules", "wrong.py", "--junitxml=junit.xml")
    assert 1 == process.returncode
    assert "rule:tanh[1]:vjp is refuted (wrong)" in process.stdout
    assert re.search(r"^E     - \S+  \(spec\)\nE     \+ \S+  \(tape\)$", process.stdout, re.MULTILINE)
    assert "rule:exp[1]:vjp is unknown (" in process.stdout
    (suite,) = ElementTree.parse(tmp_path / "junit.xml").iter("testsuite")
    assert ("2", "2", "0") == tuple(suite.attrib[word] for word in ("tests", "failures", "skipped"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--backproof", "--backproof-ops", "nosuch"], "nosuch"),
        (["--backproof", "--backproof-graphs", "few"], "'few'"),
        (["--backproof-graphs", "3"], "came without --backproof"),
    ],
)
def test_what_would_check_nothing_or_cannot_be_read_ends_the_run(tmp_path: Path, arguments: list[str], said: str) -> None:
    process = ran(tmp_path, *arguments)
    assert 4 == process.returncode, process.stdout
    assert said in process.stderr
    assert "Traceback" not in process.stderr


def test_a_run_that_owes_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "work_of", lambda _plan: ())
    config = SimpleNamespace(getoption=lambda name: {"backproof_graphs": 0}.get(name))
    with pytest.raises(pytest.UsageError, match="nothing is owed"):
        list(items.collected(SimpleNamespace(config=config), 1))


def test_an_item_of_which_nothing_was_decided_fails() -> None:
    assert ["nothing was decided, so nothing was shown"] == why_not([])
