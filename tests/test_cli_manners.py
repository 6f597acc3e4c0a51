"""Manners of the command line: examples that are valid, completion that loads no solver, a version that names what decides."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from importlib.metadata import version

import pytest
import typer.main
from backproof.cli import app, main
from backproof.usage import EXAMPLES

COMMANDS = sorted(typer.main.get_command(app).commands)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_ends_with_examples_and_each_is_valid(command: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert 0 == main([command, "--help"])
    shown = capfd.readouterr().out.partition("Examples:\n")[2].splitlines()
    assert list(EXAMPLES[command]) == [line.strip() for line in shown if line.strip()]
    group = typer.main.get_command(app)
    for line in EXAMPLES[command]:
        program, name, *arguments = shlex.split(line)
        assert ("backproof", command) == (program, name)
        group.commands[command].make_context(command, arguments, parent=typer.Context(group))


def completed(words: str) -> list[str]:
    """What bash would be told, and then what was loaded for it."""
    program = (
        "import sys\n"
        "from backproof.cli import main\n"
        "status = main()\n"
        "print('loaded', *({'numpy', 'sympy', 'z3', 'cvc5', 'flint', 'hypothesis'} & set(sys.modules)))\n"
    )
    asked = {"_BACKPROOF_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    environment = {**os.environ, **asked}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    return done.stdout.split()


def test_completion_names_commands_and_options_and_loads_no_solver() -> None:
    commands = completed("backproof re")
    assert {"replay", "recheck"} == set(commands) - {"loaded"}
    assert {"--since", "--seed"} <= set(completed("backproof check --se")) | set(completed("backproof check --si"))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_a_shell_can_be_shown(shell: str) -> None:
    environment = {**os.environ, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    program = [sys.executable, "-m", "backproof", "--show-completion", shell]
    done = subprocess.run(program, env=environment, capture_output=True, text=True, check=False)
    assert (0, True) == (done.returncode, "_BACKPROOF_COMPLETE" in done.stdout)


def test_the_version_names_its_solvers_as_installed(capfd: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["--version"])
    said = capfd.readouterr().out
    for solver in ("z3-solver", "cvc5", "python-flint", "sympy"):
        assert f"{solver} {version(solver)}" in said
