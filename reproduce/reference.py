"""docs/reference.md, from the code: public names, commands with their options, ops with their formulas.

    python reproduce/reference.py [--check]

Writes the page; with --check it writes nothing and ends with status 1 if the page is another one.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Any

import backproof
import backproof.runtime.primitives
import backproof.spec.definitions
import typer.main
from backproof.cli import app
from backproof.runtime.primitive import PRIMITIVES
from backproof.spec.definition import DEFINITIONS, Definition

_KINDS: Mapping[Any, str] = MappingProxyType({int: "N", Path: "PATH"})

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference.md"


def main(arguments: list[str]) -> int:
    """Write the page, or compare it; returns the exit status."""
    written = reference()
    if arguments == ["--check"]:
        return 0 if PAGE.is_file() and PAGE.read_text() == written else 1
    PAGE.write_text(written)
    return 0


def reference() -> str:
    """The whole page."""
    return "\n".join(
        [
            "# Reference",
            "",
            "Made from the code by `make reference`; a test holds it to that.",
            "",
            "## Commands",
            "",
            *_commands(),
            "## Public names",
            "",
            "`from backproof import ...`. Of what is not listed here nothing is promised.",
            "",
            "| name | what it is |",
            "|---|---|",
            *(f"| `{name}` | {_cell(_said(getattr(backproof, name)))} |" for name in backproof.__all__ if name != "__version__"),
            "",
            "## Ops",
            "",
            f"{len(DEFINITIONS)} ops. *Inputs* names the sides of each: `*s` stands for any number of them, `...` for any number of inputs. *Call* shows the",
            "arguments of the shipped kernel, inputs first; a default is one that a graph may leave out. An op with a reason under *at instances only* is",
            "proved at the shapes at which it is checked, every other one for all sizes. `backproof ops` decides them all.",
            "",
            "| op | inputs | formula | call | domain | kinks | at instances only |",
            "|---|---|---|---|---|---|---|",
            *(_op(DEFINITIONS[name]) for name in sorted(DEFINITIONS)),
            "",
        ]
    )


def _commands() -> Iterator[str]:
    group: Any = typer.main.get_command(app)
    for name, command in group.commands.items():
        arguments = [each for each in command.params if each.param_type_name == "argument"]
        options = [each for each in command.params if each.param_type_name == "option"]
        yield f"### backproof {' '.join([name, *map(_argument, arguments)])}"
        yield ""
        yield command.help
        yield ""
        yield "| option | default | |"
        yield "|---|---|---|"
        for option in options:
            shown = "" if option.default in (None, False) or callable(option.default) else f"`{option.default}`"
            yield f"| `{', '.join(option.opts)}`{_value(option)} | {shown} | {_cell(option.help or '')} |"
        yield ""


def _argument(argument: Any) -> str:
    shown = argument.metavar or argument.name.upper()
    return shown if argument.required else f"[{shown} ...]"


def _value(option: Any) -> str:
    """What stands after an option: its metavar, its choices, or the kind of number."""
    if option.is_flag:
        return ""
    kind = option.type_descriptor.annotation
    if option.metavar is not None:
        return f" {option.metavar}"
    if isinstance(kind, type) and issubclass(kind, Enum):
        return f" {', '.join(each.value for each in kind)}"
    return f" {_KINDS.get(kind, 'TEXT')}"


def _said(public: Any) -> str:
    """The first sentence of its docstring, and how it is called if it is a function."""
    text = (inspect.getdoc(public) or "").split("\n\n")[0].replace("\n", " ")
    if not inspect.isfunction(public):
        return text
    names = [str(each.replace(annotation=inspect.Parameter.empty)) for each in inspect.signature(public).parameters.values()]
    return f"`({', '.join(names)})`: {text}" if len(", ".join(names)) <= 90 else text


def _op(definition: Definition) -> str:
    inputs = ", ".join(f"({','.join(group)})" for group in definition.signature) + (", ..." if definition.repeats else "")
    formula = (inspect.getdoc(definition.formula) or "").splitlines()
    call = inspect.signature(PRIMITIVES[definition.op].forward_kernel).parameters.values()
    names = ", ".join(str(each.replace(annotation=inspect.Parameter.empty)) for each in call)
    kinks = "" if definition.kinks == "none" else definition.kinks
    cells = (f"`{definition.op}`", f"`{inputs}`" if inputs else "", formula[0] if formula else "", f"`({names})`", definition.domain_text, kinks, definition.bounded)
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
