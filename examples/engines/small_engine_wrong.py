"""The wrong twin of small_engine.py: of a value that is used twice, it loses a use. Every rule is right, and the sweep is not.

    backproof check --rules examples/engines/small_engine_wrong.py
"""

import sys
from pathlib import Path
from typing import Any

from backproof import checked_engine

sys.path.insert(0, str(Path(__file__).parent))
import small_engine


@checked_engine
class Overwriting(small_engine.SmallEngine):
    """A gradient that arrives replaces what arrived before."""

    def accumulated(self, so_far: Any, more: Any) -> Any:
        return more
