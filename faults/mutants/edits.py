"""Every small change that the code of a function can be given.

Left alone are annotations, docstrings, defaults and `strict=`, and what is raised and the conditions under which it is, unless
refusals are asked for: the check says what right uses compute, not which uses are refused. Of what is raised, the code is
changed alone.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

from .operators import Around, changed
from .statements import statement_changed


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: a node of a tree, what stands in its place, and the class of the fault."""

    fault_class: str
    old: ast.AST
    new: ast.AST

    def applied(self, tree: ast.Module) -> ast.Module:
        """A copy of the tree with the change."""
        twin: ast.Module = copy.deepcopy(tree, {id(self.old): copy.deepcopy(self.new)})
        return ast.fix_missing_locations(twin)


def edits(function: ast.FunctionDef, *, refusals: bool = False) -> Iterator[Edit]:
    """The changes of a function, in the order of its text, of what it refuses too if asked; several may give the same text."""
    parameters = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    names = tuple(each.arg for each in parameters if each.arg != "self")
    for statement in _without_docstring(function.body):
        yield from _within(statement, Around("constant", names), refusals=refusals)


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    first = body[0]
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    return body[1:] if is_text else body


def _within(node: ast.AST, around: Around, *, refusals: bool) -> Iterator[Edit]:
    """The changes of a node and of all below it."""
    if isinstance(node, ast.FunctionDef):
        for statement in _without_docstring(node.body):
            yield from _within(statement, around, refusals=refusals)
        return
    if isinstance(node, ast.Raise) and refusals:
        yield from _other_codes(node)
        return
    if not refusals and _refuses(node):
        return
    if isinstance(node, ast.stmt):
        yield from (Edit(name, node, new) for name, new in statement_changed(node))
    elif isinstance(node, ast.expr):
        yield from (Edit(name, node, new) for name, new in changed(node, around))
    for child, below in _children(node, around):
        yield from _within(child, below, refusals=refusals)


def _other_codes(node: ast.Raise) -> Iterator[Edit]:
    """Another code in place of that of an error which has one before its message."""
    if isinstance(node.exc, ast.Call) and len(node.exc.args) > 1:
        yield Edit("error code replaced", node.exc.args[0], ast.Constant("E-other"))


def _refuses(node: ast.AST) -> bool:
    """Whether nothing is done here but to raise."""
    if isinstance(node, ast.If | ast.For):
        return not node.orelse and all(map(_refuses, node.body))
    return isinstance(node, ast.Raise)


def _children(node: ast.AST, around: Around) -> Iterator[tuple[ast.AST, Around]]:
    """What is below a node that computes, each with what stands around it."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "ctx", "returns"):
            continue
        label = _label(node, name)
        below = around if label is None else Around(label, around.names)
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not (isinstance(child, ast.keyword) and child.arg == "strict"):
                yield child, below


def _label(node: ast.AST, field: str) -> str | None:
    """What a constant below this field is; None for what it is already."""
    match node:
        case ast.Subscript() if field == "slice":
            return "index"
        case ast.keyword(arg="axis" | "keepdims" | "axes"):
            return "axis"
        case ast.For() | ast.comprehension() if field == "iter":
            return "loop bound"
        case ast.Call() | ast.BinOp() if field != "keywords":
            return None
    return None
