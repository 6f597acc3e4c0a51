"""What a session hands out: names of values and naturals, good until its next reset, and parameters."""

from __future__ import annotations

from dataclasses import dataclass

from ..ir.graph import Shape
from .primitive import Array, RuntimeFault


class SessionError(RuntimeFault):
    """A verb of a session that cannot be carried out; `code` says why, and nothing was changed."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Owner:
    """The identity of a session: handles hold this and not the session, so that they keep no tape alive."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Handle:
    """A name given out by one session between two resets, which is one generation."""

    owner: Owner
    generation: int


@dataclass(frozen=True, slots=True)
class Value(Handle):
    """A leaf or node of the recorded program."""

    id: int
    shape: Shape

    def __str__(self) -> str:
        return f"value {self.id} of shape {self.shape}"


@dataclass(frozen=True, slots=True)
class Natural(Handle):
    """One natural of the environment."""

    position: int

    def __str__(self) -> str:
        return f"natural {self.position}"


@dataclass(frozen=True, slots=True)
class Naturals(Handle):
    """`count` naturals of the environment, the first at position `start`."""

    start: int
    count: int

    def __str__(self) -> str:
        return f"naturals {self.start} to {self.start + self.count}"


@dataclass(slots=True, eq=False)
class Parameter:
    """A cell that outlives resets: `use` reads it, `sgd_step_all` writes it, its owner may assign to it.

    A frozen one (`requires_grad` false) receives no cotangent and no update.
    """

    value: Array
    name: str
    requires_grad: bool
