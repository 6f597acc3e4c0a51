"""Texts from outside, made safe for where they are shown: names of ops and files may hold anything."""

from __future__ import annotations

import re
import sys

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
"""What no XML document may hold, and what moves or hides the characters around it."""

_PLAIN = re.compile(r"[^\w \-.,+/()]|_")
"""What Markdown or HTML might read as more than itself."""

CUT = "… (cut)"

WHOLE = sys.maxsize
"""For texts that are not cut."""


def printable(text: str, longest: int) -> str:
    """A text without control characters, at most so many characters long.

    >>> printable("a\\x1b[31mb", 20)
    'a\\\\x1b[31mb'
    >>> printable("abcdefghijkl", 10)
    'abc… (cut)'
    """
    held = text if len(text) <= longest else text[: longest + 1]
    seen = _UNSEEN.sub(lambda found: found[0].encode("unicode-escape").decode(), held)
    return seen if len(seen) <= longest else seen[: longest - len(CUT)] + CUT


def one_line(text: str, longest: int) -> str:
    """A printable text in one line.

    >>> one_line("a\\n  b", 20)
    'a b'
    """
    return printable(" ".join(text[: 4 * longest].split()), longest)


def markdown(text: str, longest: int) -> str:
    """A text in one line that Markdown shows as it is, in a cell of a table too.

    >>> markdown("a|<b>_*c`", 20)
    'a&#124;&#60;b&#62;&#95;&#42;c&#96;'
    """
    return _PLAIN.sub(lambda found: f"&#{ord(found[0])};", one_line(text, longest))


def code(text: str, longest: int) -> str:
    """A text in one line as code: no mentions, links or pictures.

    >>> code("@a [b](c)", 20)
    '<code>&#64;a &#91;b&#93;(c)</code>'
    """
    return f"<code>{markdown(text, longest)}</code>"


def fenced(text: str, longest: int) -> str:
    """Lines that Markdown shows as they are: the fence is longer than any that the lines hold.

    >>> fenced("a", 20)
    '```\\na\\n```'
    """
    lines = printable(text, longest)
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", lines)), default=0))
    return f"{fence}\n{lines}\n{fence}"
