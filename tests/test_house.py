"""The house: what design sections 2 and 9 promise about files, sizes and who may import whom."""

from __future__ import annotations

import ast
import doctest
import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import backproof
import pytest

ROOT = Path(__file__).resolve().parent.parent
NOT_PACKAGED = {"tests", "benchmarks", "examples", "reproduce", "docs", "out", "build"}
SOURCES = sorted(
    path
    for path in ROOT.rglob("*.py")
    if not any(part.startswith(".") or part in {"out", "build"} for part in path.relative_to(ROOT).parts)
)
BUGS = ROOT / "faults/history/rules"  # shipped as data, executed one at a time: to import one would plant its bug
PACKAGED = [path for path in SOURCES if path.relative_to(ROOT).parts[0] not in NOT_PACKAGED and BUGS not in path.parents]
MODULES = {
    ".".join(("backproof", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in PACKAGED
}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines(paths: list[Path]) -> int:
    return sum(len(path.read_text().splitlines()) for path in paths)


def syntax(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), name(path))


def test_the_house_has_files_to_judge() -> None:
    assert {"backproof", "backproof.cli", "backproof.ir.graph", "backproof.equivalence.kernel"} <= MODULES.keys()


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_file_has_at_most_250_lines(path: Path) -> None:
    assert lines([path]) <= 250


@pytest.mark.parametrize(
    ("folder", "but", "budget"),
    [
        ("equivalence/kernel", ("algebra", "numbers", "scalars", "shapes"), 600),
        ("equivalence/kernel/algebra", (), 1300),
        ("equivalence/kernel/numbers", (), 600),
        ("equivalence/kernel/scalars", (), 900),
        ("equivalence/kernel/shapes", (), 6650),
    ],
)
def test_the_trusted_base_stays_small(folder: str, but: tuple[str, ...], budget: int) -> None:
    inside = [path for path in PACKAGED if path.is_relative_to(ROOT / folder)]
    counted = [path for path in inside if not any(path.is_relative_to(ROOT / folder / part) for part in but)]
    assert 0 < lines(counted) <= budget


def test_the_packages_in_pyproject_are_the_folders() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    assert sorted({".".join(("backproof", *path.parent.relative_to(ROOT).parts)) for path in PACKAGED}) == declared


def test_every_folder_of_the_package_has_its_docstring() -> None:
    for folder in {path.parent for path in PACKAGED}:
        assert ast.get_docstring(syntax(folder / "__init__.py")), name(folder)


def test_no_module_at_the_root_shadows_the_standard_library() -> None:
    top = {path.relative_to(ROOT).parts[0].removesuffix(".py") for path in PACKAGED}
    assert set() == (top - {"__init__", "__main__"}) & sys.stdlib_module_names


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_file_is_not_named_after_nothing(path: Path) -> None:
    assert path.stem not in {"utils", "helpers", "common", "misc", "manager", "data", "info"} or (
        path.parent.name in {"definitions", "primitives"}  # the ops whose subject is data
    )


@pytest.mark.parametrize("path", PACKAGED, ids=name)
def test_nothing_asserts_outside_tests(path: Path) -> None:
    assert not [node.lineno for node in ast.walk(syntax(path)) if isinstance(node, ast.Assert)]


@pytest.mark.parametrize("path", PACKAGED, ids=name)
def test_nothing_is_pickled(path: Path) -> None:
    assert not {"pickle", "cloudpickle", "dill", "shelve", "marshal"} & {top for top, _ in imports(path)}


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_test_is_skipped_and_no_import_is_optional(path: Path) -> None:
    forbidden = {"skip", "skipif", "xfail", "importorskip"}
    named = {node.attr for node in ast.walk(syntax(path)) if isinstance(node, ast.Attribute)}
    assert not forbidden & named


def test_no_file_holds_a_path_of_one_machine() -> None:
    kept = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout.decode()
    files = [ROOT / entry for entry in kept.split("\0") if entry] or SOURCES
    paths = re.compile(r"(?<![\w.>)/-])/(?:work|tmp|root|home|Users|mnt|opt)/\w")
    found = [name(file) for file in files if file.is_file() and paths.search(file.read_text(errors="replace"))]
    assert found == []


def test_every_file_is_loaded_under_one_name() -> None:
    program = (
        "import importlib, sys\n"
        f"for module in {sorted(MODULES)!r}:\n"
        "    if not module.endswith('__main__'): importlib.import_module(module)\n"
        f"ours, names = set({sorted(map(str, PACKAGED))!r}), {{}}\n"
        "for loaded, module in list(sys.modules.items()):\n"
        "    file = getattr(module, '__file__', None)\n"
        "    if file in ours: names.setdefault(file, []).append(loaded)\n"
        "print(len(names) >= len(ours) - 1, [held for held in names.values() if len(held) > 1])\n"
    )
    assert run_python(program) == "True []"
    loaded = [name for name, module in sys.modules.items() if getattr(module, "__file__", None) == backproof.__file__]
    assert loaded == ["backproof"]


def test_importing_backproof_alone_imports_nothing_of_it() -> None:
    loaded = run_python("import sys, backproof; print([m for m in sys.modules if m.startswith('backproof.')])")
    assert loaded == "[]"


@pytest.mark.parametrize("public", backproof.__all__)
def test_a_public_name_is_loaded_on_first_use(public: str) -> None:
    assert getattr(backproof, public) is getattr(backproof, public)


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'tapes'"):
        backproof.tapes  # noqa: B018 - looking it up is the test


@pytest.mark.parametrize("module", sorted(module for module in MODULES if not module.endswith("__main__")))
def test_the_examples_in_docstrings_run(module: str) -> None:
    assert doctest.testmod(importlib.import_module(module)).failed == 0


# Who may import whom, by source and by a fresh process for each part.

STANDARD = sys.stdlib_module_names
ALLOWED_OURS = {
    "ir": {"ir"},
    "spec": {"ir", "spec"},
    "runtime": {"ir", "runtime"},
    "equivalence.kernel": {"ir", "equivalence.kernel"},
    "equivalence": {"ir", "spec", "runtime", "equivalence.kernel", "equivalence"},
    "equivalence.ledger": {"ir", "spec", "runtime", "equivalence.kernel", "equivalence", "equivalence.ledger", "LOADED"},
    "equivalence.elsewhere": {"ir", "spec", "equivalence", "equivalence.elsewhere"},
    "reports": {"ir", "equivalence.family", "equivalence.obligations", "equivalence.kernel.verdict", "reports"},
    "faults": {"ir", "spec", "runtime", "equivalence", "reports", "faults"},
    "": {"", "ir", "equivalence", "reports", "faults"},
}
ALLOWED_OTHERS = {
    "ir": {"msgspec", "numpy"},
    "spec": {"sympy"},
    "runtime": {"numpy", "scipy"},
    "equivalence.kernel": {"numpy", "sympy", "z3", "flint", "cvc5"},
    "equivalence": {"numpy", "sympy", "hypothesis", "flint"},
    "equivalence.ledger": {"msgspec", "numpy"},
    "equivalence.elsewhere": {"msgspec", "distributed"},
    "reports": {"msgspec", "rich", "jinja2", "markupsafe"},
    "faults": {"msgspec", "numpy", "sympy", "flint", "pytest", "torch", "jax", "autograd"},  # its guards and peers
    "": {"pytest", "typer", "rich"},
}


def part_of(module: str) -> str:
    """The part a module of ours belongs to; "" for the root's own files."""
    inside = module.removeprefix("backproof").removeprefix(".")
    parts = [part for part in ALLOWED_OURS if part and (inside == part or inside.startswith(part + "."))]
    return max(parts, key=len, default="")


def imports(path: Path) -> list[tuple[str, str]]:
    """Top-level package and full name of everything that a file imports, anywhere in it."""
    package = ("backproof", *path.parent.relative_to(ROOT).parts)
    found: list[tuple[str, str]] = []
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Import):
            found += [(alias.name.partition(".")[0], alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            full = ".".join(filter(None, (base, node.module or "")))
            names = [full] if node.module else [f"{full}.{alias.name}" for alias in node.names]
            found += [(each.partition(".")[0], each) for each in names]
    return found


@pytest.mark.parametrize("module", sorted(set(MODULES) - {"backproof"}))
def test_a_file_imports_only_what_its_part_may(module: str) -> None:
    part = part_of(module)
    for top, full in imports(MODULES[module]):
        if top == "backproof":
            inside = full.removeprefix("backproof").removeprefix(".")
            assert any(inside == ours or inside.startswith(ours + ".") for ours in ALLOWED_OURS[part] if ours) or (
                part == "" and part_of(full) == ""
            ), f"{module} imports {full}"
        else:
            assert top in STANDARD | ALLOWED_OTHERS[part], f"{module} imports {full}"


def test_numpy_in_ir_only_holds_values() -> None:
    importers = {module for module in MODULES if part_of(module) == "ir" and ("numpy", "numpy") in imports(MODULES[module])}
    assert importers <= {"backproof.ir.exchange"}


@pytest.mark.parametrize(
    ("part", "never"),
    [
        ("ir", {"sympy", "z3", "cvc5", "flint", "hypothesis", "backproof.spec", "backproof.runtime", "backproof.equivalence"}),
        ("spec", {"numpy", "z3", "cvc5", "backproof.runtime", "backproof.equivalence"}),
        ("runtime", {"sympy", "z3", "cvc5", "flint", "backproof.spec", "backproof.equivalence"}),
        ("equivalence.kernel", {"backproof.spec", "backproof.runtime", "backproof.reports"}),
        ("equivalence", {"backproof.reports", "backproof.cli"}),
        ("reports", {"backproof.spec", "backproof.runtime", "backproof.cli"}),
        ("faults", {"backproof.cli"}),
    ],
)
def test_loading_a_part_alone_loads_nothing_that_it_must_not_know(part: str, never: set[str]) -> None:
    modules = sorted(module for module in MODULES if part_of(module) == part)
    assert modules
    program = (
        "import importlib, sys\n"
        f"for module in {modules!r}: importlib.import_module(module)\n"
        f"print(sorted({never!r} & sys.modules.keys()))\n"
    )
    assert run_python(program) == "[]"


def run_python(program: str) -> str:
    """What a fresh process prints."""
    process = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT.parent
    )
    assert process.returncode == 0, process.stderr
    return process.stdout.strip()
