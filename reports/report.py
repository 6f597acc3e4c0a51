"""What is said of a run, as plain records: `backproof.report.v1`.

Everything but `cost` is a function of what was checked and of the seed, so two runs differ nowhere else.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec

from ..equivalence.family import Family
from ..ir.document import schema_of
from ..ir.needs import Needs

Format = Literal["backproof.report.v1"]

FORMAT: Format = "backproof.report.v1"

Count = Annotated[int, msgspec.Meta(ge=0)]
Shape = tuple[Count, ...]


class Answer(StrEnum):
    """The four verdicts by name."""

    PROVED = "proved"
    TESTED = "tested"
    REFUTED = "refuted"
    UNKNOWN = "unknown"


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A JSON object whose every field is known and present."""


class Sides(Record, frozen=True):
    """One quantity of one value on both sides, row-major, as exact numbers in text."""

    quantity: str
    tape: tuple[str, ...]
    spec: tuple[str, ...]
    differs: bool


class ValueSides(Record, frozen=True):
    """Both sides at one leaf or node of a counterexample's graph."""

    id: Count
    op: str
    sides: tuple[Sides, ...]


class LeafValue(Record, frozen=True):
    """What one leaf of a counterexample holds."""

    id: Count
    name: str
    shape: Shape
    entries: tuple[float, ...]


class CounterexampleRecord(Record, frozen=True):
    """Where the two sides differ: `graph` is a graph file whole, which `backproof replay` runs again."""

    graph: dict[str, Any]
    values: tuple[LeafValue, ...]
    leaves: tuple[ValueSides, ...]
    nodes: tuple[ValueSides, ...]


class Cost(Record, frozen=True):
    """What varies from run to run. Units: seconds of one process."""

    seconds: float


class Row(Record, frozen=True):
    """One obligation and what was decided of it."""

    id: str
    family: Family
    op: str
    claim: str
    shapes: tuple[Shape, ...]
    needs: Needs
    verdict: Answer
    met: bool
    reason: str
    detail: str
    method: str
    rests_on: tuple[str, ...]
    assumptions: tuple[str, ...]
    notes: dict[str, str]
    cost: Cost
    counterexample: CounterexampleRecord | None


class Counts(Record, frozen=True):
    """How many graphs were checked and how many obligations got which answer; `unmet` is what keeps a run from 0."""

    graphs: Count
    proved: Count
    tested: Count
    refuted: Count
    unknown: Count
    unmet: Count


class Distributions(Record, frozen=True):
    """The generated graphs, counted.

    `nodes`, `depth`, `fan_out`: graphs by number of nodes, longest path, and most uses of one value as a parent.
    `rank`, `values`, `zero_size`: leaves and nodes by rank, all of them, and those without entries.
    `features`: graphs that show each at least once.
    """

    graphs: Count
    nodes: dict[int, Count]
    depth: dict[int, Count]
    fan_out: dict[int, Count]
    rank: dict[int, Count]
    values: Count
    zero_size: Count
    features: dict[str, Count]


class Since(Record, frozen=True):
    """A revision that a run was asked to compare with: its name and commit, the files that differ from it, by their paths in the
    repository, and those of them that a verdict may depend on.
    """

    revision: str
    commit: str
    changed: tuple[str, ...]
    matter: tuple[str, ...]


class RunCost(Record, frozen=True):
    """What the run as a whole took, and how many obligations the ledger spared it. Units: seconds of wall clock; processes.

    `phases`: what was spent on generating and reading graphs, on deciding, and on making this report; empty where that is not told.
    `decided`: the ops, graphs and other subjects of which this run decided something itself.
    `done_again`: how many obligations were decided again because a worker process died.
    """

    seconds: float
    jobs: Count
    from_ledger: Count
    phases: dict[str, float] = {}
    decided: tuple[str, ...] = ()
    since: Since | None = None
    done_again: Count = 0


class Asked(Record, frozen=True):
    """What the run was asked for, so that it can be asked again; null where nothing was said.

    `files`: SHA-256 of the case in each graph file, by its path. `rules_sha256`: of the rules file.
    """

    files: dict[str, str]
    graphs: Count | None
    ops: tuple[str, ...] | None
    convention: str
    rules_sha256: str | None


class Meaning(Record, frozen=True):
    """What an op is, by its definition: the formula in its own words, and as MathML where letters decide it, else "".

    `at` says which attributes it is written at. `declared` has the weight of the branch above by kink, or what else is
    declared there.
    """

    op: str
    formula: str
    mathml: str
    at: str
    domain: str
    kinks: str
    declared: dict[str, str]


class NodeShape(Record, frozen=True):
    """One node of a graph: its op, the values that it reads by their places, leaves first, and its shape."""

    op: str
    parents: tuple[Count, ...]
    shape: Shape


class GraphShape(Record, frozen=True):
    """One graph that was checked, by the name that ids have: its structure, left empty where it has too many values."""

    name: str
    values: Count
    leaves: tuple[Shape, ...]
    nodes: tuple[NodeShape, ...]


class Questions(Record, frozen=True):
    """Questions to a solver in SMT-LIB, by the row's id: lemmas and what is not met first, as far as there is room.

    `left_out` more rows have some, which `backproof recheck --export` writes.
    """

    texts: dict[str, str]
    left_out: Count


class Report(Record, frozen=True):
    """What one `backproof check` decided, obligations in a fixed order; `draws` counts generated nodes by op."""

    format: Format
    version: str
    status: int
    interrupted: bool
    seed: Count
    rules: str | None
    asked: Asked
    counts: Counts
    draws: dict[str, Count]
    distributions: Distributions
    meanings: tuple[Meaning, ...]
    graphs: tuple[GraphShape, ...]
    questions: Questions
    rows: tuple[Row, ...]
    cost: RunCost


def encode(record: Record) -> bytes:
    """A record as one JSON document that a person can read too."""
    return msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n"


def schema() -> bytes:
    """The JSON schema of reports, as the package ships it."""
    return schema_of(Report, FORMAT)
