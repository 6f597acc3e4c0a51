"""What a set of cases is made of, counted, so that a reader can judge what was and was not tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ...ir.exchange import Case
from ...ir.graph import Graph, resolve
from .values import run


@dataclass(frozen=True, slots=True)
class Distribution:
    """Counts over cases; the keys of each table are in ascending order.

    `nodes`, `depth`, `fan_out`: graphs by number of nodes, longest path, and most uses of one value as a parent.
    `rank`, `values`, `zero_size`: leaves and nodes by rank, all of them, and those without entries.
    `draws`: nodes by op. `features`: graphs that show each of `FEATURES` at least once.
    """

    graphs: int
    nodes: Mapping[int, int]
    depth: Mapping[int, int]
    fan_out: Mapping[int, int]
    rank: Mapping[int, int]
    values: int
    zero_size: int
    draws: Mapping[str, int]
    features: Mapping[str, int]


def distribution(cases: Sequence[Case]) -> Distribution:
    """The counts of these cases."""
    graphs = [case.graph for case in cases]
    shapes = [graph.shape(value_id) for graph in graphs for value_id in range(len(graph))]
    return Distribution(
        graphs=len(graphs),
        nodes=_counted(len(graph.nodes) for graph in graphs),
        depth=_counted(map(_depth, graphs)),
        fan_out=_counted(max(_uses(graph).values(), default=0) for graph in graphs),
        rank=_counted(map(len, shapes)),
        values=len(shapes),
        zero_size=sum(0 in shape for shape in shapes),
        draws=dict(sorted(Counter(node.op for graph in graphs for node in graph.nodes).items())),
        features={name: sum(map(shows, cases)) for name, shows in FEATURES.items()},
    )


def _counted(numbers: Iterable[int]) -> dict[int, int]:
    return dict(sorted(Counter(numbers).items()))


def _depth(graph: Graph) -> int:
    depths = [0] * len(graph.leaves)
    for node in graph.nodes:
        depths.append(1 + max((depths[parent] for parent in node.parents), default=0))
    return max(depths, default=0)


def _uses(graph: Graph) -> Counter[int]:
    return Counter(parent for node in graph.nodes for parent in node.parents)


def _seeded(case: Case) -> list[int]:
    """The ids of values with a seed that is not 0 everywhere."""
    return [value_id for value_id, seed in enumerate(case.seeds) if seed.any()]


def _same_parent_twice(case: Case) -> bool:
    return any(len(set(node.parents)) < len(node.parents) for node in case.graph.nodes)


def _fans_out(case: Case) -> bool:
    """Some value is used by at least three nodes."""
    users = Counter(parent for node in case.graph.nodes for parent in set(node.parents))
    return max(users.values(), default=0) >= 3


def _diamond(case: Case) -> bool:
    """Some node has two parents, neither above the other, that both descend from one value."""
    above: list[set[int]] = [set() for _ in case.graph.leaves]
    for node in case.graph.nodes:
        parents = set(node.parents)
        for first in parents:
            for second in parents - {first} - above[first]:
                if first not in above[second] and above[first] & above[second]:
                    return True
        above.append(parents.union(*(above[parent] for parent in parents)))
    return False


def _dead_node(case: Case) -> bool:
    """Some node neither is seeded nor leads to a seeded value."""
    alive = set(_seeded(case))
    first = len(case.graph.leaves)
    for position in reversed(range(len(case.graph.nodes))):
        if first + position in alive:
            alive.update(case.graph.nodes[position].parents)
    return any(first + position not in alive for position in range(len(case.graph.nodes)))


def _frozen_leaf(case: Case) -> bool:
    return any(not leaf.requires_grad for leaf in case.graph.leaves)


def _several_seeded(case: Case) -> bool:
    return sum(value_id >= len(case.graph.leaves) for value_id in _seeded(case)) >= 2


def _seeded_leaf(case: Case) -> bool:
    return any(value_id < len(case.graph.leaves) for value_id in _seeded(case))


def _all_seeded(case: Case) -> bool:
    """Every value that has entries is seeded."""
    return len(_seeded(case)) == sum(seed.size > 0 for seed in case.seeds)


def _index_lists(case: Case) -> list[tuple[tuple[int, ...], int]]:
    """The indices that each node reads at, and the number of places that it may choose from."""
    found = []
    for node in case.graph.nodes:
        attributes: Mapping[str, Any] = resolve(node.attributes, case.environment)
        shapes = [case.graph.shape(parent) for parent in node.parents[:1] if case.graph.shape(parent)]
        for value in (attributes[name] for name in ("index", "indices") if name in attributes):
            indices = value if isinstance(value, tuple) else (value,)
            found += [(indices, shape[attributes.get("axis", 0)]) for shape in shapes]
    return found


def _index_twice(case: Case) -> bool:
    return any(len(set(indices)) < len(indices) for indices, _rows in _index_lists(case))


def _index_beyond(case: Case) -> bool:
    return any(max(indices, default=-1) >= rows for indices, rows in _index_lists(case))


def _on_kink(case: Case) -> bool:
    """Some node has an entry exactly at a kink of its op: a tie, a zero, a bound."""
    return any(value is not None and value.on_kink for value in run(case))


FEATURES: Mapping[str, Callable[[Case], bool]] = MappingProxyType(
    {
        "same parent twice": _same_parent_twice,
        "used by three nodes": _fans_out,
        "diamond": _diamond,
        "dead node": _dead_node,
        "frozen leaf": _frozen_leaf,
        "several seeded outputs": _several_seeded,
        "seeded leaf": _seeded_leaf,
        "every value seeded": _all_seeded,
        "index read twice": _index_twice,
        "index out of range": _index_beyond,
        "entry on a kink": _on_kink,
    }
)
