"""What is loaded and started before anything is decided: no more than the command at hand needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("cvc5", "flint", "hypothesis", "jinja2", "numpy", "scipy", "sympy", "torch", "z3")

DECIDES = """
import json, multiprocessing.forkserver, sys, threading
from backproof.equivalence.origin import Origin
from backproof.equivalence.rules.instances import RuleInstance
from backproof.equivalence.run import decided
from backproof.equivalence.rule_work import RuleWork

def decide(origin, rules):
    work = [RuleWork(RuleInstance("add", ((2,), (2,))))]
    verdicts = [each.verdict for each in decided(work, 1, rules, "torchlean", lambda *_: None, None, origin)]
    return {type(verdict).__name__ for verdict in verdicts}

def served():
    return multiprocessing.forkserver._forkserver._forkserver_pid is not None
"""


def printed(program: str, *arguments: str) -> str:
    """What a fresh process prints."""
    process = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False)
    assert 0 == process.returncode, process.stderr
    return process.stdout.strip()


def loaded_after(program: str) -> set[str]:
    """Which of the heavy libraries a program loads."""
    said = printed(f"{program}\nimport sys\nprint('loaded:', *(set({HEAVY!r}) & set(sys.modules)))")
    return set(said.rpartition("loaded:")[2].split())


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["check", "--help"], ["check", "--jobs", "0"]], ids=" ".join)
def test_version_help_and_wrong_usage_load_no_library(arguments: list[str]) -> None:
    assert set() == loaded_after(f"from backproof.cli import main\nmain({arguments!r})")


def test_a_check_loads_what_draws_graphs_only_if_graphs_are_drawn() -> None:
    planned = (
        "from backproof.equivalence.planning import Request, plan\n"
        "from backproof.equivalence.rules_file import OUR_RULES\n"
        "import backproof.runs\n"
        "plan(Request((), {count}, 1, ('add',), 1, None, 'torchlean'), OUR_RULES)"
    )
    assert "hypothesis" not in loaded_after(planned.format(count=0))
    assert "hypothesis" in loaded_after(planned.format(count=1))


@pytest.mark.parametrize("module", ["rule_work", "graph_work", "run"])
def test_who_asks_for_pieces_of_work_has_every_op(module: str) -> None:
    said = printed(
        f"import backproof.equivalence.{module}\n"
        "from backproof.runtime.primitive import PRIMITIVES\nfrom backproof.spec.definition import DEFINITIONS\n"
        "print(len(PRIMITIVES) > 50, PRIMITIVES.keys() == DEFINITIONS.keys())"
    )
    assert "True True" == said


def test_what_writes_no_page_loads_nothing_that_writes_pages() -> None:
    loads = "import backproof.cli, backproof.checking, backproof.runs, backproof.reports.diff"
    assert "jinja2" not in loaded_after(loads)
    assert "jinja2" in loaded_after(f"{loads}, backproof.reports.kept")


def test_workers_of_the_checkers_own_process_are_forked_from_it_and_need_no_server() -> None:
    said = printed(f"{DECIDES}\nprint(sorted(decide(Origin.HERE, None)), served())")
    assert f"['Proved', 'Tested'] {sys.platform != 'linux'}" == said


@pytest.mark.parametrize("start", ["_thread.start_new_thread(run, ())", "threading.Thread(target=run, daemon=True).start()"])
def test_a_process_of_several_threads_is_not_forked(start: str) -> None:
    thread = f"import _thread\nruns = threading.Event()\ndef run(): runs.set(), threading.Event().wait()\n{start}\nruns.wait()"
    assert "['Proved', 'Tested'] True" == printed(f"{DECIDES}\n{thread}\nprint(sorted(decide(Origin.HERE, None)), served())")


def test_workers_of_any_other_process_load_everything_again() -> None:
    changed = "from backproof.runtime.primitive import primitive_of\nprimitive_of('add').forward(lambda a, b: a - b)"
    assert "['Proved', 'Tested'] True" == printed(f"{DECIDES}\n{changed}\nprint(sorted(decide(Origin.SERVER, None)), served())")


def test_a_rules_file_is_executed_once_in_each_process(tmp_path: Path) -> None:
    rules = tmp_path / "rules.py"
    rules.write_text(
        "import os, pathlib\n"
        "from backproof import primitive_of\n"
        f"ran = pathlib.Path({str(tmp_path)!r}) / f'ran in {{os.getpid()}}'\n"
        "ran.touch(exist_ok=False)\n"
        "add = primitive_of('add')\n"
        "forward = add.forward_kernel\n"
        "add.forward(lambda a, b: forward(a, b))\n"
    )
    program = "from pathlib import Path\nfrom backproof.equivalence.rules_file import load_rules\nfile = Path(sys.argv[1])"
    said = printed(f"{DECIDES}\n{program}\nload_rules(file)\nprint(sorted(decide(Origin.HERE, file)), served())", str(rules))
    assert "['Proved', 'Tested'] True" == said
    assert 2 == len(list(tmp_path.glob("ran in *")))


def test_the_command_forks_its_workers_and_a_caller_of_main_does_not(tmp_path: Path) -> None:
    asked = (
        "import sys, backproof.checking\n"
        "from backproof.cli import main\n"
        "def checked(request, *_): raise SystemExit(request.origin.name)\n"
        "backproof.checking.checked = checked\n"
        "sys.argv[1:] = ['check']\n"
        "try: main({arguments})\n"
        "except SystemExit as asked: print(asked)\n"
    )
    assert "HERE" == printed(asked.format(arguments=""))
    assert "SERVER" == printed(asked.format(arguments="['check']"))
