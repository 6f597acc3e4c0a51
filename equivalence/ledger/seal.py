"""What tells a damaged row of the ledger."""

from __future__ import annotations

from hashlib import sha256


def seal_of(key: str, body: bytes) -> str:
    """A digest of a row's body under its key: one that was damaged, or belongs to another key, has another."""
    return sha256(key.encode() + b"\0" + body).hexdigest()
