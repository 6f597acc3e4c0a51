"""Every block of README and of the pages runs, in a process and a folder of its own page, or says where it does."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import typer.main
from backproof.cli import app
from snippets import LANGUAGES, MARKS, Snippet, is_shown, snippets

ROOT = Path(__file__).resolve().parent.parent
FULL = os.environ.get("BACKPROOF_EVIDENCE") == "full"
PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")})
WITH_BLOCKS = [page for page in PAGES if snippets(page)]


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", WITH_BLOCKS, ids=name)
def test_every_block_says_what_it_is_and_each_mark_is_a_known_one(page: Path) -> None:
    for block in snippets(page):
        assert block.language in LANGUAGES, f"{name(page)}, line {block.line}: a language of {sorted(LANGUAGES)} was needed"
        assert block.marks.keys() <= MARKS, f"{name(page)}, line {block.line}"
        assert all(block.marks.values()), f"{name(page)}, line {block.line}: a mark is empty"


@pytest.mark.parametrize("page", WITH_BLOCKS, ids=name)
def test_commands_have_the_options_that_they_are_shown_with_and_targets_exist(page: Path) -> None:
    """Also of what is run at full size alone."""
    makefile = (ROOT / "Makefile").read_text()
    for words in (shlex.split(line, comments=True) for block in snippets(page) if block.language == "sh" for line in block.commands):
        if words and Path(words[0]).name == "backproof":
            parse([word for word in words[1:] if word not in ("||", "&&")])
        if words and words[0] == "make":
            assert all(re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE) for target in words[1:] if "=" not in target)


def parse(arguments: list[str]) -> None:
    """Raises: what wrong usage raises."""
    group = typer.main.get_command(app)
    if arguments and not arguments[0].startswith("-"):
        command = group.commands[arguments[0]]
        command.make_context(arguments[0], arguments[1:], parent=typer.Context(group))


@pytest.mark.parametrize("page", WITH_BLOCKS, ids=name)
def test_the_blocks_of_a_page_run_and_print_what_is_shown(page: Path, tmp_path: Path, cache: Path) -> None:
    lay_out(tmp_path)
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "XDG_CACHE_HOME": str(cache)}
    printed: str | None = None
    for block in snippets(page):
        if "elsewhere" in block.marks or ("evidence" in block.marks and not FULL):
            printed = None
        elif block.language == "text":
            assert printed is None or is_shown(block.text, printed), f"{name(page)}, line {block.line}, came:\n{printed}"
        elif "file" in block.marks:
            (tmp_path / block.marks["file"]).write_text(block.text)
        elif block.language == "json":
            json.loads(block.text)
        else:
            printed = run(block, page, tmp_path, environment)


def lay_out(folder: Path) -> None:
    """What a fresh clone holds, with its environment, and a folder `out` of its own."""
    for entry in ROOT.iterdir():
        if entry.name not in {"out", ".venv", ".git"}:
            (folder / entry.name).symlink_to(entry)
    (folder / ".venv").symlink_to(sys.prefix)


def run(block: Snippet, page: Path, folder: Path, environment: dict[str, str]) -> str:
    """What the block prints. A block of Python is a program of its own, one of commands stops at the first that fails."""
    program = ["sh", "-ec", block.text] if block.language == "sh" else [sys.executable, "-c", block.text]
    done = subprocess.run(program, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert block.status == done.returncode, f"{name(page)}, line {block.line}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_there_are_pages_with_blocks_that_run() -> None:
    running = [block for page in PAGES for block in snippets(page) if block.language in ("python", "sh") and "elsewhere" not in block.marks]
    assert 20 <= len(running)


def test_a_line_that_is_not_printed_or_comes_too_early_is_found_out() -> None:
    assert is_shown("a … c\n…\nd", "a b c\nx\nd\n")
    assert not is_shown("d\na … c", "a b c\nd\n")
    assert not is_shown("a b", "a b c\n")
    assert not is_shown("…", "a\n")


def test_a_block_has_its_marks_and_continued_lines_are_one_command(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(textwrap.dedent("""\
        <!-- snippet: status=1; evidence=it takes minutes -->
        ```sh
        one \\
          two
        three
        ```
    """))
    (block,) = snippets(page)
    assert (2, "sh", 1, ["one    two", "three"]) == (block.line, block.language, block.status, block.commands)
    assert block.marks == {"status": "1", "evidence": "it takes minutes"}
