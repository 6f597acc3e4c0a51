"""Everything that pieces of work decide by, loaded: by a process before others are forked from it, and by a server of them."""

from __future__ import annotations

from .adapters import work as _engines  # noqa: F401
from .engine import theorem as _theorem  # noqa: F401
from .graphs import adjoint as _adjoint  # noqa: F401
from .graphs import crosscheck as _crosscheck  # noqa: F401
from .graphs import directions as _directions  # noqa: F401
from .graphs import replay as _replay  # noqa: F401
from .graphs import two_runs as _two_runs  # noqa: F401
from .graphs import whole_floats as _whole_floats  # noqa: F401
from .rules import discharge as _discharge  # noqa: F401
from .rules import lemmas as _lemmas  # noqa: F401
