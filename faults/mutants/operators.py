"""Changes of expressions, each with the class of the fault that it makes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

Change = tuple[str, ast.expr]

_BINARY: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult, ast.Sub),
    ast.MatMult: (ast.Mult,),
    ast.FloorDiv: (ast.Mod, ast.Mult),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}

_ORDERED = (ast.Sub, ast.Div, ast.MatMult, ast.FloorDiv, ast.Mod, ast.Pow)
"""Operators whose sides are no sum or product that may be swapped."""

_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Eq: (ast.NotEq, ast.GtE),
    ast.NotEq: (ast.Eq, ast.Gt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}

_TWINS = {
    "max": "min", "min": "max", "maximum": "minimum", "minimum": "maximum", "argmax": "argmin", "argmin": "argmax",
    "sin": "cos", "cos": "sin", "exp": "expm1", "expm1": "exp", "log": "log1p", "log1p": "log", "sum": "prod",
    "zeros_like": "ones_like", "ones_like": "zeros_like", "cumsum": "cumprod", "cumprod": "cumsum", "any": "all", "all": "any",
}  # fmt: skip
"""Functions that are confused with one another."""

_TRANSPOSED = frozenset({"swapaxes", "moveaxis", "transpose", "flip"})

_RELATIVE = 1e-9
"""By how much of itself a constant is off, the least that a mutant changes."""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around an expression: what a constant in it is, and the parameters that its function has."""

    constant: str
    names: tuple[str, ...]


def changed(node: ast.expr, around: Around) -> Iterator[Change]:
    """Every change of an expression as a whole, not of what is below it."""
    match node:
        case ast.BinOp():
            yield from _binary(node)
        case ast.UnaryOp(op=operator, operand=operand):
            yield ("condition negated" if isinstance(operator, ast.Not) else "sign"), operand
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            for kind in _COMPARED.get(type(operator), ()):
                yield "comparison", ast.Compare(left, [kind()], [right])
        case ast.BoolOp(op=operator, values=values):
            yield "condition negated", ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
            yield from (("condition dropped", value) for value in values)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield "condition negated", ast.IfExp(test, orelse, body)
            yield from (("early return", side) for side in (body, orelse))
        case ast.Constant(value=value):
            yield from ((around.constant, ast.Constant(other)) for other in _constants(value))
        case ast.Name(id=name, ctx=ast.Load()) if name in around.names:
            yield from _others(name, around.names)
        case ast.Attribute(value=inner, attr="T" | "mT"):
            yield "transpose dropped", inner
        case ast.Call():
            yield from _called(node)
        case ast.Tuple(elts=[*parts], ctx=ast.Load()):
            yield from _tupled(parts, around)
        case ast.Slice(lower=lower, upper=upper, step=step):
            bounds = ((None, upper, step), (lower, None, step), (lower, upper, None))
            yield from (("index", ast.Slice(*new)) for new in bounds if new != (lower, upper, step))


def _binary(node: ast.BinOp) -> Iterator[Change]:
    for kind in _BINARY.get(type(node.op), ()):
        yield "operator", ast.BinOp(node.left, kind(), node.right)
    if isinstance(node.op, _ORDERED):
        yield "argument swapped", ast.BinOp(node.right, node.op, node.left)
    yield "sign", ast.UnaryOp(ast.USub(), node)
    yield "term dropped", node.left
    yield "term dropped", node.right


def _constants(value: object) -> Iterator[bool | int | float]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield value + 1
        yield value - 1
        if value:
            yield -value
        if isinstance(value, float) and value:
            yield value * (1 + _RELATIVE)


def _others(name: str, names: tuple[str, ...]) -> Iterator[Change]:
    """A value that was saved or given, replaced by its neighbours among the parameters."""
    place = names.index(name)
    for other in dict.fromkeys((names[place - 1], names[(place + 1) % len(names)])):
        if other != name:
            yield "saved value replaced", ast.Name(other, ast.Load())


def _called(node: ast.Call) -> Iterator[Change]:
    arguments, keywords = node.args, node.keywords
    method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    for place in range(len(arguments) - 1):
        swapped = [*arguments[:place], arguments[place + 1], arguments[place], *arguments[place + 2 :]]
        yield "argument swapped", ast.Call(node.func, swapped, keywords)
    for keyword in keywords:
        if keyword.arg != "strict":
            kept = [each for each in keywords if each is not keyword]
            name = "axis" if keyword.arg in ("axis", "keepdims") else "argument dropped"
            yield name, ast.Call(node.func, arguments, kept)
    if arguments and not isinstance(arguments[0], ast.Starred):
        yield ("transpose dropped" if method in _TRANSPOSED else "call removed"), arguments[0]
    elif isinstance(node.func, ast.Attribute) and not arguments:
        yield "call removed", node.func.value
    if isinstance(node.func, ast.Attribute) and method in _TWINS:
        twin = ast.Attribute(node.func.value, _TWINS[method], ast.Load())
        yield "function replaced", ast.Call(twin, arguments, keywords)
    if isinstance(node.func, ast.Name) and node.func.id == "range":
        yield from _ranged(node)


def _ranged(node: ast.Call) -> Iterator[Change]:
    """One turn fewer at the end and at the start, and one more."""
    last = node.args[0] if len(node.args) == 1 else node.args[1]
    before: list[ast.expr] = [] if len(node.args) == 1 else [node.args[0]]
    for operator in (ast.Sub(), ast.Add()):
        bound = ast.BinOp(last, operator, ast.Constant(1))
        yield "loop bound", ast.Call(node.func, [*before, bound, *node.args[2:]], [])
    first = ast.BinOp(before[0], ast.Add(), ast.Constant(1)) if before else ast.Constant(1)
    yield "loop bound", ast.Call(node.func, [first, last, *node.args[2:]], [])


def _tupled(parts: list[ast.expr], around: Around) -> Iterator[Change]:
    for place in range(len(parts) - 1):
        swapped = [*parts[:place], parts[place + 1], parts[place], *parts[place + 2 :]]
        name = around.constant if around.constant in ("index", "axis") else "argument swapped"
        yield name, ast.Tuple(swapped, ast.Load())
