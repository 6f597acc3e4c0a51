"""The families of obligations."""

from __future__ import annotations

from enum import StrEnum


class Family(StrEnum):
    """Why a claim can fail: the reverse loop, a rule, their composition at a graph's values, or floating point."""

    ENGINE = "engine"
    RULE = "rule"
    GRAPH = "graph"
    FLOAT = "float"
