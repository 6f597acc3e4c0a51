"""By what a run that the ledger holds whole is known, and who may ask for one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from backproof.equivalence.ledger import host, installation, installed, sources, whole
from backproof.equivalence.origin import Origin
from backproof.equivalence.request import Request

Patch = pytest.MonkeyPatch

GRAPH = {
    "format": "backproof.graph.v1",
    "leaves": [{"id": 0, "shape": [2], "value": {"array": "x"}}],
    "nodes": [{"id": 1, "op": "neg", "parents": [0], "shape": [2]}],
    "arrays": "graph.npz",
}
DRAWING = Request((), 3, 1, ("neg",), 1, None, "torchlean", Origin.HERE)


@pytest.fixture
def asked(tmp_path: Path) -> Request:
    """A run on a graph file with a file of arrays beside it."""
    file = tmp_path / "graph.json"
    file.write_text(json.dumps(GRAPH))
    np.savez(file.with_suffix(".npz"), x=np.array([0.5, 2.0]))
    return Request((file,), None, 1, None, 1, None, "torchlean", Origin.HERE)


def key(request: Request) -> str:
    """The key of a run as everything is now."""
    return whole._key(request, installation.installed())


@pytest.fixture
def own(monkeypatch: Patch) -> None:
    """As if this were the command's own process."""
    monkeypatch.setattr(whole, "at_start", installation.at_start.__wrapped__)
    monkeypatch.setattr(installation, "is_the_command", lambda: True)


@pytest.mark.parametrize(
    "other", [{"graphs": 4}, {"seed": 2}, {"ops": None}, {"ops": ("neg", "add")}, {"convention": "pytorch"}], ids=str
)
def test_what_was_asked_is_part_of_the_key(other: dict[str, Any]) -> None:
    assert key(DRAWING) != key(replace(DRAWING, **other))


def test_a_seed_by_which_nothing_is_drawn_and_the_number_of_jobs_are_not(asked: Request) -> None:
    assert key(asked) == key(replace(asked, seed=2, jobs=7))
    assert key(asked) != key(replace(asked, graphs=0, files=()))


@pytest.mark.parametrize("ending", [".json", ".npz"])
def test_every_byte_of_a_graph_file_and_of_its_arrays_is(asked: Request, ending: str) -> None:
    before = key(asked)
    assert before == key(asked)
    file = asked.files[0].with_suffix(ending)
    file.write_bytes(file.read_bytes() + b" ")
    assert before != key(asked)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: Patch) -> Path:
    """A package of two parts in the place of ours, compiled."""
    for name in ("cli.py", "part/__init__.py", "part/one.py", "part/table.json", "docs/other.py"):
        file = tmp_path / "package" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x = 1\n")
        if name == "part/one.py":
            _compile(file)
    monkeypatch.setattr(sources, "PACKAGE", tmp_path / "package")
    return tmp_path / "package"


def _compile(file: Path) -> None:
    import py_compile

    py_compile.compile(str(file))


@pytest.mark.parametrize("name", ["cli.py", "part/one.py", "part/table.json", "part/one.so", "more.so", "part/more/new.py"])
def test_every_file_of_the_package_is_and_one_that_comes_to_it(name: str, package: Path) -> None:
    before = key(DRAWING)
    (package / name).parent.mkdir(exist_ok=True)
    (package / name).write_text("2\n")
    assert before != key(DRAWING)


def test_what_is_no_part_of_the_package_is_not(package: Path) -> None:
    before = key(DRAWING)
    (package / "docs" / "other.py").write_text("2\n")
    (package / "README.md").write_text("2\n")
    assert before == key(DRAWING)


def test_stale_compiled_code_that_python_would_take_is(package: Path) -> None:
    file = package / "part" / "one.py"
    times = os.stat(file)
    before = key(DRAWING)
    file.write_text("x = 2\n")
    _compile(file)
    compiled = Path(cache_from_source(str(file))).read_bytes()
    file.write_text("x = 1\n")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    stamped = compiled[:8] + int(times.st_mtime).to_bytes(4, "little") + compiled[12:]
    Path(cache_from_source(str(file))).write_bytes(stamped)
    stale = key(DRAWING)
    assert before != stale
    os.utime(file, (1.0, 1.0))  # now Python would compile the source
    assert stale != key(DRAWING)


