"""A formula as MathML Core: by sympy's printer, with what is this project's own beside it."""

from __future__ import annotations

from html import unescape
from typing import Any
from xml.dom.minidom import Element, Node
from xml.sax.saxutils import escape

from sympy.printing.mathml import MathMLPresentationPrinter


def mathml(expression: Any) -> str:
    """The expression as the content of a `math` element: well-formed XML, without attributes and without entities."""
    return _xml(_Printer({"mul_symbol": "dot"})._print(expression))


def _xml(node: Any) -> str:
    """The printer's own writer leaves characters as names that no XML knows, or as they are where XML would read them."""
    if node.nodeType == Node.TEXT_NODE:
        return escape(unescape(node.data))
    return f"<{node.tagName}>{''.join(map(_xml, node.childNodes))}</{node.tagName}>"


class _Printer(MathMLPresentationPrinter):  # type: ignore[misc]
    """Cases as a brace and a table, and the words that sympy does not have."""

    def _element(self, tag: str, *children: Element | str) -> Element:
        made: Element = self.dom.createElement(tag)
        for child in children:
            made.appendChild(self.dom.createTextNode(child) if isinstance(child, str) else child)
        return made

    def _print_Piecewise(self, expr: Any) -> Element:
        rows = []
        for value, condition in expr.args:
            otherwise = condition.is_Boolean and not condition.free_symbols
            said = self._element("mtext", "otherwise" if otherwise else "if\N{NO-BREAK SPACE}")
            cells = (said,) if otherwise else (said, self._print(condition))
            rows.append(self._element("mtr", self._element("mtd", self._print(value)), self._element("mtd", *cells)))
        return self._element("mrow", self._element("mo", "{"), self._element("mtable", *rows))

    def _print_LargestOver(self, expr: Any) -> Element:
        term, *limits = expr.args
        ranges: list[Element | str] = []
        for index, start, end in limits:
            ranges += [*([self._element("mo", ",")] if ranges else []), self._print(start), self._element("mo", "≤")]
            ranges += [self._print(index), self._element("mo", "<"), self._print(end)]
        over = self._element("munder", self._element("mo", "max"), self._element("mrow", *ranges))
        return self._element("mrow", over, self._print(term))

    def _print_Held(self, expr: Any) -> Element:
        held = (self._element("mo", "("), self._print(expr.args[0]), self._element("mo", ")"))
        return self._element("mrow", self._element("mi", "held"), *held)

    def _print_Indexed(self, expr: Any) -> Element:
        indices: list[Element | str] = []
        for index in expr.indices:
            indices += [*([self._element("mo", ",")] if indices else []), self._print(index)]
        return self._element("msub", self._print(expr.base.label), self._element("mrow", *indices))

    def _print_Sum(self, expr: Any) -> Element:
        return self._over("∑", expr)

    def _print_Product(self, expr: Any) -> Element:
        return self._over("∏", expr)

    def _over(self, sign: str, expr: Any) -> Element:
        signs = []
        for index, start, end in expr.limits:
            below = self._element("mrow", self._print(index), self._element("mo", "="), self._print(start))
            signs.append(self._element("munderover", self._element("mo", sign), below, self._print(end)))
        term = self._print(expr.function)
        bare = not (expr.function.is_Add or expr.function.is_Mul)
        inside = (term,) if bare else (self._element("mo", "("), term, self._element("mo", ")"))
        return self._element("mrow", *signs, *inside)

    def _print_Symbol(self, sym: Any, style: str = "plain") -> Element:
        name: str = sym.name
        made: Element = super()._print_Symbol(sym, style)
        return self._element("mn", name) if name[0].isdigit() else made
