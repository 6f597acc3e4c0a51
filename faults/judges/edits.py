"""An edit of the checker's own source, and the whole package loaded anew with it, in place of the copy that runs."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import sympy

from ...ir.graph import BackproofError

PACKAGE = __package__.partition(".")[0]

ROOT = Path(__file__).resolve().parents[2]


class EditError(BackproofError):
    """An edit of a text that is not there: the source has changed, and the table of faults has not."""


@dataclass(frozen=True, slots=True)
class Edit:
    """In a file of the package, one piece of text in place of another."""

    file: str
    old: str
    new: str

    @property
    def text(self) -> str:
        """The whole file as it is edited. Raises: EditError unless the old text stands in it exactly once."""
        source = (ROOT / self.file).read_text(encoding="utf-8")
        if source.count(self.old) != 1:
            raise EditError(f"{self.file}: {self.old!r} stands there {source.count(self.old)} times, once was needed")
        return source.replace(self.old, self.new)

    @property
    def module(self) -> str:
        """The module that the file is."""
        parts = [PACKAGE, *Path(self.file).with_suffix("").parts]
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


class _Edited(SourceFileLoader):
    """Loads a module from an edited text; no compiled file of it is read or left."""

    def __init__(self, module: str, path: str, text: str) -> None:
        super().__init__(module, path)
        self._text = text

    def get_code(self, _fullname: str) -> CodeType:
        """The edited text, compiled."""
        return compile(self._text, self.path, "exec")


class _Finder(MetaPathFinder):
    def __init__(self, texts: Mapping[str, tuple[str, str]]) -> None:
        self._texts = texts

    def find_spec(self, name: str, _path: Any, _target: ModuleType | None = None) -> ModuleSpec | None:
        """The edited module, if it is one."""
        if name not in self._texts:
            return None
        file, text = self._texts[name]
        inside = [str(Path(file).parent)] if Path(file).stem == "__init__" else None
        return importlib.util.spec_from_file_location(
            name, file, loader=_Edited(name, file, text), submodule_search_locations=inside
        )


def load_edited(edits: Sequence[Edit]) -> None:
    """Let every import from now on find the edited package. This process is lost for anything else.

    Raises: EditError.
    """
    texts = {edit.module: (str(ROOT / edit.file), edit.text) for edit in edits}
    for name in [name for name in sys.modules if name == PACKAGE or name.startswith(f"{PACKAGE}.")]:
        del sys.modules[name]
    sympy.core.cache.clear_cache()  # it holds expressions of the classes that were
    sys.meta_path.insert(0, _Finder(texts))
