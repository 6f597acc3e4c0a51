"""Changes of statements, each with the class of the fault that it makes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

Change = tuple[str, ast.stmt]


def statement_changed(node: ast.stmt) -> Iterator[Change]:
    """Every change of a statement as a whole, not of what is below it."""
    match node:
        case ast.AugAssign(target=ast.Name() | ast.Subscript() | ast.Attribute() as target, value=value):
            yield "+= to =", ast.Assign([target], value)
            yield "statement removed", ast.Pass()
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if _reads(value, name):
            yield "statement removed", ast.Pass()
        case ast.Assign(targets=[ast.Subscript()]):
            yield "statement removed", ast.Pass()
        case ast.Expr(value=ast.Call() as call):
            yield "statement removed", ast.Pass()
            if ast.unparse(call.func) == "np.add.at":
                # Where an index comes twice, the last one wins: the scatter that many engines shipped.
                array, index, value = call.args
                yield "+= to =", ast.Assign([ast.Subscript(array, index, ast.Store())], value)
        case ast.If(test=test, body=body, orelse=orelse):
            yield "condition negated", ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)
            yield "early return", ast.If(ast.Constant(value=True), body, orelse)
            yield "statement removed", ast.If(ast.Constant(value=False), body, orelse)
        case ast.For(target=target, iter=source, body=body):
            yield "early return", ast.For(target, source, [*body, ast.Break()], [])
            yield "loop bound", ast.For(target, _reversed(source), body, [])
            yield "statement removed", ast.Pass()
        case ast.Return(value=ast.Tuple(elts=[*parts])) if len(parts) > 1:
            for place, part in enumerate(parts):
                lost = ast.BinOp(ast.Constant(0), ast.Mult(), part)
                yield "cotangent lost", ast.Return(ast.Tuple([*parts[:place], lost, *parts[place + 1 :]], ast.Load()))
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Tuple | ast.Constant):
            yield "sign", ast.Return(ast.UnaryOp(ast.USub(), value))


def _reads(value: ast.expr, name: str) -> bool:
    """Whether a name is read in its own new value: what it was before is then something else than nothing."""
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(value))


def _reversed(source: ast.expr) -> ast.expr:
    listed = ast.Call(ast.Name("list", ast.Load()), [source], [])
    return ast.Call(ast.Name("reversed", ast.Load()), [listed], [])
