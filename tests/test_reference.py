"""docs/reference.md says what the code does: it is made again and compared."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_the_reference_is_what_make_reference_writes() -> None:
    came = subprocess.run([sys.executable, str(ROOT / "reproduce" / "reference.py"), "--check"], capture_output=True, text=True, check=False)
    assert came.returncode == 0, f"make reference writes another page {came.stderr}"


def test_the_reference_names_every_command_every_public_name_and_every_op() -> None:
    import backproof
    from backproof.spec import definitions as _definitions  # noqa: F401 - fills the registry
    from backproof.spec.definition import DEFINITIONS

    page = (ROOT / "docs" / "reference.md").read_text()
    for name in (*backproof.__all__[1:], *DEFINITIONS):
        assert f"| `{name}` |" in page, name
    assert "### backproof check" in page and "`--graphs`" in page
