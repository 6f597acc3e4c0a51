"""The only maker of `Proof`.

A proof comes into being in one place, when a decider of the kernel's own has just answered `Holds` for a claim of the
kernel's own. There is no function that turns words into a proof: the table of deciders and the set of genuine proofs
live in a closure. Safe against ordinary Python, not against ctypes, gc or rewriting closures; TRUST.md says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn, Self
from weakref import ref

from .decision import Decision, Fails, Holds, Open


class Proof:
    """An opaque token: this statement was proved, by this method, resting on these things, under these assumptions."""

    __slots__ = ("__weakref__", "_assumptions", "_method", "_queries", "_rests_on", "_statement")
    _statement: str
    _method: str
    _rests_on: tuple[str, ...]
    _assumptions: tuple[str, ...]
    _queries: tuple[str, ...]

    def __new__(cls, *_arguments: object) -> Self:
        """Refused."""
        raise TypeError("a Proof is made by the kernel alone")

    def __init_subclass__(cls) -> None:
        raise TypeError("Proof has no subclasses")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a Proof does not change")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("a Proof does not change")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Proof does not travel; carry its record and readmit it")

    @property
    def statement(self) -> str:
        """What was proved, in words."""
        return self._statement

    @property
    def method(self) -> str:
        """How."""
        return self._method

    @property
    def rests_on(self) -> tuple[str, ...]:
        """Solvers, translations and facts that the argument trusts."""
        return self._rests_on

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Conditions under which the statement is claimed."""
        return self._assumptions

    @property
    def queries(self) -> tuple[str, ...]:
        """The SMT-LIB texts that a solver found unsatisfiable."""
        return self._queries

    def __repr__(self) -> str:
        return f"Proof({self._statement!r} by {self._method})"


class Source(StrEnum):
    """What carried a record here."""

    WORKER = "worker"
    LEDGER = "ledger"


class Kernel(NamedTuple):
    """What `seal` gives out: decide a claim, tell a genuine proof, readmit a record."""

    decide: Callable[[Any], Proof | Fails | Open]
    is_genuine: Callable[[object], bool]
    readmit: Callable[[str, Holds, Source], Proof]


def seal(deciders: Mapping[type, Callable[[Any], Decision]]) -> Kernel:
    """Close the kernel over its deciders, one per claim type."""
    table = MappingProxyType(dict(deciders))
    # By identity, so that no __eq__ is asked; with what each one says, so that one that was changed is none.
    genuine: dict[int, tuple[ref[Proof], tuple[object, ...]]] = {}

    def mint(statement: str, holds: Holds) -> Proof:
        proof: Proof = object.__new__(Proof)
        for name, value in (
            ("_statement", statement),
            ("_method", holds.method),
            ("_rests_on", holds.rests_on),
            ("_assumptions", holds.assumptions),
            ("_queries", holds.queries),
        ):
            object.__setattr__(proof, name, value)
        place = id(proof)
        genuine[place] = (ref(proof, lambda _dead: genuine.pop(place, None)), _said(proof))
        return proof

    def decide(claim: Any) -> Proof | Fails | Open:
        """Decide a claim of the kernel's own types.

        Raises: TypeError for anything else, subclasses of the kernel's claims included.
        """
        decider = table.get(type(claim))
        if decider is None:
            raise TypeError(f"the kernel decides {sorted(kind.__name__ for kind in table)}, not {type(claim).__name__}")
        decision = decider(claim)
        return mint(claim.statement, decision) if type(decision) is Holds else decision  # type: ignore[return-value]

    def is_genuine(proof: object) -> bool:
        """Whether this very object was made by this kernel, and says what it said then."""
        made, said = genuine.get(id(proof), (None, ()))
        return type(proof) is Proof and made is not None and made() is proof and _said(proof) == said

    def readmit(statement: str, record: Holds, source: Source) -> Proof:
        """A proof from a record that a worker or the ledger carried; it then rests on that source by name."""
        grounds = (*record.rests_on, str(Source(source)))
        return mint(statement, Holds(record.method, grounds, record.assumptions, record.queries))

    return Kernel(decide, is_genuine, readmit)


def _said(proof: Proof) -> tuple[object, ...]:
    return proof.statement, proof.method, proof.rests_on, proof.assumptions, proof.queries