@pytest.mark.parametrize("name", ["PYTHONHASHSEED", "OPENBLAS_CORETYPE", "LD_PRELOAD", "NPY_DISABLE_CPU_FEATURES"])
def test_variables_by_which_libraries_compute_otherwise_are(name: str, monkeypatch: Patch) -> None:
    before = key(DRAWING)
    monkeypatch.setenv(name, "1")
    assert before != key(DRAWING)


@pytest.mark.parametrize("name", ["features", "processor", "python"])
def test_the_machine_and_python_are(name: str, monkeypatch: Patch) -> None:
    before = key(DRAWING)
    monkeypatch.setattr(installation, name, lambda: getattr(host, name)() and "another")
    assert before != key(DRAWING)


@pytest.mark.parametrize("changed", ["numpy", "hypothesis", "sympy"])
def test_each_library_is(changed: str, monkeypatch: Patch) -> None:
    before = key(DRAWING)
    listed = installed._listed
    monkeypatch.setattr(installed, "_listed", lambda each: listed(each) + ("\n" if each.metadata["Name"] == changed else ""))
    assert before != key(DRAWING)


@pytest.mark.usefixtures("own")
def test_a_library_that_changed_or_lies_elsewhere_has_no_key(monkeypatch: Patch) -> None:
    assert whole.key_of_run(DRAWING).startswith("run ")
    with monkeypatch.context() as patch:
        patch.setattr(installation, "changed_since", lambda: "numpy/__init__.py")
        assert "" == whole.key_of_run(DRAWING)
    monkeypatch.setattr(sources, "find_spec", lambda _name: None)
    assert "" == whole.key_of_run(DRAWING)


def test_a_process_that_is_not_the_command_has_no_key() -> None:
    assert not sources.is_the_command()
    assert "" == whole.key_of_run(DRAWING)


@pytest.mark.parametrize("before", ["", "import numpy", "import sys; sys.meta_path.insert(0, type('Finder', (), {'find_spec': None}))"])
def test_a_program_that_calls_the_command_is_not_it(before: str, tmp_path: Path) -> None:
    asks = (
        "import importlib.machinery, sys\nfrom backproof.equivalence.ledger import sources\n"
        f"main = sys.modules['__main__']\n{before}\n"
        "print(sources.is_the_command())\nmain.__file__ = 'bin/backproof'\nprint(sources.is_the_command())"
    )
    said = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert ["False", str(before == "")] == said.stdout.split()


def test_a_module_of_pythons_that_something_stands_before_is_noticed(tmp_path: Path, monkeypatch: Patch) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path), *[entry for entry in sys.path if Path(entry).name.startswith("python3")]])
    assert not sources._is_shadowed()
    (tmp_path / "fractions.py").touch()
    assert sources._is_shadowed()


@pytest.mark.usefixtures("own")
def test_a_rules_file_has_no_key(tmp_path: Path) -> None:
    assert whole.key_of_run(DRAWING).startswith("run ")
    assert "" == whole.key_of_run(replace(DRAWING, rules=tmp_path / "rules.py"))


def test_what_changed_while_a_process_lives_is_noticed(asked: Request, monkeypatch: Patch, package: Path) -> None:
    monkeypatch.setattr(sources, "_LOADED", 4e9)
    now = key(asked)
    assert whole.still_has(asked, now)
    assert not whole.still_has(asked, now + "0")
    for lately in (asked.files[0], asked.files[0].with_suffix(".npz"), package / "part" / "one.py"):
        with monkeypatch.context() as patch:
            patch.setattr(sources, "_LOADED", os.stat(lately).st_ctime)
            assert not whole.still_has(asked, now)
