"""A formula on the page: the MathML of a record, of which only known elements and their texts are taken."""

from __future__ import annotations

from xml.etree import ElementTree

from markupsafe import Markup, escape

ELEMENTS = frozenset(
    {"mi", "mn", "mo", "mtext", "mrow", "msub", "msup", "msubsup", "mfrac", "msqrt", "munder", "munderover", "mtable", "mtr", "mtd"}
)
"""What may stand in a formula; none of them loads, links or runs anything."""

LONGEST = 8_000
"""Units: characters. A longer formula is told in its definition's own words alone."""


def mathematics(text: str) -> Markup | None:
    """The formula as an element of the page; None if there is none, or if it is not made of known elements alone."""
    if not text or len(text) > LONGEST or "<!" in text:
        return None
    try:
        tree = ElementTree.fromstring(f"<math>{text}</math>")
    except ElementTree.ParseError:
        return None
    if any(element.tag not in ELEMENTS for element in tree.iter() if element is not tree):
        return None
    return Markup(f"<math>{_inside(tree)}</math>")


def _inside(element: ElementTree.Element) -> str:
    parts = (f"<{each.tag}>{_inside(each)}</{each.tag}>{escape(each.tail or '')}" for each in element)
    return str(escape(element.text or "")) + "".join(parts)
